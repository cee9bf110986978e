import { describe, expect, it } from 'vitest';
import {
  byteText,
  counted,
  durationText,
  grouped,
  isoToUs,
  rangeText,
  relativeTime,
  secondsText,
  shortChannel,
  timeText,
} from '../../src/report/wording.ts';

describe('numbers', () => {
  it('are grouped by thousands in every locale', () => {
    expect([0, 999, 1000, 1234567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
  });
  it('come with the right noun', () => {
    expect([counted(1, 'match'), counted(2, 'match'), counted(0, 'record'), counted(1500, 'alert')]).toEqual([
      '1 match',
      '2 matches',
      '0 records',
      '1,500 alerts',
    ]);
  });
  it('of bytes are in decimal units', () => {
    expect([0, 999, 1000, 34_567, 999_600, 1_234_567_890].map(byteText)).toEqual([
      '0 B',
      '999 B',
      '1.0 kB',
      '35 kB',
      '1.0 MB',
      '1.2 GB',
    ]);
  });
});

describe('times', () => {
  it('of any length are short', () => {
    const us = [0, 500, 62_000, 999_600, 16_400_000, 59_960_000, 125_000_000, 3_600_000_000, 200_000 * 1e6];
    expect(us.map(durationText)).toEqual(['0 s', '<1 ms', '62 ms', '1.0 s', '16.4 s', '1 min', '2 min 5 s', '1 h', '2 d 7 h']);
  });
  it('keep microseconds when parsed', () => {
    expect([
      isoToUs('1970-01-01T00:00:01.2345678Z'),
      isoToUs('1970-01-01T00:00:01Z'),
      isoToUs(null),
      isoToUs('yesterday'),
    ]).toEqual([1_234_567, 1_000_000, Number.NaN, Number.NaN]);
  });
  it('are told from a reference', () => {
    expect([relativeTime(0, 16_400_000), relativeTime(5_000_000, 0), relativeTime(3, 3), relativeTime(Number.NaN, 0)]).toEqual([
      '-16.4 s',
      '+5.0 s',
      'same time',
      'time unknown',
    ]);
  });
  it('keep all digits, or none', () => {
    expect([timeText('2019-05-11T17:58:23.3400000Z'), secondsText('2019-05-11T17:58:23.3400000Z'), timeText(null)]).toEqual([
      '2019-05-11 17:58:23.3400000',
      '2019-05-11 17:58:23',
      'time unknown',
    ]);
  });
  it('of one day name it once', () => {
    const from = '2019-05-11T17:58:23.3400000Z';
    expect([
      rangeText(from, '2019-05-11T18:00:00.0000000Z'),
      rangeText(from, '2019-05-12T18:00:00.0000000Z', secondsText),
      rangeText(from, from, secondsText),
    ]).toEqual([
      '2019-05-11 17:58:23.3400000 to 18:00:00.0000000',
      '2019-05-11 17:58:23 to 2019-05-12 18:00:00',
      '2019-05-11 17:58:23',
    ]);
  });
});

describe('shortChannel', () => {
  it('is the name that analysts use', () => {
    expect(
      ['Microsoft-Windows-Sysmon/Operational', 'Security', 'Microsoft-Windows-WMI-Activity/Operational', ''].map(shortChannel),
    ).toEqual(['Sysmon', 'Security', 'WMI-Activity', '(no channel)']);
  });
});
