/** Sliding windows against a recount that knows nothing of sliding: every window is cut out of the whole stream and judged. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { correlate } from '../../src/findings/correlate/correlate.ts';
import { RankedNumbers } from '../../src/findings/correlate/ranked-numbers.ts';
import { MatchStore } from '../../src/findings/store/match-store.ts';
import { matchStream } from '../../src/findings/store/match-stream.ts';
import type { Match } from '../../src/model/match.ts';
import type { CompareOperator, CorrelationType } from '../../src/model/rule.ts';
import { tries } from '../support/random.ts';
import { match, ruleSet, TEN_OCLOCK_US } from './support.ts';

interface Item {
  readonly rule: number;
  readonly seconds: number;
  readonly file: number;
  readonly user: string;
  readonly amount: string;
}

const SPAN = 10;
const RULES = ['a', 'b', 'c'];

const item: fc.Arbitrary<Item> = fc.record({
  rule: fc.integer({ min: 0, max: RULES.length - 1 }),
  // Coarse and narrow: equal times and exact distances of one timespan are common.
  seconds: fc.integer({ min: 0, max: 60 }).map((half) => half / 2),
  file: fc.integer({ min: 0, max: 2 }),
  user: fc.constantFrom('a', 'A', 'b', ''),
  amount: fc.constantFrom('1', '2', '2.5', '-3', '10', '0.1', 'none', '-'),
});

interface Found {
  readonly group: string;
  readonly from: number;
  readonly to: number;
  readonly value: number;
  readonly records: readonly number[];
}

/** Complete windows: not longer than the span, and nothing can be added. */
function completeWindows(times: readonly number[]): { start: number; end: number }[] {
  const windows: { start: number; end: number }[] = [];
  for (let start = 0; start < times.length; start++) {
    for (let end = start; end < times.length; end++) {
      const fits = times[end]! - times[start]! <= SPAN;
      const growsLeft = start > 0 && times[end]! - times[start - 1]! <= SPAN;
      const growsRight = end + 1 < times.length && times[end + 1]! - times[start]! <= SPAN;
      if (fits && !growsLeft && !growsRight) windows.push({ start, end });
    }
  }
  return windows;
}

function longestChain(places: readonly number[]): number {
  // Longest strictly increasing subsequence, the slow way.
  const best = places.map(() => 1);
  places.forEach((place, i) => {
    for (let j = 0; j < i; j++) if (places[j]! < place) best[i] = Math.max(best[i]!, best[j]! + 1);
  });
  return Math.max(...best);
}

function comparedValue(type: CorrelationType, items: readonly Item[]): number {
  const numbers = items.map(({ amount }) => Number(amount)).sort((x, y) => x - y);
  const rank = (fraction: number): number => {
    const at = fraction * (numbers.length - 1);
    const low = numbers[Math.floor(at)]!;
    return low + (numbers[Math.ceil(at)]! - low) * (at - Math.floor(at));
  };
  const sum = numbers.reduce((x, y) => x + y, 0);
  switch (type) {
    case 'event_count':
      return items.length;
    case 'value_count':
      return new Set(items.map(({ amount }) => amount)).size;
    case 'value_sum':
      return sum;
    case 'value_avg':
      return sum / numbers.length;
    case 'value_percentile':
      return rank(0.9);
    case 'value_median':
      return rank(0.5);
    case 'temporal':
      return new Set(items.map(({ rule }) => rule)).size;
    case 'temporal_ordered':
      return longestChain(items.map(({ rule }) => rule));
  }
}

const compare: Record<CompareOperator, (value: number, bound: number) => boolean> = {
  lt: (value, bound) => value < bound,
  lte: (value, bound) => value <= bound,
  gt: (value, bound) => value > bound,
  gte: (value, bound) => value >= bound,
  eq: (value, bound) => value === bound,
  neq: (value, bound) => value !== bound,
};

function recount(
  type: CorrelationType,
  items: readonly Item[],
  operator: CompareOperator,
  bound: number,
  order: readonly number[],
): Found[] {
  const numeric = ['value_sum', 'value_avg', 'value_percentile', 'value_median'].includes(type);
  const found: Found[] = [];
  for (const user of ['a', 'b', '']) {
    const group = order.filter((i) => items[i]!.user.toLowerCase() === user && (!numeric || /\d/.test(items[i]!.amount)));
    const times = group.map((i) => items[i]!.seconds);
    let run: { start: number; end: number; value: number } | null = null;
    const close = (): void => {
      if (run === null) return;
      found.push({
        group: user,
        from: times[run.start]!,
        to: times[run.end]!,
        value: run.value,
        records: group.slice(run.start, run.end + 1),
      });
    };
    for (const { start, end } of completeWindows(times)) {
      const value = round(
        comparedValue(
          type,
          group.slice(start, end + 1).map((i) => items[i]!),
        ),
      );
      if (!compare[operator](value, bound)) continue;
      if (run !== null && start <= run.end) {
        const best = operator === 'lt' || operator === 'lte' ? Math.min : Math.max;
        run = { start: run.start, end, value: best(run.value, value) };
      } else {
        close();
        run = { start, end, value };
      }
    }
    close();
  }
  return found;
}

/** Floating-point dust of the recount; the engine sums exactly. */
function round(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

const TYPES: readonly CorrelationType[] = [
  'event_count',
  'value_count',
  'value_sum',
  'value_avg',
  'value_percentile',
  'value_median',
  'temporal',
  'temporal_ordered',
];

describe('sliding windows agree with a recount of the whole stream', () => {
  test.each(TYPES)('%s', (type) => {
    const parameters = fc.record({
      items: fc.array(item, { maxLength: 40 }),
      operator: fc.constantFrom<CompareOperator>('lt', 'lte', 'gt', 'gte', 'eq', 'neq'),
      bound: fc.constantFrom(0, 1, 2, 2.5, 3, 4, 10),
    });
    fc.assert(
      fc.property(parameters, ({ items, operator, bound }) => {
        const matches: Match[] = items.map(({ rule, seconds, file, user, amount }, index) =>
          match(rule, seconds, { file: `${file}.evtx`, index, data: { User: user, Amount: amount } }),
        );
        const rules = ruleSet(RULES, [
          {
            type,
            rules: RULES,
            groupBy: ['User'],
            seconds: SPAN,
            condition: { bounds: [{ operator, value: bound }], fields: ['Amount'], percentile: 90 },
          },
        ]);
        const { correlations, positions, diagnostics } = correlate(matchStream(matches), rules);
        if (items.length % 8 === 0) {
          const store = new MatchStore();
          for (const each of matches) store.append(each);
          expect(correlate(store, rules)).toEqual({ correlations, positions, diagnostics });
        }
        const files = [...new Set(items.map(({ file }) => file))];
        const order = items
          .map((_, i) => i)
          .sort(
            (x, y) =>
              items[x]!.seconds - items[y]!.seconds || files.indexOf(items[x]!.file) - files.indexOf(items[y]!.file) || x - y,
          );
        const seen = correlations.map(
          (correlation, i): Found => ({
            group: correlation.group.User!.toLowerCase(),
            from: (correlation.fromUs - TEN_OCLOCK_US) / 1e6,
            to: (correlation.toUs - TEN_OCLOCK_US) / 1e6,
            value: round(correlation.count),
            records: positions[i]!,
          }),
        );
        const expected = recount(type, items, operator, bound, order);
        expect(sorted(seen)).toEqual(sorted(expected));
        expect(diagnostics).toEqual([]);
      }),
      { numRuns: tries(85) },
    );
  });
});

function sorted(found: readonly Found[]): readonly Found[] {
  return [...found].sort((x, y) => x.from - y.from || x.group.localeCompare(y.group));
}

test('ranked numbers are the sorted numbers, whatever was added and removed', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ key: fc.integer({ min: -5, max: 5 }), remove: fc.boolean() }), { maxLength: 200 }),
      (steps) => {
        const ranked = new RankedNumbers();
        const plain: number[] = [];
        for (const { key, remove } of steps) {
          if (remove) {
            ranked.remove(key);
            const at = plain.indexOf(key);
            if (at >= 0) plain.splice(at, 1);
          } else {
            ranked.add(key);
            plain.push(key);
          }
        }
        plain.sort((x, y) => x - y);
        expect(Array.from({ length: ranked.size }, (_, rank) => ranked.at(rank))).toEqual(plain);
      },
    ),
  );
});
