/** One record in several places, through the whole scan: it is one event, with all its places. */
import { copyFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openSource, readSource } from '../../src/logs/open/open.ts';
import { type EventRecord, type EventSnapshot, snapshotEvent } from '../../src/model/event.ts';
import { type ScannedMatchText, type ScanOptions, scan } from '../../src/scan.ts';
import { temporaryFolder } from '../support/folder.ts';
import { describeShared, projectRoot, shared } from '../support/shared.ts';

const fixture = (name: string): string => join(projectRoot, 'fixtures', name);
const folder = temporaryFolder();

/** What is said of a scan, without places: the same however often its records are there. */
async function told(paths: readonly string[], rules: readonly string[], more: Partial<ScanOptions> = {}) {
  const result = await scan({ paths, rules, threads: 1, cacheFolder: join(folder, 'cache'), ...more });
  try {
    const matches = [...result.matches()];
    const titleOf = (rule: number): string => result.rules[rule]!.title;
    return {
      places: matches.map(({ event, alsoIn = [] }) => [event.file, ...alsoIn.map(({ file }) => file)]),
      copies: result.summary.copies,
      same: {
        matches: matches.map(({ rule, event, lookback }) => [titleOf(rule), event.EventRecordID, event.timeUs, lookback?.events]),
        byLevel: result.summary.matchesByLevel,
        correlations: result.correlations.map(({ rule, count, records, from }) => [titleOf(rule), count, records, from]),
        alerts: result.alerts.map(({ rule, computer, count }) => [titleOf(rule), computer.split('.')[0]!.toLowerCase(), count]),
        related: result.alerts.map(({ lookback }) =>
          lookback?.related.map(({ event, reason }) => [event.EventRecordID, reason.replace(/ in .*/, '')]),
        ),
      },
    };
  } finally {
    result.close();
  }
}

describe('a log that is there as XML, as JSON of two exporters, and as a copy', () => {
  const copy = join(folder, 'copy.xml');
  copyFileSync(fixture('wmi-subscription.xml'), copy);
  const original = fixture('wmi-subscription.xml');
  const paths = [original, copy, fixture('wmi-subscription.jsonl'), fixture('wmi-subscription.winlogbeat.jsonl')];
  const rules = [join(projectRoot, 'rules')];

  test.each([0, 540e6])('gives what it alone gives, each match with all its places (look-back %s)', async (windowUs) => {
    const alone = await told([original], rules, { windowUs });
    expect(alone.copies).toBeUndefined();
    expect(alone.same.correlations.length).toBeGreaterThan(0);
    const all = await told(paths, rules, { windowUs });
    expect(all.same).toEqual(alone.same);
    expect(all.places).toEqual(alone.places.map(() => paths));
    expect(all.copies).toBe(3 * new Set(alone.same.matches.map(([, id]) => id)).size);
  });

  test('counts as often as it is there where that is asked for', async () => {
    const alone = await told([original], rules);
    const all = await told(paths, rules, { keepCopies: true });
    expect([all.copies, all.places.length]).toEqual([undefined, 4 * alone.places.length]);
    expect(all.places.every((places) => places.length === 1)).toBe(true);
  });
});

const LOGONS = `title: failed
name: failed
logsource: {product: windows, service: security}
detection:
    selection: {EventID: 4625}
    condition: selection
---
title: many
correlation:
    type: event_count
    rules: [failed]
    group-by: [Computer]
    timespan: 5m
    condition: {gte: 3}
    generate: true
`;

/** Failed logons, a second apart. */
function logons(records: readonly number[]): string {
  const lines = records.map((record) => {
    const TimeCreated = `2026-02-01T08:00:${String(record % 60).padStart(2, '0')}.1234567Z`;
    return JSON.stringify({
      TimeCreated,
      Channel: 'Security',
      EventID: 4625,
      Computer: 'PC',
      EventRecordID: record,
      User: 'ann',
    });
  });
  return `${lines.join('\n')}\n`;
}

describe('a log that holds its records twice', () => {
  const rule = join(folder, 'rule.yml');
  const log = join(folder, 'twice.jsonl');
  writeFileSync(rule, LOGONS);
  writeFileSync(log, logons([10, 11]).repeat(2));

  test('is counted once: two failed logons are no three', async () => {
    const once = await told([log], [rule]);
    expect([once.same.matches.length, once.copies, once.same.correlations]).toEqual([2, 2, []]);
    const kept = await told([log], [rule], { keepCopies: true });
    expect([kept.same.matches.length, kept.copies, kept.same.correlations.length]).toEqual([4, undefined, 1]);
  });

  test('is printed once while it is still read', async () => {
    const taken: ScannedMatchText[] = [];
    const take = async (matches: Iterable<ScannedMatchText>): Promise<void> => {
      for (const match of matches) taken.push(match);
    };
    const time = { now: 0 };
    const options = { paths: [log], rules: [rule], threads: 1, windowUs: 0, clock: () => (time.now += 1000) };
    const result = await scan(options, { onMatches: take, keepTaken: false });
    const all = [...taken, ...result.matchTexts()];
    expect(all.map(({ index, alsoIn }) => [index, alsoIn])).toEqual([
      [0, undefined],
      [1, undefined],
    ]);
    expect(result.summary.copies).toBe(2);
    result.close();
  });

  test('and another does: what is printed early has no copies, the result names them', async () => {
    const taken: ScannedMatchText[] = [];
    const other = join(folder, 'other.jsonl');
    writeFileSync(other, logons([11, 12]));
    const take = async (matches: Iterable<ScannedMatchText>): Promise<void> => void taken.push(...matches);
    const time = { now: 0 };
    const clock = (): number => (time.now += 1000);
    const result = await scan({ paths: [log, other], rules: [rule], threads: 1, windowUs: 0, clock }, { onMatches: take });
    const all = [...taken, ...result.matchTexts()];
    expect(all.map(({ file, index, alsoIn }) => [file, index, alsoIn])).toEqual([
      [log, 0, undefined],
      [log, 1, undefined],
      [other, 1, undefined],
    ]);
    const places = [
      { rule: 0, file: log, index: 0, alsoIn: [{ file: log, index: 2 }] },
      {
        rule: 0,
        file: log,
        index: 1,
        alsoIn: [
          { file: log, index: 3 },
          { file: other, index: 0 },
        ],
      },
    ];
    expect([...result.copies()]).toEqual(places);
    result.close();
  });
});

/** As evtx_dump writes an event: times to the microsecond, numbers as numbers. */
function asJson({ system, data, ...head }: EventSnapshot): string {
  const number = (value: unknown): unknown =>
    typeof value === 'string' && /^(0|[1-9]\d{0,14})$/.test(value) ? Number(value) : value;
  return JSON.stringify({
    Event: {
      System: {
        Provider: { '#attributes': { Name: head.Provider } },
        EventID: head.EventID,
        TimeCreated: { '#attributes': { SystemTime: head.TimeCreated!.replace(/\dZ$/, 'Z') } },
        EventRecordID: head.EventRecordID,
        Channel: head.Channel,
        Computer: head.Computer,
      },
      EventData: Object.fromEntries(Object.entries(data).map(([name, value]) => [name, number(value)])),
    },
  });
}

async function writeJson(evtx: string, path: string): Promise<void> {
  const lines: string[] = [];
  const opened = await openSource({ path: evtx, kind: 'file', size: null }, () => {});
  const event = (record: EventRecord): void => void lines.push(asJson(snapshotEvent(record, '')));
  await readSource(opened!, { event, diagnostic: () => {} }, { recover: false, verify: false });
  writeFileSync(path, `${lines.join('\n')}\n`);
}

describeShared('recorded attacks as EVTX, XML, JSON and copies', () => {
  test('give the matches of the EVTX, each with its places', async () => {
    const samples = shared('corpus', 'evtx-attack-samples');
    const evtx = join(samples, 'Persistence');
    const json = join(folder, 'json');
    const copies = join(folder, 'copies');
    mkdirSync(json);
    mkdirSync(copies);
    for (const name of readdirSync(evtx).filter((name) => name.endsWith('.evtx'))) {
      await writeJson(join(evtx, name), join(json, `${name}.jsonl`));
      copyFileSync(join(evtx, name), join(copies, name));
    }
    const correlation = join(folder, 'correlation.yml');
    writeFileSync(
      correlation,
      'title: bursts\ncorrelation:\n  type: event_count\n  rules: [wmi_filter_bound, wmi_suspicious_consumer]\n  group-by: [Computer]\n  timespan: 10m\n  condition: {gte: 1}\n',
    );
    const rules = [join(projectRoot, 'rules'), shared('corpus', 'sigmahq', 'rules', 'windows'), correlation];
    const alone = await told([evtx], rules);
    expect(alone.same.matches.length).toBeGreaterThan(100);
    expect(alone.same.correlations.length).toBeGreaterThan(0);
    const all = await told([evtx, copies, json, shared('corpus', 'exports', 'xml')], rules);
    const without = ({ related: _, ...rest }: typeof alone.same) => rest;
    // The XML has some of the samples, and samples of other folders.
    const known = new Set(alone.same.matches.map((each) => JSON.stringify(each.slice(0, 3))));
    expect(all.same.matches.filter((each) => known.has(JSON.stringify(each.slice(0, 3)))).length).toBe(alone.same.matches.length);
    expect(all.places.filter((places) => places[0]!.startsWith(evtx) && places.length < 3)).toEqual([]);
    const copied = await told([evtx, copies, json], rules);
    expect(without(copied.same)).toEqual(without(alone.same));
  }, 120_000);
});
