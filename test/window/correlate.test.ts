import { describe, expect, test } from 'vitest';
import { correlate } from '../../src/window/correlate.ts';
import { matchStream } from '../../src/window/match-stream.ts';
import { match, ruleSet } from './support.ts';

const bound = (operator: 'lt' | 'lte' | 'gt' | 'gte' | 'eq' | 'neq', value: number) => ({ bounds: [{ operator, value }] });

describe('a correlation', () => {
  test('of one burst is one correlation with every record, not one per event', () => {
    const rules = ruleSet(
      ['failed'],
      [{ type: 'event_count', rules: ['failed'], groupBy: ['User'], seconds: 10, condition: bound('gte', 3) }],
    );
    const matches = [0, 1, 2, 8, 12, 30].map((at, index) => match(0, at, { index, data: { User: index % 2 ? 'A' : 'a' } }));
    const { correlations, diagnostics } = correlate(matchStream(matches), rules);
    expect(diagnostics).toEqual([]);
    expect(correlations).toEqual([
      {
        kind: 'correlation',
        rule: 1,
        type: 'event_count',
        group: { User: 'a' },
        from: '2024-01-01T10:00:00.0000000Z',
        to: '2024-01-01T10:00:12.0000000Z',
        fromUs: matches[0]!.event.timeUs,
        toUs: matches[4]!.event.timeUs,
        count: 4,
        records: 5,
        computer: 'PC1',
        events: [0, 1, 2, 3, 4].map((index) => ({
          file: 'a.evtx',
          index,
          EventRecordID: index + 1,
          TimeCreated: matches[index]!.event.TimeCreated,
          EventID: 1,
          Channel: 'Security',
          Computer: 'PC1',
          rule: 'failed',
        })),
      },
    ]);
  });
});
