/** Correlations while matches arrive, against the same matches as a batch. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CorrelationStream } from '../../src/findings/correlate/correlation-stream.ts';
import { snapshotField } from '../../src/findings/store/match-fields.ts';
import { matchStream } from '../../src/findings/store/match-stream.ts';
import type { Match } from '../../src/model/match.ts';
import { tries } from '../support/random.ts';
import { type CorrelationText, match, ruleSet, TEN_OCLOCK_US } from './support.ts';

const BASES = ['a', 'b', 'c'];
const LIMITS = { items: 1e6, groups: 1e5, firings: 1e6, runs: 1e6 };

function streamOf(rules: ReturnType<typeof ruleSet>, matches: readonly Match[]): CorrelationStream {
  return new CorrelationStream(
    rules,
    ({ event }, field) => snapshotField(event, field),
    { ...LIMITS },
    (position) => matches[position]!,
  );
}

function runsOf(stream: CorrelationStream): unknown {
  return stream.windows.map(({ rule, runs }) => [
    rule,
    runs.map(({ names, fromUs, toUs, count, value }) => [names, fromUs, toUs, count, value]).sort(),
  ]);
}

function feed(
  rules: ReturnType<typeof ruleSet>,
  matches: readonly Match[],
  each: (stream: CorrelationStream, timeUs: number) => void,
): CorrelationStream {
  const stream = streamOf(rules, matches);
  for (const next of matchStream(matches).inTimeOrder()) {
    stream.add(next);
    each(stream, next.timeUs);
  }
  return stream;
}

const correlation = (earlier: number): fc.Arbitrary<CorrelationText> =>
  fc
    .record({
      type: fc.constantFrom('event_count', 'temporal', 'temporal_ordered', 'value_count'),
      rules: fc.uniqueArray(fc.nat({ max: BASES.length + earlier - 1 }), { minLength: 1, maxLength: 3 }),
      groups: fc.boolean(),
      seconds: fc.constantFrom(1, 3, 10, 30),
      operator: fc.constantFrom('lt', 'lte', 'gt', 'gte', 'eq', 'neq'),
      value: fc.nat({ max: 4 }),
    })
    .map(({ type, rules, groups, seconds, operator, value }): CorrelationText => {
      const condition = { bounds: [{ operator, value }], ...(type === 'value_count' ? { fields: ['Amount'] } : {}) };
      return {
        title: `k${earlier}`,
        type,
        rules: rules.map((rule) => BASES[rule] ?? `k${rule - BASES.length}`),
        ...(groups ? { groupBy: ['User'] } : {}),
        seconds,
        ...(type.startsWith('temporal') ? {} : { condition }),
      } as CorrelationText;
    });

const correlations = fc
  .integer({ min: 1, max: 6 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, earlier) => correlation(earlier))));

const items = fc.array(
  fc.record({ rule: fc.nat({ max: 2 }), quarters: fc.nat({ max: 400 }), user: fc.constantFrom('a', 'b', 'c') }),
  { maxLength: 120 },
);

describe('a stream of matches', () => {
  test('has the correlations of the batch, however often it says how far it has come', () => {
    fc.assert(
      fc.property(correlations, items, fc.integer({ min: 1, max: 5 }), (texts, given, often) => {
        const rules = ruleSet(BASES, texts);
        const matches = given.map(({ rule, quarters, user }, index) =>
          match(rule, quarters / 4, { index, data: { User: user, Amount: String(index % 5) } }),
        );
        const batch = feed(rules, matches, () => {});
        batch.end();
        let count = 0;
        const live = feed(rules, matches, (stream, timeUs) => {
          if (++count % often === 0) stream.advance(timeUs);
        });
        live.end();
        expect(runsOf(live)).toEqual(runsOf(batch));
      }),
      { numRuns: tries(100) },
    );
  });

  test('tells correlations of correlations when the time has come, not only at its end', () => {
    const rules = ruleSet(
      ['a'],
      [
        { title: 'k0', type: 'event_count', rules: ['a'], seconds: 10, condition: { bounds: [{ operator: 'gte', value: 2 }] } },
        { title: 'k1', type: 'event_count', rules: ['k0'], seconds: 60, condition: { bounds: [{ operator: 'gte', value: 2 }] } },
      ],
    );
    const stream = feed(
      rules,
      [0, 1, 30, 31].map((at, index) => match(0, at, { index })),
      () => {},
    );
    const found = (): number[] => stream.windows.map(({ runs }) => runs.length);
    expect(found()).toEqual([1, 0]);
    const at = (seconds: number): number[] => {
      stream.advance(TEN_OCLOCK_US + seconds * 1e6);
      return found();
    };
    expect(at(60)).toEqual([2, 0]);
    expect(at(300)).toEqual([2, 1]);
  });
});
