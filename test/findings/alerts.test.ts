import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { computerNumbers, groupAlerts } from '../../src/findings/alerts.ts';
import { HostNames } from '../../src/findings/host-names.ts';
import { type ContextReader, judgeMatches, type WindowOptions } from '../../src/findings/judge-matches.ts';
import { chosenAlerts } from '../../src/findings/lookback/chosen-alerts.ts';
import { MatchStore } from '../../src/findings/store/match-store.ts';
import { snapshotRecord } from '../../src/findings/store/snapshot-record.ts';
import type { Correlation } from '../../src/model/match.ts';
import type { RuleSet } from '../../src/model/ruleset.ts';
import { match, ruleInfo, ruleSet } from './support.ts';

const MINUTE_US = 60e6;

function storeOf(matches: readonly ReturnType<typeof match>[]): MatchStore {
  const store = new MatchStore();
  for (const each of matches) store.append(each);
  return store;
}

const rules: RuleSet = {
  ...ruleSet([], []),
  rules: [ruleInfo('low', 'low'), ruleInfo('none', null), ruleInfo('critical', 'critical'), ruleInfo('silent', 'high')],
  silent: [false, false, false, true],
  sources: [],
  ruleSources: [],
  unused: [],
  suppressions: [],
  // Matching is over when matches are judged: nothing reads the plan.
  plan: undefined as unknown as RuleSet['plan'],
};

describe('alerts', () => {
  test('are runs of matches of one rule on one computer, the most severe first', () => {
    const store = storeOf([
      match(0, 0, { index: 0 }),
      match(0, 50, { index: 1, computer: 'pc1.corp' }),
      match(0, 110, { index: 2 }),
      match(0, 171, { index: 3 }),
      match(1, 1, { index: 4 }),
      match(2, 200, { index: 5, computer: 'PC2' }),
      match(3, 5, { index: 6 }),
      match(1, Number.NaN, { index: 7 }),
      match(1, Number.NaN, { index: 8 }),
    ]);
    const hosts = new HostNames(['PC1.corp', 'PC2']);
    const { drafts } = groupAlerts(store, [], rules, MINUTE_US, computerNumbers(store, hosts));
    expect(drafts.map(({ rule, computer, count, match, last }) => [rule, computer, count, match, last])).toEqual([
      [2, 'PC2', 1, 5, 5],
      [0, 'PC1', 3, 0, 2],
      [0, 'PC1', 1, 3, 3],
      [1, 'PC1', 1, 4, 4],
      [1, 'PC1', 2, 7, 8],
    ]);
  });

  test('are the same first ones with little room, and all are counted', () => {
    const given = fc.array(fc.record({ rule: fc.nat(3), seconds: fc.nat(400), computer: fc.constantFrom('A', 'a', 'B', 'C') }));
    fc.assert(
      fc.property(given, fc.integer({ min: 1, max: 6 }), (made, limit) => {
        const store = storeOf(made.map(({ rule, seconds, computer }, index) => match(rule, seconds, { index, computer })));
        const computers = computerNumbers(store, new HostNames([]));
        const few = groupAlerts(store, [], rules, MINUTE_US, computers, limit);
        const all = groupAlerts(store, [], rules, MINUTE_US, computers);
        expect([few.drafts, few.count]).toEqual([all.drafts.slice(0, limit), all.count]);
        // Recounted: an alert begins where no match of its rule and computer came within a minute before.
        const timed = made.map((one, i) => ({ ...one, i })).filter(({ rule }) => rule !== 3);
        const begins = timed.filter(
          (one) =>
            !timed.some(
              (other) =>
                other.rule === one.rule &&
                other.computer.toLowerCase() === one.computer.toLowerCase() &&
                (other.seconds < one.seconds || (other.seconds === one.seconds && other.i < one.i)) &&
                one.seconds - other.seconds <= 60,
            ),
        );
        const severity = [1, 0, 2];
        begins.sort((a, b) => severity[b.rule]! - severity[a.rule]! || a.seconds - b.seconds || a.rule - b.rule || a.i - b.i);
        expect(all.drafts.map((draft) => draft.match)).toEqual(begins.map(({ i }) => i));
        expect(all.drafts.reduce((sum, { count }) => sum + count, 0)).toBe(timed.length);
      }),
    );
  });

  test('of correlations stand beside those of rules', () => {
    const correlation: Correlation = {
      kind: 'correlation',
      rule: 2,
      type: 'temporal',
      group: {},
      from: '',
      to: '',
      fromUs: 5,
      toUs: 6,
      count: 2,
      records: 2,
      events: [],
      computer: 'PC1',
    };
    const store = storeOf([match(0, 0)]);
    const { drafts } = groupAlerts(store, [correlation], rules, MINUTE_US, computerNumbers(store, new HostNames([])));
    expect(drafts.map(({ rule, match }) => [rule, match])).toEqual([
      [2, correlation],
      [0, 0],
    ]);
  });
});

describe('judging matches', () => {
  const nothing: ContextReader = { read: async () => ({ capped: false }), supply: async () => true };
  const judged = (store: MatchStore, more: Partial<WindowOptions> = {}, context = nothing) =>
    judgeMatches({ store, ruleSet: rules, computers: ['PC1'] }, context, { windowUs: MINUTE_US, window: '1m', ...more });

  test('shows the most severe alerts when there are too many, and says so', async () => {
    const store = storeOf(Array.from({ length: 6 }, (_, index) => match(index % 3, index * 1000, { index })));
    const result = await judged(store, { limits: { alerts: 2, lookbacks: 1 } });
    expect(result.alerts.map(({ rule, lookback }) => [rule, lookback === null])).toEqual([
      [2, false],
      [2, true],
    ]);
    expect([result.alertCount, result.diagnostics.map(({ code }) => code)]).toEqual([
      6,
      ['window/alert-limit', 'window/lookback-limit'],
    ]);
  });

  test('looks back from one alert of each incident before it looks back from more of one', () => {
    const alerts = [
      { severity: 4, incident: 'A' },
      { severity: 4, incident: 'A' },
      { severity: 3, incident: 'A' },
      { severity: 2, incident: undefined },
      { severity: 1, incident: 'B' },
      { severity: 1, incident: 'C' },
    ];
    const chosen = (limit: number) => chosenAlerts(alerts, limit, ({ incident }) => incident).map((one) => alerts.indexOf(one));
    expect([2, 3, 4, 5, 6].map(chosen)).toEqual([
      [0, 4],
      [0, 4, 5],
      [0, 1, 4, 5],
      [0, 1, 2, 4, 5],
      [0, 1, 2, 3, 4, 5],
    ]);
  });

  test('shows the worst incidents when there are too many, says so, and names the incident of every match', async () => {
    const hour = 3600;
    const store = storeOf(
      Array.from({ length: 40 }, (_, i) => match(i % 3, (i % 2) * hour + i, { index: i, computer: `PC${i % 10}` })),
    );
    const all = await judged(store);
    const few = await judged(store, { limits: { incidents: 3 } });
    expect([all.incidents.length, all.incidentCount]).toEqual([10, 10]);
    expect(few.incidents.map(({ id }) => id)).toEqual(all.incidents.slice(0, 3).map(({ id }) => id));
    expect([few.incidentCount, few.diagnostics.map(({ message }) => message)]).toEqual([
      10,
      ['10 incidents were found, only the 3 worst are in the report'],
    ]);
    const ids = (result: typeof all): (string | null)[] => Array.from({ length: store.size }, (_, i) => result.incidentIdOf(i));
    expect(ids(few)).toEqual(ids(all));
    expect(new Set(ids(few)).size).toBe(10);
  });

  test('marks what other rules matched, and says when context is incomplete', async () => {
    const store = storeOf([
      match(2, 50, { index: 5 }),
      match(0, 40, { index: 4 }),
      match(1, 40, { index: 4 }),
      match(3, 30, { index: 3 }),
      match(2, 60, { index: 6 }),
    ]);
    const context: ContextReader = {
      read: async (_plan, collector) => {
        for (const position of [0, 1, 3, 4]) {
          const { event } = store.get(position);
          collector.visit(snapshotRecord(event), event.file);
          collector.hold(event);
        }
        return { capped: true };
      },
      supply: async () => true,
    };
    const result = await judged(store, {}, context);
    expect(result.diagnostics.map(({ code }) => code)).toEqual(['window/context-limit']);
    const [alert] = result.alerts;
    expect([alert!.rule, alert!.count, alert!.first, alert!.last]).toEqual([
      2,
      2,
      '2024-01-01T10:00:50.0000000Z',
      '2024-01-01T10:01:00.0000000Z',
    ]);
    expect(alert!.lookback).toMatchObject({ window: '1m', events: 2, capped: true, after: [] });
    expect(alert!.lookback!.related.map(({ reason, event }) => [reason, event.index])).toEqual([['matched: low; none', 4]]);
  });
});
