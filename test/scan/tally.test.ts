/** What is kept of millions of names and cleared logs, and that nothing is counted less for it. */
import { describe, expect, test } from 'vitest';
import { plainEvent } from '../../src/logs/plain-event.ts';
import { addCounts, cutTally, OTHERS, type Tally, TallyCounter } from '../../src/scan/account/tally.ts';

function tallyOf(computers: number, cleared: number): Tally {
  const counter = new TallyCounter();
  for (let i = 0; i < computers; i++)
    counter.count(plainEvent({ Computer: `PC${i}`, Channel: 'System', EventID: 1 }), Number.NaN, 'a');
  const event = plainEvent({ Computer: 'PC0', Channel: 'Security', EventID: 1102 });
  for (let i = 0; i < cleared; i++) counter.count(event, Number.NaN, 'a');
  return counter.result();
}

const timed = (time: string) => plainEvent({ TimeCreated_SystemTime: time, Channel: 'System', EventID: 1 });

const sum = (counts: Tally['computers']): number => counts.reduce((total, [, events]) => total + events, 0);

describe('the tally of a range', () => {
  test('keeps all of it where there are few ranges, and less the more there are, down to a floor', () => {
    const tally = tallyOf(2000, 50);
    expect(cutTally(tally, 1)).toBe(tally);
    for (const [ranges, names, cleared] of [
      [250, 2000, 50],
      [400, 1250, 50],
      [1000, 1000, 20],
      [1e6, 1000, 20],
    ] as const) {
      const cut = cutTally(tally, ranges);
      expect([ranges, cut.computers.filter(([name]) => name !== OTHERS).length, cut.logCleared.length]).toEqual([
        ranges,
        names,
        cleared,
      ]);
      expect([sum(cut.computers), cut.logCleared.length + cut.moreCleared]).toEqual([2050, 50]);
      expect(cut.channels).toEqual(tally.channels);
    }
  });

  test('has the first and the last time in all seven digits, also of events within one microsecond', () => {
    const counter = new TallyCounter();
    for (const digits of ['4410915', '4410919', '4410911', '3000000'])
      counter.count(timed(`2024-03-05T09:06:22.${digits}Z`), 1_709_629_582_000_000 + Math.floor(Number(digits) / 10), 'a');
    counter.count(timed('-'), Number.NaN, 'a');
    expect(counter.result().times).toEqual({
      from: { timeUs: 1_709_629_582_300_000, hundredNs: 0 },
      to: { timeUs: 1_709_629_582_441_091, hundredNs: 9 },
    });
    expect(new TallyCounter().result().times).toBe(null);
  });

  test('is added to others: names beyond the limit are counted together', () => {
    const parts = [tallyOf(4, 0).computers, tallyOf(8, 0).computers];
    expect(addCounts(parts, 5)).toEqual([
      ['(others)', 3],
      ['PC0', 2],
      ['PC1', 2],
      ['PC2', 2],
      ['PC3', 2],
      ['PC4', 1],
    ]);
  });
});
