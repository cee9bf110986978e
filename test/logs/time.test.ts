import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isoBytesUs, parseTimeUs } from '../../src/logs/time.ts';
import { isoFromUs } from '../../src/model/event.ts';

const NOON = Date.UTC(2019, 4, 11, 12) * 1000;

describe('time text', () => {
  test.each([
    ['2019-05-11T12:00:00Z', NOON],
    ['2019-05-11T12:00:00.123456789Z', NOON + 123456],
    ['2019-05-11 12:00:00.1', NOON + 100000],
    ['2019-05-11T12:00', NOON],
    ['2019-05-11', NOON - 12 * 3600e6],
    ['2019-05-11T14:00:00+02:00', NOON],
    ['2019-05-11T06:30:00-0530', NOON],
    [' 2019-05-11T12:00:00 UTC ', NOON],
    ['/Date(1557576000000)/', NOON],
    ['/Date(1557576000000+0200)/', NOON],
    ['1557576000', NOON],
    ['1557576000.25', NOON + 250000],
    ['1557576000000', NOON],
    ['1557576000000000', NOON],
    ['132020496000000000', NOON],
    ['-1', -1e6],
  ])('%s', (text, expected) => {
    expect(parseTimeUs(text)).toBe(expected);
  });

  test.each([
    '',
    'now',
    '2019-13-01T00:00:00Z',
    '2019-02-29',
    '2019-06-31',
    '0001-01-01T00:00:00Z',
    '11/05/2019 12:00:00',
    '12:00',
  ])('%s is no time', (text) => {
    expect(parseTimeUs(text)).toBeNaN();
  });

  test('the fast way over bytes says the same or nothing', () => {
    const piece = fc.constantFrom(
      '2019-05-11',
      '2020-02-29',
      '2019-02-29',
      '9999-12-31',
      'T',
      ' ',
      '23:59:59',
      '24:00:00',
      '12:60:00',
      '.',
      '1',
      '1234567',
      '123456789',
      'Z',
      '+02:00',
      '-',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 7 }), (pieces) => {
        const bytes = Buffer.from(pieces.join(''));
        const fast = isoBytesUs(bytes, 0, bytes.length);
        if (!Number.isNaN(fast)) expect(fast).toBe(parseTimeUs(bytes.toString()));
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(fc.integer({ min: -6e13, max: 2e14 }), (us) => {
        const text = isoFromUs(us);
        expect(isoBytesUs(Buffer.from(text), 0, text.length)).toBe(us);
        expect(parseTimeUs(text)).toBe(us);
      }),
    );
  });
});
