/** `winnow show ID`: what a report names is found again by the id that it printed. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { runWinnow } from '../cli/test-context.ts';
import { temporaryFolder } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

const cwd = projectRoot;
const LOG = 'fixtures/wmi-subscription.xml';
const folder = temporaryFolder();

const winnow = (...argv: string[]) => runWinnow([...argv], { cwd });
const show = (...argv: string[]) => winnow('show', ...argv);

interface Line {
  readonly kind: string;
  readonly id?: string;
  readonly rule?: { readonly title: string };
  readonly event?: { readonly id: string; readonly EventRecordID: number };
  readonly alert?: string;
  readonly incident?: string;
}
let lines: readonly Line[] = [];
const report = (ending: string) => join(folder, `case.${ending}`);

beforeAll(async () => {
  for (const ending of ['jsonl', 'json', 'html']) {
    const { code } = await winnow('scan', '--no-cache', '-q', LOG, '-o', report(ending));
    expect(code).toBe(0);
  }
  const { out } = await winnow('scan', '--no-cache', LOG, '-f', 'jsonl');
  lines = out
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
});

const matches = () => lines.filter(({ kind }) => kind === 'match');
const incident = () => lines.find(({ kind }) => kind === 'incident')!.id!;
/** The matched records by time, as the log has them from last to first. */
const byTime = () => [...new Set(matches().map(({ event }) => event!.EventRecordID))].reverse();
const records = (json: string) =>
  json
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line).Event.System.EventRecordID as number);

describe('winnow show ID', () => {
  it('finds every event of a report, by the whole id or by the seven digits that the terminal shows', async () => {
    expect(matches().length).toBeGreaterThan(3);
    for (const { event } of matches()) {
      const { id, EventRecordID } = event!;
      const whole = await show(id, LOG);
      expect(whole.code).toBe(0);
      expect(whole.out).toContain(`record ${EventRecordID} of`);
      expect(whole.out).toContain(`\nevent ${id}\n`);
      expect(await show(id.slice(0, 7).toUpperCase(), LOG)).toEqual(whole);
    }
  });
  it('shows an incident as the report does, then its events', async () => {
    const { code, out } = await show('--no-cache', incident(), LOG);
    expect(code).toBe(0);
    expect(out).toMatch(/^1 {2}HIGH {2}WKS-07\.fabrikam\.example/);
    expect(out).toContain('consumer "NightlySyncRun"');
    const ids = new Set(matches().map(({ event }) => event!.id));
    expect([...out.matchAll(/^event ([0-9a-f]{12})$/gm)].map(([, id]) => id)).toEqual([...ids].reverse());
  });
  it('shows an alert with why it matched, then its event', async () => {
    const { alert, event, rule } = matches()[0]!;
    const { code, out } = await show('--no-cache', alert!, LOG);
    expect(code).toBe(0);
    expect(out).toContain(`${rule!.title}\n`);
    expect(out).toContain(`\nevent ${event!.id}\n`);
  });
  it('gives the records alone, all of an incident', async () => {
    const { out } = await show('--no-cache', incident(), LOG, '-f', 'json');
    expect(records(out)).toEqual(byTime());
  });
  it.each(['jsonl', 'json', 'html'])('looks ids up in a report: %s', async (ending) => {
    const own = ['--report', report(ending), '-f', 'json'];
    const { alert, event } = matches()[0]!;
    // The report names the log, which is then read.
    expect(records((await show(event!.id, ...own)).out)).toEqual([event!.EventRecordID]);
    expect(records((await show(alert!, ...own)).out)).toEqual([event!.EventRecordID]);
    expect(records((await show(incident(), ...own, LOG)).out)).toEqual(byTime());
  });
  it.each(['jsonl', 'json', 'html'])('looks up a correlation, by its alert and by its records: %s', async (ending) => {
    const rule = join(folder, 'burst.yml');
    writeFileSync(
      rule,
      `title: any
name: any
logsource: {product: windows, service: sysmon}
detection: {s: {Channel|contains: Sysmon}, condition: s}
---
title: burst
correlation: {type: event_count, rules: [any], group-by: [Computer], timespan: 15m, condition: {gte: 2}}
`,
    );
    const path = join(folder, `burst.${ending}`);
    const { code } = await winnow('scan', '--no-cache', '-q', LOG, '-r', rule, '-o', path);
    expect(code).toBe(0);
    const { out } = await winnow('scan', '--no-cache', LOG, '-r', rule, '-f', 'jsonl');
    const found = out.split('\n').filter((line) => line.startsWith('{"kind":"correlation"'));
    const { alert, incident: id, events } = JSON.parse(found[0]!);
    expect(events.length).toBeGreaterThan(1);
    const numbers = events.map((event: { EventRecordID: number }) => event.EventRecordID).sort();
    for (const one of [alert, id]) expect(records((await show(one, '--report', path, '-f', 'json')).out).sort()).toEqual(numbers);
    expect(records((await show(events[0].id, '--report', path, '-f', 'json')).out)).toEqual([events[0].EventRecordID]);
  });
  it('shows an event that no rule matched, which a report names as related', async () => {
    const own = ['--report', report('jsonl'), '-f', 'json'];
    const related = JSON.parse(JSON.stringify(lines)) as { lookback?: { related: { id: string; EventRecordID: number }[] } }[];
    const [first] = related.flatMap(({ lookback }) => lookback?.related ?? []);
    expect(records((await show(first!.id, ...own)).out)).toEqual([first!.EventRecordID]);
  });
  it('shows a record once that is in two logs, and says so', async () => {
    const { event } = matches()[0]!;
    const { out } = await show(event!.id, LOG, 'fixtures/wmi-subscription.jsonl');
    expect(out.match(/^event .*$/gm)).toEqual([`event ${event!.id}, also in fixtures/wmi-subscription.jsonl`]);
  });
  it('finds records without a number by their data', async () => {
    const log = join(folder, 'plain.jsonl');
    const line = (CommandLine: string) =>
      JSON.stringify({ EventID: 1, Channel: 'Microsoft-Windows-Sysmon/Operational', Computer: 'A', CommandLine });
    writeFileSync(log, `${line('one')}\n${line('two')}\n`);
    const rule = join(folder, 'two.yml');
    writeFileSync(
      rule,
      'title: two\nlogsource: {product: windows, category: process_creation}\ndetection: {s: {CommandLine: two}, condition: s}\n',
    );
    const { out } = await winnow('scan', '--no-cache', log, '-r', rule, '-f', 'jsonl');
    const { id } = JSON.parse(out.split('\n')[0]!).event;
    expect((await show(id, log)).out).toMatch(/CommandLine {2}two\n/);
  });
  it('says what it did not find, and what may be the reason', async () => {
    const { code, out, err } = await show('--no-cache', 'fedcba9', LOG);
    expect([code, out]).toEqual([4, '']);
    expect(err).toContain('no event, alert or incident whose id begins with fedcba9 is in 29 records of 1 log.');
    expect(err).toContain('-r RULES');
    const inReport = await show('fedcba9', '--report', report('html'));
    expect([inReport.code, inReport.out]).toEqual([4, '']);
    expect(inReport.err).toContain('case.html has no event, alert or incident');
  });
  it.each([
    [['fedcba9'], 3, 'name the logs that fedcba9 is in'],
    [['fixtures/security.xml'], 3, 'write FILE:RECORD'],
    [['fedcba9', '-'], 3, 'cannot read standard input'],
    [['fedcba9', '--report', LOG], 4, 'is no report of winnow'],
    [['fedcba9', '--report', 'nowhere.jsonl'], 4, 'nowhere.jsonl'],
    [['fedcba9', 'nowhere.evtx'], 4, 'nowhere.evtx'],
  ])('refuses %j', async (argv, code, text) => {
    const { err, ...rest } = await show('--no-cache', ...argv);
    expect(rest).toEqual({ code, out: '' });
    expect(err).toContain(text);
  });
  it('asks for more where several ids begin so', async () => {
    const path = join(folder, 'two.jsonl');
    const match = (id: string) => JSON.stringify({ kind: 'match', event: { id, file: LOG }, alert: null, incident: null });
    writeFileSync(path, `${match('abcdef012345')}\n${match('abcdef099999')}\n`);
    const { code, err } = await show('abcdef0', '--report', path);
    expect(code).toBe(3);
    expect(err).toContain('event abcdef012345, event abcdef099999. Write more of it.');
  });
});
