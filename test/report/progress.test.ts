import { describe, expect, it } from 'vitest';
import { ProgressLine, progressText } from '../../src/report/progress.ts';

const progress = { bytesDone: 500_000_000, bytesTotal: 2_000_000_000, events: 1_234_567, matches: 1 };

describe('progressText', () => {
  it('tells share, bytes, speed, events, matches and what is left', () => {
    expect(progressText(progress, 2000)).toBe(' 25%  500 MB of 2.0 GB  250 MB/s  1,234,567 events  1 match  6.0 s left');
  });
  it('does without a share when the size is not known', () => {
    expect(progressText({ ...progress, bytesTotal: 0 }, 2000)).toBe('500 MB  250 MB/s  1,234,567 events  1 match');
  });
});

describe('ProgressLine', () => {
  const drawn = (times: readonly number[]) => {
    const texts: string[] = [];
    let now = 0;
    const line = new ProgressLine(
      (text) => texts.push(text),
      () => 40,
      () => now,
    );
    for (const time of times) {
      now = time;
      line.update(progress);
    }
    line.clear();
    return texts;
  };
  it('is silent in the first second', () => {
    expect(drawn([10, 500, 999])).toEqual([]);
  });
  it('is drawn ten times a second at most, cut to the terminal, and cleared at the end', () => {
    expect(drawn([1000, 1050, 1100])).toEqual([
      '\r\u001b[K 25%  500 MB of 2.0 GB  500 MB/s  1,23\u2026',
      '\r\u001b[K 25%  500 MB of 2.0 GB  455 MB/s  1,23\u2026',
      '\r\u001b[K',
    ]);
  });
});
