import { describe, expect, test } from 'vitest';
import { computerNumbers } from '../../src/findings/alerts.ts';
import { HostNames } from '../../src/findings/host-names.ts';
import { groupIncidents } from '../../src/findings/incidents/group-incidents.ts';
import { incidentOf } from '../../src/findings/incidents/incident.ts';
import { snapshotJson } from '../../src/findings/store/event-json.ts';
import { eventIdOf, eventIdOfJson } from '../../src/model/event-id.ts';
import type { Incident, IncidentEvent } from '../../src/model/incident.ts';
import type { Alert, Correlation, Match } from '../../src/model/match.ts';
import { match, ruleInfo, snapshot, storeOf } from './support.ts';

const MINUTE = 60;
const rules = [
  { ...ruleInfo('medium', 'medium'), tags: ['attack.execution', 'attack.t1059'] },
  { ...ruleInfo('high', 'high'), tags: ['attack.persistence', 'attack.credential_access'] },
  ruleInfo('low', 'low'),
  ruleInfo('of a correlation', 'low'),
];

interface Given {
  readonly alerts?: readonly Alert[];
  readonly correlations?: readonly Correlation[];
  readonly positions?: readonly (readonly number[])[];
  readonly reported?: (rule: number) => boolean;
}

function incidentsOf(matches: readonly Match[], given: Given = {}): readonly Incident[] {
  const { alerts = [], correlations = [], positions = [] } = given;
  const store = storeOf(matches);
  const hosts = new HostNames(store.computers());
  const reported = (position: number): boolean => given.reported?.(store.ruleAt(position)) ?? true;
  const input = {
    store,
    ruleSet: { rules },
    reported,
    correlations,
    positions,
    hosts,
    computers: computerNumbers(store, hosts),
  };
  return groupIncidents(input, 30 * MINUTE * 1e6).incidents.map((draft) =>
    incidentOf(draft, {
      ...input,
      alerts,
      alertId: (of) => (typeof of === 'number' ? `alert of rule ${store.ruleAt(of)}` : 'alert of the correlation'),
      correlationsAt: (position) => correlations.filter((_, i) => positions[i]!.includes(position)),
    }),
  );
}

const titles = ({ hits }: IncidentEvent): string[] => hits.map(({ rule }) => rules[rule]!.title);
const outline = (incident: Incident | undefined) =>
  [...(incident?.events() ?? [])].map((each) => [each.event.EventRecordID, ...titles(each)]);

describe('incidents', () => {
  test('are bursts of matched events of one computer, each event once with all its rules, by time', () => {
    const incidents = incidentsOf([
      match(2, 10 * MINUTE, { index: 3 }),
      match(0, 0, { index: 1 }),
      match(1, 0, { index: 1 }),
      match(0, 39 * MINUTE, { index: 4, computer: 'pc1.corp' }),
      match(0, 70 * MINUTE, { index: 9 }),
      match(0, 5 * MINUTE, { index: 2, computer: 'PC2' }),
    ]);
    expect(
      incidents.map(({ computer, level, eventCount, matchCount, rules, tactics }) => [
        computer,
        level,
        eventCount,
        matchCount,
        rules,
        tactics,
      ]),
    ).toEqual([
      ['PC1', 'high', 3, 4, [1, 0, 2], ['execution', 'persistence', 'credential-access']],
      ['PC2', 'medium', 1, 1, [0], ['execution']],
      ['PC1', 'medium', 1, 1, [0], ['execution']],
    ]);
    expect(incidents[0]!.levels).toEqual({ high: 1, medium: 1, low: 1 });
    expect(outline(incidents[0])).toEqual([
      [2, 'high', 'medium'],
      [4, 'low'],
      [5, 'medium'],
    ]);
    expect([incidents[0]!.first, incidents[0]!.last]).toEqual(['2024-01-01T10:00:00.0000000Z', '2024-01-01T10:39:00.0000000Z']);
  });

  test('are ranked by level, then by how many rules agree, then by tactics', () => {
    const incidents = incidentsOf([
      match(0, 0, { computer: 'one rule often' }),
      match(0, 1, { computer: 'one rule often', index: 1 }),
      match(0, 0, { computer: 'two rules', index: 2 }),
      match(2, 1, { computer: 'two rules', index: 3 }),
      match(1, 9, { computer: 'worst', index: 4 }),
      match(2, 0, { computer: 'least', index: 5 }),
    ]);
    expect(incidents.map(({ computer }) => computer)).toEqual(['worst', 'two rules', 'one rule often', 'least']);
  });

  test('events without a time make one incident per computer, each of them once', () => {
    const incidents = incidentsOf([
      match(0, Number.NaN, { index: 1 }),
      match(2, Number.NaN, { index: 1 }),
      match(0, Number.NaN, { index: 2 }),
    ]);
    expect(incidents.map(({ first, eventCount }) => [first, eventCount])).toEqual([[null, 2]]);
    expect(outline(incidents[0])).toEqual([
      [2, 'medium', 'low'],
      [3, 'medium'],
    ]);
  });

  test('a record that is in several copies of a log is one event, and its matches count once', () => {
    const incidents = incidentsOf([
      match(0, 0, { index: 1 }),
      match(1, 0, { index: 1 }),
      match(0, 0, { index: 1, file: 'copy.evtx' }),
      match(1, 0, { index: 1, file: 'copy.evtx' }),
      match(0, 0, { index: 2, file: 'copy.evtx' }),
    ]);
    expect(incidents.map(({ eventCount, matchCount }) => [eventCount, matchCount])).toEqual([[2, 3]]);
    const events = [...incidents[0]!.events()];
    expect(events.map(({ event, copies }) => [event.file, event.index, copies])).toEqual([
      ['a.evtx', 1, [{ file: 'copy.evtx', index: 1 }]],
      ['copy.evtx', 2, []],
    ]);
  });

  test('a record that is twice in one log is one event as well', () => {
    const twice = [
      match(0, 0, { index: 1 }),
      { ...match(0, 0, { index: 1 }), event: { ...match(0, 0, { index: 1 }).event, index: 8, offset: 9 } },
    ];
    expect(incidentsOf(twice).map(({ eventCount }) => eventCount)).toEqual([1]);
  });

  test('records of a correlation are in it although their own rule is not reported', () => {
    const correlation: Correlation = {
      kind: 'correlation',
      rule: 1,
      type: 'temporal',
      group: {},
      from: '',
      to: '',
      fromUs: 0,
      toUs: 0,
      count: 2,
      events: [],
      records: 2,
      computer: 'PC1',
    };
    const incidents = incidentsOf([match(3, 0, { index: 1 }), match(3, 10, { index: 2 }), match(3, 20, { index: 3 })], {
      correlations: [correlation],
      positions: [[0, 1]],
      reported: (rule) => rule !== 3,
    });
    expect(outline(incidents[0])).toEqual([
      [2, 'high'],
      [3, 'high'],
    ]);
    const [first] = incidents[0]!.events();
    expect(first!.hits).toEqual([{ rule: 1, alert: 'alert of the correlation', via: 'correlation', fields: [], correlation }]);
  });

  test('show what look-back found between their events: each record once, for its best reason, and not again what matched', () => {
    const between = snapshot(5, { index: 7 });
    const lookback = (related: readonly [typeof between, string, number][]) => ({
      window: '9m',
      from: '',
      to: '',
      events: 9,
      related: related.map(([event, reason, score]) => ({ event, reason, score })),
      after: [],
      capped: false,
    });
    const matches = [match(0, 0, { index: 1 }), match(1, 10, { index: 2 })];
    const alert = (rule: number, related: Parameters<typeof lookback>[0] | null): Alert => ({
      id: '',
      rule,
      computer: 'PC1',
      count: 1,
      first: null,
      last: null,
      firstUs: 0,
      lastUs: 0,
      match: matches[rule]!,
      lookback: related === null ? null : lookback(related),
      notes: [],
    });
    const incidents = incidentsOf(matches, {
      alerts: [
        alert(0, [[between, 'same user', 4]]),
        alert(1, [
          [snapshot(5, { index: 7, file: 'copy.evtx' }), 'same ProcessGuid', 90],
          [matches[0]!.event, 'matched: medium', 50],
        ]),
        alert(1, null),
      ],
    });
    expect([...incidents[0]!.events()].map(({ event, hits, reason }) => [event.EventRecordID, hits.length, reason])).toEqual([
      [2, 1, ''],
      [8, 0, 'same ProcessGuid'],
      [3, 1, ''],
    ]);
    expect(incidents[0]!.lookback).toEqual({ alerts: 3, done: 2, capped: false });
  });

  test('know which process did it and what started that, by GUID before process id', () => {
    const sysmon = { channel: 'Microsoft-Windows-Sysmon/Operational', computer: 'PC1' };
    const created = (index: number, guid: string, parent: string, pid: string) => ({
      ...sysmon,
      index,
      eventId: 1,
      data: { ProcessGuid: guid, ParentProcessGuid: parent, ProcessId: pid, ParentProcessId: '1' },
    });
    const [incident] = incidentsOf([
      match(0, 0, created(1, '{A}', '{0}', '100')),
      match(0, 1, created(2, '{B}', '{A}', '200')),
      match(0, 2, { ...sysmon, index: 3, eventId: 3, data: { ProcessGuid: '{B}', ProcessId: '100' } }),
      match(0, 3, { ...sysmon, index: 4, eventId: 3, data: { ProcessGuid: '{Z}', ProcessId: '100' } }),
      match(0, 4, { ...sysmon, index: 5, eventId: 3, data: { ProcessId: '100' } }),
    ]);
    const events = [...incident!.events()];
    const number = (id: string | null): number => events.findIndex((event) => event.id === id);
    expect(events.map(({ parent, depth }) => [number(parent), depth])).toEqual([
      [-1, 0],
      [0, 1],
      [1, 2],
      [-1, 0],
      [0, 1],
    ]);
  });
});

describe('ids', () => {
  test('are of content: the same for a copy of a log, and as JSON as for the event itself', () => {
    const event = snapshot(0, { index: 1, data: { Image: 'a "quoted" name,"data":\u202e' } });
    const copy = { ...event, file: 'copy.evtx', index: 9, offset: 77 };
    const ids = [event, copy].flatMap((each) => [eventIdOf(each), eventIdOfJson(Buffer.from(snapshotJson(each).head))]);
    expect(ids).toEqual([ids[0], ids[0], ids[0], ids[0]]);
    expect(ids[0]).toMatch(/^[0-9a-f]{12}$/);
    const others = [
      { EventRecordID: 3 },
      { TimeCreated: null },
      { Computer: 'x' },
      { EventID: null },
      { Channel: 'x' },
      { Provider: 'x' },
    ];
    expect(new Set(others.map((other) => eventIdOf({ ...event, ...other }))).size).toBe(others.length);
  });

  test('of records without a number are of all their data', () => {
    const plain = { ...snapshot(0), EventRecordID: null };
    const one = { ...plain, data: { a: '1' } };
    const recovered = { ...one, recovered: true };
    const ids = [plain, one, recovered].map(eventIdOf);
    expect(new Set(ids).size).toBe(3);
    expect([plain, one, recovered].map((each) => eventIdOfJson(Buffer.from(snapshotJson(each).head)))).toEqual(ids);
  });

  test('of incidents change neither with the name that a computer is called by nor with what follows', () => {
    const id = (matches: readonly Match[]): string => incidentsOf(matches)[0]!.id;
    const first = match(0, 0, { index: 1, computer: 'PC1.corp' });
    expect(id([first])).toBe(id([first, match(1, 60, { index: 2, computer: 'pc1' })]));
    expect(id([first])).not.toBe(id([match(0, 1, { index: 2, computer: 'PC1.corp' })]));
  });
});
