import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  dateOfDay,
  dayNumber,
  durationMs,
  filetimeText,
  filetimeUs,
  isoBytesUs,
  isoFromUs,
  isoTime,
  isoTimeUs,
  parseTimeUs,
  readIsoTime,
} from '../../src/model/values/time.ts';

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
    ['audit(1557576000.250:77)', NOON + 250000],
    ['audit(1557576000.250:77):', NOON + 250000],
    ['1557576000.250:77', NOON + 250000],
    ['audit(1557576000.250)', Number.NaN],
    ['1557576000:77', Number.NaN],
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

/** The forms that logs, flags and rules write: each parser of old took some of them. `Date` is the oracle. */
describe('every form of ISO time', () => {
  const two = (most: number) => fc.integer({ min: 0, max: most }).map((n) => String(n).padStart(2, '0'));
  const date = fc
    .date({ min: new Date('0100-01-01T00:00:00Z'), max: new Date('9999-12-30T00:00:00Z'), noInvalidDate: true })
    .map((one) => one.toISOString().slice(0, 10));
  const fraction = fc.oneof(
    fc.constant(''),
    fc.tuple(fc.constantFrom('.', ','), fc.stringMatching(/^\d{1,9}$/)).map((one) => one.join('')),
  );
  const zone = fc.oneof(
    fc.constantFrom('', 'Z', 'z', ' UTC', ' Z', ' '),
    fc.tuple(fc.constantFrom('+', '-'), two(14), fc.constantFrom(':', ''), two(59)).map((one) => one.join('')),
  );

  test('is read as the runtime reads its plain form', () => {
    fc.assert(
      fc.property(date, fc.constantFrom('T', 't', ' '), two(23), two(59), fc.option(two(59)), fraction, zone, (...parts) => {
        const [day, separator, hour, minute, second, digits, end] = parts;
        const text = `${day}${separator}${hour}:${minute}${second === null ? '' : `:${second}${digits}`}${end}`;
        const offset = /^([+-]\d\d):?(\d\d)$/.exec(end);
        const plain = `${day}T${hour}:${minute}:${second ?? '00'}${offset === null ? 'Z' : `${offset[1]}:${offset[2]}`}`;
        const us = second === null ? 0 : Number(`${digits.slice(1)}000000`.slice(0, 6));
        expect(parseTimeUs(text)).toBe(Date.parse(plain) * 1000 + us);
        expect(isoTimeUs(text)).toBe(parseTimeUs(text));
        expect(readIsoTime(text)).toMatchObject({ hour: Number(hour), minute: Number(minute) });
      }),
    );
  });

  test.each(['2019-02-29', '2019-05-11T25:00', '2019-05-11T24:01', '2019-05-11T12:60', '2019-05-11T12:00:61', '2019-5-11'])(
    '%s is none',
    (text) => {
      expect(readIsoTime(text)).toBeNull();
    },
  );

  test('a day ends at 24:00, a leap second is the next one', () => {
    expect(isoTimeUs('2019-05-11T24:00:00Z')).toBe(isoTimeUs('2019-05-12'));
    expect(isoTimeUs('2016-12-31T23:59:60Z')).toBe(isoTimeUs('2017-01-01'));
  });
});

describe('what is written', () => {
  const ticks = fc.bigInt({ min: 1n, max: 4_000_000_000_000_000_000n });
  const halves = (value: bigint): [number, number] => [Number(value & 0xffffffffn), Number(value >> 32n)];

  test('is read as the same time', () => {
    fc.assert(
      fc.property(fc.integer({ min: -5.8e13, max: 9e15 }), (us) => {
        expect(parseTimeUs(isoFromUs(us))).toBe(us);
        expect(isoTime(isoFromUs(us, 7), us)).toBe(isoFromUs(us, 7));
      }),
    );
    fc.assert(
      fc.property(ticks, (value) => {
        const [low, high] = halves(value);
        const text = filetimeText(low, high);
        // All seven digits: the text is the FILETIME.
        const written = readIsoTime(text)!;
        const seconds = dayNumber(written.year, written.month, written.day) * 86_400;
        const ofDay = (written.hour! * 60 + written.minute!) * 60 + written.second;
        expect((BigInt(seconds) + BigInt(ofDay) + 11_644_473_600n) * 10_000_000n + BigInt(written.fraction)).toBe(value);
        if (written.year > 9999) expect(filetimeUs(low, high)).toBeNaN();
        else {
          expect(filetimeUs(low, high)).toBe(isoTimeUs(text));
          expect(isoTime(text, filetimeUs(low, high))).toBe(text);
        }
      }),
    );
  });

  test('days and dates are each other turned round', () => {
    fc.assert(
      fc.property(fc.integer({ min: -600_000, max: 20_000_000 }), (day) => {
        const date = dateOfDay(day);
        expect(dayNumber(date >> 9, (date >> 5) & 15, date & 31)).toBe(day);
      }),
    );
  });

  test('keeps the seventh digit, whatever form the log writes', () => {
    const shown = (text: string): string => isoTime(text, parseTimeUs(text));
    expect(shown('2024-03-05T09:06:22.4410919Z')).toBe('2024-03-05T09:06:22.4410919Z');
    expect(shown('2024-03-05 11:06:22,4410919+02:00')).toBe('2024-03-05T09:06:22.4410919Z');
    expect(shown('133541031824410919')).toBe('2024-03-05T09:06:22.4410919Z');
    expect(shown('2024-03-05T09:06:22.4Z')).toBe('2024-03-05T09:06:22.4000000Z');
    // Local time of a reader that knows the zone.
    expect(isoTime('2024-03-05T11:06:22.4410919', parseTimeUs('2024-03-05T09:06:22.441091'))).toBe(
      '2024-03-05T09:06:22.4410919Z',
    );
    expect(isoTime('2024-03-05T11:06:22.4410919', 0)).toBe('1970-01-01T00:00:00.0000000Z');
  });

  test('a FILETIME near the bounds of the short way to microseconds is the time of its text', () => {
    for (const high of [27_111_901, 27_111_902, 27_111_903, 27_111_902 + 2 ** 24 - 1, 27_111_902 + 2 ** 24]) {
      for (const low of [0, 9, 10, 374_031_442, 0xffff_ffff]) {
        expect(filetimeUs(low, high)).toBe(isoTimeUs(filetimeText(low, high)));
      }
    }
  });

  test('a FILETIME of 0 is no time; one beyond the year 9999 is written as Windows does', () => {
    expect(filetimeUs(0, 0)).toBeNaN();
    expect(filetimeText(0, 0)).toBe('1601-01-01T00:00:00.0000000Z');
    expect(filetimeText(0xffffffff, 0x7fffffff)).toBe('30828-09-14T02:48:05.4775807Z');
    expect(isoFromUs(Number.NaN)).toBe('');
    expect(isoFromUs(1e20)).toBe('');
  });
});

describe('lengths of time', () => {
  test.each([
    ['9m', 540_000],
    ['1h', 3_600_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['1M', 2_629_746_000],
    ['1y', 31_556_952_000],
    ['0s', 0],
    ['1.5h', null],
    ['m', null],
    ['5 m', null],
    ['1H', null],
    ['1234567890s', null],
  ])('%s', (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });
});
