import { describe, expect, test } from 'vitest';
import { correlate } from '../../src/findings/correlate/correlate.ts';
import { matchFieldsOf } from '../../src/findings/store/match-fields.ts';
import { matchStream } from '../../src/findings/store/match-stream.ts';
import { eventIdOf } from '../../src/model/event-id.ts';
import { resolveLogSource } from '../../src/sigma/logsource/resolve.ts';
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
          id: eventIdOf(matches[index]!.event),
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

  test('counts a record once that two of its rules match', () => {
    const rules = ruleSet(
      ['a', 'b'],
      [
        { type: 'event_count', rules: ['a', 'b'], seconds: 10, condition: bound('gte', 2) },
        { type: 'temporal', rules: ['a', 'b'], seconds: 10 },
      ],
    );
    const matches = [match(0, 1, { index: 7 }), match(1, 1, { index: 7 })];
    const { correlations } = correlate(matchStream(matches), rules);
    expect(correlations.map(({ type, count }) => [type, count])).toEqual([['temporal', 2]]);
  });

  test('puts an event with several values of a group-by field into each of the groups', () => {
    const rules = ruleSet(
      ['a'],
      [{ type: 'event_count', rules: ['a'], groupBy: ['User'], seconds: 10, condition: bound('gte', 2) }],
    );
    const matches = [match(0, 0, { index: 0, data: { User: ['x', 'y'] } }), match(0, 1, { index: 1, data: { User: 'y' } })];
    const { correlations } = correlate(matchStream(matches), rules);
    expect(correlations.map(({ group, count }) => [group, count])).toEqual([[{ User: 'y' }, 2]]);
  });

  test('groups by long values that differ only at their end, without keeping them whole', () => {
    const rules = ruleSet(
      ['a'],
      [{ type: 'event_count', rules: ['a'], groupBy: ['Line'], seconds: 10, condition: bound('gte', 2) }],
    );
    const long = 'x'.repeat(100_000);
    const lines = [`${long}1`, `${long}2`, `${long.toUpperCase()}1`];
    const matches = lines.map((Line, index) => match(0, index, { index, data: { Line } }));
    const { correlations } = correlate(matchStream(matches), rules);
    expect(correlations.map(({ events }) => events.map(({ index }) => index))).toEqual([[0, 2]]);
    expect(correlations[0]!.group.Line!.length).toBeLessThan(700);
  });

  test('reads group-by fields as the log source of each match names them', () => {
    const resolution = resolveLogSource({ product: 'windows', category: 'process_creation' });
    if (resolution.kind !== 'sources') throw new Error(resolution.reason);
    const sources = resolution.sources;
    const rules = ruleSet(
      ['a'],
      [{ type: 'event_count', rules: ['a'], groupBy: ['Image'], seconds: 10, condition: bound('gte', 2) }],
    );
    const fieldValue = matchFieldsOf({ sources, ruleSources: [sources.map((_, i) => i), []] });
    const sysmon = match(0, 0, { index: 0, channel: 'Microsoft-Windows-Sysmon/Operational', data: { Image: 'C:\\a.exe' } });
    const audit = match(0, 1, { index: 1, eventId: 4688, data: { NewProcessName: 'c:\\A.EXE' } });
    const matches = [sysmon, { ...audit, via: 'security_4688' }];
    const { correlations } = correlate(matchStream(matches), rules, { fieldValue });
    expect(correlations.map(({ group, count }) => [group, count])).toEqual([[{ Image: 'C:\\a.exe' }, 2]]);
  });

  test('reads other correlations: burst, then success, with the records of both', () => {
    const rules = ruleSet(
      ['failed', 'success'],
      [
        { title: 'outer', type: 'temporal_ordered', rules: ['burst', 'success'], groupBy: ['User'], seconds: 60 },
        { title: 'burst', type: 'event_count', rules: ['failed'], groupBy: ['User'], seconds: 60, condition: bound('gte', 3) },
      ],
    );
    // Failures go on after the success: the burst had fired before it all the same.
    const failures = [0, 1, 2, 10, 20, 50].map((at, index) => match(0, at, { index, data: { User: 'a' } }));
    const success = match(1, 5, { index: 9, data: { User: 'a' } });
    const { correlations } = correlate(matchStream([...failures, success]), rules);
    expect(
      correlations.map(({ rule, group, count, records, events }) => [
        rule,
        group,
        count,
        records,
        events.map(({ index }) => index),
      ]),
    ).toEqual([[2, { User: 'a' }, 2, 7, [0, 1, 2, 9, 3, 4, 5]]]);
    expect(correlate(matchStream([...failures.slice(0, 2), success]), rules).correlations).toEqual([]);
  });

  test('counts reported correlations, not their windows', () => {
    const rules = ruleSet(
      ['failed'],
      [
        { title: 'bursts', type: 'event_count', rules: ['burst'], seconds: 600, condition: bound('gte', 2) },
        { title: 'burst', type: 'event_count', rules: ['failed'], seconds: 10, condition: bound('gte', 2) },
      ],
    );
    const at = (times: readonly number[]) => matchStream(times.map((time, index) => match(0, time, { index })));
    expect(correlate(at([0, 1, 2, 3, 4]), rules).correlations).toEqual([]);
    expect(correlate(at([0, 1, 2, 100, 101]), rules).correlations.map(({ count, records }) => [count, records])).toEqual([
      [2, 5],
    ]);
  });

  test('sums 64-bit numbers and cents exactly, whatever has left the window', () => {
    const rules = ruleSet(
      ['a'],
      [{ type: 'value_sum', rules: ['a'], seconds: 10, condition: { bounds: [{ operator: 'eq', value: 0.3 }], fields: ['n'] } }],
    );
    const matches = [
      match(0, 0, { index: 0, data: { n: '9223372036854775807' } }),
      match(0, 20, { index: 1, data: { n: '0.1' } }),
      match(0, 21, { index: 2, data: { n: '0.2' } }),
    ];
    expect(correlate(matchStream(matches), rules).correlations.map(({ count }) => count)).toEqual([0.3]);
  });

  test('names matches without a time, and leaves them out', () => {
    const rules = ruleSet(['a'], [{ type: 'event_count', rules: ['a'], seconds: 10, condition: bound('gte', 2) }]);
    const { correlations, diagnostics } = correlate(matchStream([match(0, Number.NaN), match(0, 1)]), rules);
    expect(correlations).toEqual([]);
    expect(diagnostics).toEqual([
      {
        code: 'correlation/no-time',
        severity: 'warning',
        message: '1 match has no readable time (System/TimeCreated) and took no part in correlations',
        place: {},
      },
    ]);
  });

  test('that refers to itself through another is named and not used', () => {
    const rules = ruleSet(
      [],
      [
        { title: 'x', type: 'event_count', rules: ['y'], seconds: 10, condition: bound('gte', 1) },
        { title: 'y', type: 'event_count', rules: ['x'], seconds: 10, condition: bound('gte', 1) },
      ],
    );
    const { correlations, diagnostics } = correlate(matchStream([]), rules);
    expect(correlations).toEqual([]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['correlation/cycle', 'correlation/cycle']);
  });

  test('gives up the oldest groups when too much is open, and says so', () => {
    const rules = ruleSet(
      ['a'],
      [{ type: 'event_count', rules: ['a'], groupBy: ['User'], seconds: 1000, condition: bound('gte', 2) }],
    );
    const matches = Array.from({ length: 50 }, (_, index) => match(0, index, { index, data: { User: `u${index % 25}` } }));
    const all = correlate(matchStream(matches), rules);
    expect([all.correlations.length, all.diagnostics]).toEqual([25, []]);
    const few = correlate(matchStream(matches), rules, { limits: { groups: 10 } });
    expect(few.correlations).toEqual([]);
    expect(few.diagnostics).toEqual([
      {
        code: 'correlation/window-limit',
        severity: 'warning',
        message:
          'correlation "correlation 0" gave up 40 matches before their time was over: more than 1000000 matches or 10 groups were open at once',
        hint: 'Use a shorter timespan, a narrower base rule or a coarser group-by.',
        place: { file: 'rules/correlation 0.yml' },
      },
    ]);
  });

  test('of a long burst lists as much evidence as fits and counts the rest', () => {
    const rules = ruleSet(['a'], [{ type: 'event_count', rules: ['a'], seconds: 10, condition: bound('gte', 2) }]);
    const matches = Array.from({ length: 200 }, (_, index) => match(0, index, { index }));
    const { correlations, diagnostics } = correlate(matchStream(matches), rules, { limits: { evidence: 30 } });
    expect(correlations.map(({ records, events, count }) => [records, events.length, count])).toEqual([[200, 30, 11]]);
    expect(correlations[0]!.to).toBe('2024-01-01T10:03:19.0000000Z');
    expect(diagnostics.map(({ code }) => code)).toEqual(['correlation/evidence-limit']);
  });

  test('sheds the older half of a single window that grows without end', () => {
    const rules = ruleSet(['a'], [{ type: 'event_count', rules: ['a'], seconds: 1000, condition: bound('gte', 2) }]);
    const matches = Array.from({ length: 100 }, (_, index) => match(0, index, { index }));
    const { correlations, diagnostics } = correlate(matchStream(matches), rules, { limits: { windowItems: 20 } });
    expect(correlations.map(({ records, count }) => [records, count])).toEqual([[100, 21]]);
    expect(diagnostics.map(({ code }) => code)).toEqual(['correlation/window-limit']);
  });
});

describe('correlations of correlations', () => {
  const chain = (length: number) =>
    ruleSet(
      ['a'],
      Array.from({ length }, (_, i) => ({
        title: `c${i}`,
        type: 'temporal' as const,
        rules: [i === 0 ? 'a' : `c${i - 1}`],
        seconds: 10,
      })),
    );

  test('may be thousands long', () => {
    const { correlations, diagnostics } = correlate(matchStream([match(0, 0), match(0, 1, { index: 1 })]), chain(3_000));
    expect(diagnostics).toEqual([]);
    expect(correlations.map(({ rule, records, events }) => [rule, records, events.length])).toEqual([[3_000, 2, 2]]);
  });

  test('may refer to the same ones by many ways, which are walked once', () => {
    const levels = Array.from({ length: 40 }, (_, i) =>
      ['x', 'y'].map((side) => ({
        title: `${side}${i}`,
        type: 'event_count' as const,
        condition: bound('gte', 1),
        rules: i === 0 ? ['a'] : [`x${i - 1}`, `y${i - 1}`],
        seconds: 10,
      })),
    ).flat();
    const { correlations } = correlate(matchStream([match(0, 0), match(0, 1, { index: 1 })]), ruleSet(['a'], levels));
    expect(correlations.map(({ records }) => records)).toEqual([2, 2]);
  });

  test('are told of so many windows, and what they were not told of is said', () => {
    const matches = Array.from({ length: 50 }, (_, index) => match(0, index * 20, { index }));
    const all = correlate(matchStream(matches), chain(2));
    expect([all.correlations.length, all.diagnostics]).toEqual([50, []]);
    const few = correlate(matchStream(matches), chain(2), { limits: { firings: 30 } });
    expect(few.correlations).toEqual(all.correlations.slice(0, 30));
    expect(few.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['correlation/firing-limit', 'correlation "c0" held too often: 20 times more than rules that refer to it were told'],
    ]);
  });

  test('leave room for the rules that refer to them, and keep nothing of runs that there is no room for', () => {
    const matches = Array.from({ length: 50 }, (_, index) => match(0, index * 20, { index }));
    const all = correlate(matchStream(matches), chain(3)).correlations;
    expect(all.length).toBe(50);
    const few = correlate(matchStream(matches), chain(3), { limits: { runs: 30, firings: 1000 } });
    // Ten for each of the three.
    expect(few.correlations).toEqual(all.slice(0, 10));
    expect(few.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['correlation/firing-limit', 'correlation "c0" held too often: 40 times more than rules that refer to it were told'],
    ]);
  });

  test('are kept up to a number, and the others counted', () => {
    const matches = Array.from({ length: 50 }, (_, index) => match(0, index * 20, { index }));
    const few = correlate(matchStream(matches), chain(1), { limits: { runs: 30 } });
    expect(few.correlations).toEqual(correlate(matchStream(matches), chain(1)).correlations.slice(0, 30));
    expect(few.diagnostics.map(({ code, message }) => [code, message])).toEqual([
      ['correlation/limit', '50 correlations were found, only the first 30 by time are reported'],
    ]);
  });
});
