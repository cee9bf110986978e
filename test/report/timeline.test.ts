/** The timeline: matched events and what is around them, over all computers, by time. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { EventSnapshot } from '../../src/model/event.ts';
import { eventIdOf } from '../../src/model/event-id.ts';
import type { Incident, IncidentEvent } from '../../src/model/incident.ts';
import { reporter } from '../../src/report/formats/timeline.ts';
import { loadTextWidths, textWidth } from '../../src/report/text-layout.ts';
import { timelineEvents } from '../../src/report/timeline/timeline-events.ts';
import { scan } from '../../src/scan.ts';
import { runWinnow } from '../cli/test-context.ts';
import { temporaryFolder } from '../support/folder.ts';
import { makeEvent, makeRule, makeSummary, reportOf } from './sample-report.ts';

function incidentEvent(event: EventSnapshot, matched: boolean): IncidentEvent {
  const hit = { rule: 0, alert: 'a', via: 'sysmon', fields: [], correlation: null };
  return {
    id: eventIdOf(event),
    event,
    hits: matched ? [hit] : [],
    level: null,
    reason: matched ? '' : 'same user',
    score: 1,
    copies: [],
    parent: null,
    depth: 0,
  };
}

const empty = reportOf({ rules: [makeRule('one')], matches: () => [], correlations: [], alerts: [], summary: makeSummary() });

/** `opened` gets the name of each incident when its events are asked for. */
function incidentOf(name: string, from: string, events: readonly IncidentEvent[], opened: string[] = []): Incident {
  const timed = events.filter(({ hits, event }) => hits.length > 0 && !Number.isNaN(event.timeUs));
  const firstUs = timed[0]?.event.timeUs ?? Number.NaN;
  const lookback = { window: '9m', from: `2019-05-11T${from}Z`, to: '', events: 1, related: [], after: [], capped: false };
  return {
    id: name,
    computer: name,
    firstUs,
    alerts: [{ lookback }],
    *events() {
      opened.push(name);
      yield* events;
    },
  } as unknown as Incident;
}

describe('timelineEvents', () => {
  const at = (index: number, time: string) => makeEvent(index, 1, `${time}.0000000`, {});
  const ids = (incidents: readonly Incident[]) =>
    [...timelineEvents({ ...empty, incidents })].map(({ incident, event }) => `${incident.id} ${event.event.index}`);

  it('merges incidents by time; what has no time comes last', () => {
    const a = incidentOf('A', '10:00:00', [
      incidentEvent(at(1, '10:00:00'), false),
      incidentEvent(at(2, '10:05:00'), true),
      incidentEvent(at(3, '10:20:00'), true),
    ]);
    const b = incidentOf('B', '10:03:00', [incidentEvent(at(4, '10:03:00'), true), incidentEvent(at(5, '10:10:00'), true)]);
    const unknown = { ...at(6, '10:00:00'), TimeCreated: null, timeUs: Number.NaN };
    const c = incidentOf('C', 'unknown', [incidentEvent(unknown, true)]);
    expect(ids([c, b, a])).toEqual(['A 1', 'B 4', 'A 2', 'B 5', 'A 3', 'C 6']);
  });
  it('has a record once, as a match rather than as context of another incident', () => {
    const shared = at(1, '10:00:00');
    const a = incidentOf('A', '10:00:00', [incidentEvent(shared, false), incidentEvent(at(2, '10:01:00'), true)]);
    const b = incidentOf('B', '09:55:00', [incidentEvent(shared, true)]);
    expect(ids([a, b])).toEqual(['B 1', 'A 2']);
    expect(ids([b, a])).toEqual(['B 1', 'A 2']);
  });
  it('opens an incident only when its time has come', () => {
    const opened: string[] = [];
    const a = incidentOf(
      'A',
      '10:00:00',
      [incidentEvent(at(1, '10:00:00'), true), incidentEvent(at(2, '10:01:00'), true)],
      opened,
    );
    const b = incidentOf('B', '11:00:00', [incidentEvent(at(3, '11:00:00'), true)], opened);
    const events = timelineEvents({ ...empty, incidents: [b, a] })[Symbol.iterator]();
    events.next();
    expect(opened).toEqual(['A']);
  });
  it('merges many incidents as sorting does', () => {
    let seed = 20261130;
    const random = (below: number) => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return (seed >>> 8) % below;
    };
    const clock = (second: number) => new Date(second * 1000).toISOString().slice(11, 19);
    const all: { readonly us: number; readonly index: number }[] = [];
    const incidents = Array.from({ length: 60 }, (_, i) => {
      const seconds = Array.from({ length: 1 + random(20) }, () => random(86_400)).sort((a, b) => a - b);
      const events = seconds.map((second, j) => incidentEvent(at(i * 100 + j, clock(second)), true));
      all.push(...events.map(({ event }) => ({ us: event.timeUs, index: event.index })));
      return incidentOf(`host${i}`, clock(seconds[0]!), events);
    });
    const merged = [...timelineEvents({ ...empty, incidents })].map(({ event }) => event.event);
    expect(merged.map(({ timeUs }) => timeUs)).toEqual(all.map(({ us }) => us).sort((a, b) => a - b));
    expect(merged.map(({ index }) => index).sort()).toEqual(all.map(({ index }) => index).sort());
  });
});

describe('winnow timeline', () => {
  const LOG = 'fixtures/wmi-subscription.xml';
  const folder = temporaryFolder();
  const timeline = (...argv: string[]) => runWinnow(['timeline', '--no-cache', '-q', LOG, ...argv]);
  const objects = (text: string) =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('prints a line for each event', async () => {
    const { code, out } = await timeline();
    expect(code).toBe(0);
    const [heading, ...lines] = out.trimEnd().split('\n');
    expect(heading).toBe(
      'time (UTC)               lvl   computer                 event            id       incident  what happened  [rules, or why it is shown]',
    );
    expect(lines.map((line) => line.split('  ')[0])).toEqual(lines.map((line) => line.split('  ')[0]).sort());
    expect(lines.map((line) => line.split(/ {2,}/)[1]).filter((level) => level !== '·')).toEqual(['HIGH', 'HIGH', 'MED', 'HIGH']);
    expect(lines).toContain(
      '2026-03-05 09:06:22.190  ·     WKS-07.fabrikam.example  Sysmon 1         6364cb6  00e6316   m.haller: cmd.exe > wmic /namespace:"\\\\root\\subscription" PATH CommandLineEventConsumer CREATE Name="NightlySyncRun", CommandLineTemplate="cmd.exe /c C:\\ProgramData\\NightlySync\\sync.cmd"  [names "NightlySyncRun", process creation]',
    );
  });
  it('has columns on a terminal of any width, and breaks texts between words instead of cutting them', async () => {
    await loadTextWidths();
    const result = await scan({ paths: [LOG], rules: ['rules'], threads: 1 });
    const printed = (style: { readonly width: number; readonly onTerminal: boolean }) =>
      [...reporter.render(result, { colour: false, ...style })].join('').trimEnd().split('\n');
    // Computers stand there without their domain, and long kinds of events are shortened.
    const bare = (text: string) =>
      text
        .replaceAll(/\s+/g, '')
        .replaceAll('WKS-07.fabrikam.example', 'WKS-07')
        .replaceAll(/WMI-A\S{1,3}vity/g, 'WMI-A');
    const whole = bare(printed({ width: 100, onTerminal: false }).join('\n'));
    for (const width of [64, 80, 100, 120, 160, 200]) {
      const lines = printed({ width, onTerminal: true });
      expect(bare(lines.join('\n'))).toBe(whole);
      expect(lines.filter((line) => textWidth(line) > Math.max(width, 77))).toEqual([]);
      const starts = lines.filter((line) => /^[t2]/.test(line));
      const events = starts.map((line) => line.search(/event |Sysmon|Security|PowerShell|WMI-|System /));
      expect([width, new Set(events).size]).toEqual([width, 1]);
      const ids = starts.slice(1).map((line) => line.search(/[0-9a-f]{7} +[0-9a-f]{7}/));
      expect([width, new Set(ids)]).toEqual([width, new Set([starts[0]!.indexOf(' id ') + 1])]);
    }
    await result.close();
  });
  it('has the matched events alone without a look-back, and takes the filters of scan', async () => {
    const { out } = await timeline('--lookback', '0', '--min-level', 'high', '-f', 'jsonl');
    expect(objects(out).map(({ event_identifier, level }) => [event_identifier, level])).toEqual([
      [20, 'high'],
      [21, 'high'],
      [19, 'high'],
    ]);
  });
  it('shows what lies outside of --from and --to as context', async () => {
    const { out } = await timeline('--from', '2026-03-05T09:06:23', '--to', '2026-03-05T09:06:23.1', '-f', 'jsonl');
    const rows = objects(out);
    const within = rows.filter(({ level }) => level !== undefined);
    expect(within.map(({ event_identifier }) => event_identifier)).toEqual([21, 5861]);
    const around = rows.filter(({ level }) => level === undefined).map(({ datetime }) => datetime);
    expect(around.filter((time) => time < '2026-03-05T09:06:23').length).toBeGreaterThan(5);
    expect(around.filter((time) => time > '2026-03-05T09:06:23.1').length).toBeGreaterThan(2);
    // A rule matches the consumer; outside of the time its match is context.
    expect(rows.find(({ event_identifier }) => event_identifier === 20)).toMatchObject({ reason: expect.any(String) });
  });
  it('has what Timesketch asks for, and the ids of all other formats', async () => {
    const scanned = objects((await runWinnow(['scan', '--no-cache', '-q', LOG, '-f', 'jsonl'])).out);
    const matches = scanned.filter(({ kind }) => kind === 'match');
    const rows = objects((await timeline('-f', 'jsonl')).out);
    for (const row of rows) {
      expect(row).toMatchObject({ timestamp_desc: 'Event Logged', datetime: expect.stringMatching(/^[\d-]+T[\d:.]+\+00:00$/) });
      expect(row.message).not.toBe('');
    }
    for (const { event, alert, incident } of matches) {
      const row = rows.find((one) => one.event === event.id);
      expect(row).toMatchObject({ incident, record_number: event.EventRecordID });
      expect(row.alerts.split(' ')).toContain(alert);
    }
  });
  it.each([
    ['csv', /^datetime,timestamp,timestamp_desc,data_type,message,/],
    ['jsonl', /^\{"datetime":/],
    ['txt', /^time \(UTC\) .*\n2026-03-05 08:59:41\.312 {2}·/],
  ])('is written by the ending of its file: %s', async (ending, begins) => {
    const path = join(folder, `timeline.${ending}`);
    expect((await timeline('-o', path)).code).toBe(0);
    expect(readFileSync(path, 'utf8')).toMatch(begins);
  });
  it('refuses an ending that it does not write', async () => {
    const { code, err } = await timeline('-o', join(folder, 'timeline.html'));
    expect(code).toBe(3);
    expect(err).toContain('a timeline ends with .txt, .csv or .jsonl, not ".html"');
  });
});
