/** What users see, as golden files in `golden/`. After a wanted change: `npx vitest run test/report -u`, and read the diff. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { EventSnapshot } from '../../src/model/event.ts';
import { eventIdOf } from '../../src/model/event-id.ts';
import type { Match } from '../../src/model/match.ts';
import { reporters as formats } from '../../src/report/formats/registry.generated.ts';
import { APP_SCRIPT, APP_STYLE } from '../../src/report/html/app.generated.ts';
import type { PageDetails, PageEvent, PageFacts, PageHead } from '../../src/report/html/page-data.ts';
import type { ReportStyle, ScanReport } from '../../src/report/reporter.ts';
import { summaryFacts } from '../../src/report/summary-facts.ts';
import { loadTextWidths, textWidth } from '../../src/report/text-layout.ts';
import { cpuMs } from '../support/cpu-time.ts';
import { expectHarmless, HOSTILE } from '../support/hostile.ts';
import { projectRoot } from '../support/shared.ts';
import { makeAlert, makeEvent, makeMatch, makeSummary, reportOf, rules, sampleReport } from './sample-report.ts';

const reporters = await Promise.all(formats.map(({ load }) => load()));
await loadTextWidths();
for (const reporter of reporters) await reporter.prepare?.({ lookback: true });

function render(
  name: string,
  report: ScanReport = sampleReport,
  width = 80,
  colour = false,
  more: Partial<ReportStyle> = {},
): string {
  const reporter = reporters.find((candidate) => candidate.name === name);
  if (reporter === undefined) throw new Error(`no format ${name}`);
  let text = '';
  // Bytes are used again: each piece is taken before the next is asked for.
  for (const piece of reporter.render(report, { width, colour, ...more })) text += Buffer.from(piece as string).toString('utf8');
  return text;
}

/** The report in each of its forms; most formats have one. */
function allOrders(name: string, report: ScanReport, width = 80): string {
  if (name !== 'terminal') return render(name, report, width);
  const forms: Partial<ReportStyle>[] = [
    {},
    { full: true },
    { brief: true },
    { by: 'rule' },
    { by: 'host' },
    { by: 'time', full: true },
  ];
  return forms.map((form) => render(name, report, width, false, form)).join('');
}
const extensionOf = (name: string) => reporters.find((candidate) => candidate.name === name)?.extension;

/** As JSON holds it. */
const plain = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const nothing = reportOf({ rules, matches: () => [], correlations: [], alerts: [], summary: makeSummary() });

/** A report in which every text from outside is `hostile`, or `other` where it is no value. */
function hostileReport(hostile: string, other = hostile): ScanReport {
  const event = makeEvent(
    0,
    1,
    '10:00:00.0000000',
    { [other]: hostile, CommandLine: hostile },
    { Computer: other, file: other, Channel: other },
  );
  const match = makeMatch(0, event, [{ name: 'CommandLine', value: hostile, modifier: other, pattern: hostile }], other);
  const rule = {
    ...sampleReport.rules[0]!,
    title: hostile,
    description: hostile,
    path: hostile,
    tags: [hostile],
    falsepositives: [hostile],
  };
  return reportOf({
    rules: [rule],
    // The second begins a line with what the log says where a format puts the time first.
    matches: () => [match, { ...match, event: { ...event, index: 1, TimeCreated: null, timeUs: Number.NaN } }],
    correlations: [],
    alerts: [makeAlert(match, null, { notes: [hostile], computer: hostile })],
    summary: makeSummary({
      computers: [{ computer: hostile, events: 1 }],
      channels: [{ channel: hostile, events: 1, covered: false }],
      diagnostics: [{ code: 'x/y', severity: 'error', message: hostile, hint: hostile, place: { file: hostile } }],
      rules: { files: 1, documents: 1, used: 1, filters: 0, notUsed: [{ reason: hostile, count: 1, examples: [hostile] }] },
    }),
  });
}

describe('every format', () => {
  it('has a name, an extension and a description of its own', () => {
    expect(formats.map(({ name, extension }) => [name, extension])).toEqual(
      reporters.map(({ name, extension }) => [name, extension]),
    );
    const owned = reporters.filter(({ ownsExtension }) => ownsExtension).map(({ extension }) => extension);
    expect(owned.sort()).toEqual([...new Set(reporters.map(({ extension }) => extension))].sort());
    for (const { description } of reporters) expect(description).toMatch(/^\S.{10,}[^.]$/);
  });
  it('is listed in docs/output.md (`npx vitest run test/report -u` writes the list)', async () => {
    const path = join(projectRoot, 'docs/output.md');
    const rows = reporters.map(
      ({ name, extension, ownsExtension, description }) =>
        `| \`${name}\` | ${ownsExtension ? `.${extension}` : ''} | ${description} |`,
    );
    const list = ['<!-- formats -->', '| format | ending | what |', '|---|---|---|', ...rows, '<!-- /formats -->'].join('\n');
    const page = readFileSync(path, 'utf8').replace(/<!-- formats -->[\s\S]*<!-- \/formats -->/, () => list);
    expect(page).toContain(list);
    await expect(page).toMatchFileSnapshot(path);
  });
  it.each(reporters.map((reporter) => reporter.name))('%s names every correlation', (name) => {
    const text = allOrders(name, sampleReport);
    for (const { rule } of sampleReport.correlations) expect(text).toContain(sampleReport.rules[rule]!.title);
  });
  it.each(reporters.map((reporter) => reporter.name))('%s is harmless whatever logs and rules hold', (name) => {
    const text = allOrders(name, hostileReport(HOSTILE));
    expectHarmless(name === 'html' ? withoutApp(text) : text, extensionOf(name));
  });
  it.each(reporters.map((reporter) => reporter.name))('%s is harmless and quick with values of 250,000 characters', (name) => {
    const long = HOSTILE.repeat(Math.ceil(25e4 / HOSTILE.length));
    expect(cpuMs(() => expectHarmless(allOrders(name, hostileReport(long, 'short'))))).toBeLessThan(10_000);
  });
  it.each(reporters.map((reporter) => reporter.name))('%s ends with a line break, also when nothing was found', (name) => {
    expect(render(name).endsWith('\n')).toBe(true);
    // Of one object per match, no match is an empty file: a blank line is no JSON.
    expect(render(name, nothing)).toMatch(/^$|\n$/);
  });
});

describe('terminal', () => {
  it('shows what happened at a glance, then incidents', async () => {
    await expect(render('terminal')).toMatchFileSnapshot('golden/terminal-80.txt');
  });
  it('shows alerts as well, the most severe first, and the whole account', async () => {
    await expect(render('terminal', sampleReport, 80, false, { full: true })).toMatchFileSnapshot('golden/terminal-full.txt');
  });
  it.each(['rule', 'host', 'time'] as const)('has sections by %s', async (by) => {
    await expect(render('terminal', sampleReport, 100, false, { by })).toMatchFileSnapshot(`golden/terminal-by-${by}.txt`);
  });
  it('is its head alone', () => {
    const whole = render('terminal');
    const brief = render('terminal', sampleReport, 80, false, { brief: true });
    expect(brief.split('\n\n')[0]).toBe(whole.split('\n\n')[0]);
    expect(brief).not.toContain('BotConsumer23');
    expect(brief).toContain('\nRules that fired\n  HIGH ');
  });
  it('uses a wide terminal', async () => {
    await expect(render('terminal', sampleReport, 160)).toMatchFileSnapshot('golden/terminal-160.txt');
  });
  it('shows what matched in colour', async () => {
    await expect(render('terminal', sampleReport, 80, true)).toMatchFileSnapshot('golden/terminal-colour.txt');
  });
  it.each([64, 80, 100, 160])('stays within %i columns', (width) => {
    for (const line of allOrders('terminal', sampleReport, width).split('\n')) expect(textWidth(line)).toBeLessThanOrEqual(width);
  });
  it('says what to do when nothing matched', () => {
    expect(render('terminal', nothing)).toBe(`Summary
  found        no matches
  read         1 file (xml), 35 kB, 13 records
  time         2019-05-11 17:56:12 to 17:58:55 UTC (2 min 43 s)
  computers    IEWIN7 13
  rules        5 used of 5 rules in 4 files
  channels     Sysmon 13
  next         Nothing matched. "winnow search" finds in these logs what no rule
               looks for.
`);
  });
  it('says where more rules are only to those who named none', () => {
    const { rules } = nothing.summary;
    const shipped = { ...nothing, summary: { ...nothing.summary, rules: { ...rules, shipped: true as const } } };
    expect(render('terminal', shipped)).toContain('For more rules name a folder of them with -r');
  });
  it('says what to do when nothing could be read', () => {
    const totals = { ...makeSummary().totals, records: 0, bytes: 0 };
    const summary = makeSummary({ totals, files: [], channels: [], computers: [], from: null, to: null });
    expect(render('terminal', { ...nothing, summary })).toBe(`Summary
  found        no matches
  read         0 files, 0 B, 0 records
  rules        5 used of 5 rules in 4 files
  next         No event was read. Name EVTX, Event XML, JSON or CSV exports, or
               folders of them.
`);
  });
  it('says so when it was interrupted, or when no rule looks at these logs', () => {
    const interrupted = render('terminal', { ...nothing, summary: makeSummary({ interrupted: true }) });
    expect(interrupted).toContain('next         Interrupted: this is what was found until then. Run it again');
    const found = { ...sampleReport, summary: { ...sampleReport.summary, interrupted: true } };
    expect(render('terminal', found)).toContain('interrupted: this is what was found until then');
    const uncovered = render('terminal', {
      ...nothing,
      summary: makeSummary({ channels: [{ channel: 'Security', events: 5, covered: false }] }),
    });
    expect(uncovered).toContain('next         No rule in use looks at the channels of these logs.');
    const nameless = makeSummary({ channels: [{ channel: '', events: 5, covered: false }] });
    expect(render('terminal', { ...nothing, summary: nameless })).toContain(
      'next         No record names its channel: see the problems.',
    );
  });
  it('shows the first alerts of a busy rule in full, some in short, and counts the rest', () => {
    const alerts = Array.from({ length: 40 }, (_, i) => {
      const event = makeEvent(i, 1, `10:${String(i).padStart(2, '0')}:00.0000000`, { CommandLine: `cmd ${i}` });
      return makeAlert(makeMatch(0, event, [{ name: 'CommandLine', value: `cmd ${i}`, modifier: 'contains', pattern: 'cmd' }]));
    });
    const matches = () => alerts.map(({ match }) => match as Match);
    const busy = reportOf({ ...nothing, matches, alerts, summary: makeSummary({ matches: 40, alerts: 40 }) });
    const text = render('terminal', busy, 80, false, { full: true });
    expect(text.match(/contains cmd/g)).toHaveLength(3);
    expect(text.match(/^ {2}\[\d+\]/gm)).toHaveLength(13);
    expect(text).toContain('and 27 alerts more of this rule');
  });
});

describe('jsonl', () => {
  it('has one object a line: matches, correlations, incidents, the summary', async () => {
    const text = render('jsonl');
    const objects = text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string });
    expect(objects.map((object) => object.kind)).toEqual([
      ...Array<string>(7).fill('match'),
      'correlation',
      'incident',
      'summary',
    ]);
    await expect(text).toMatchFileSnapshot('golden/report.jsonl');
  });
  it('has nothing in it that differs from run to run', () => {
    const later = { ...sampleReport, summary: { ...sampleReport.summary, elapsedMs: 99 } };
    expect(render('jsonl', later)).toBe(render('jsonl'));
  });
  it('marks a recovered record', () => {
    const event = makeEvent(0, 1, '10:00:00.0000000', {}, { recovered: true });
    const line = render('jsonl', reportOf({ ...nothing, matches: () => [makeMatch(0, event, [])] })).split('\n')[0] ?? '';
    expect((JSON.parse(line) as { event: { recovered: boolean } }).event.recovered).toBe(true);
  });
});

describe('json', () => {
  it('is an array of the same objects', () => {
    const lines = render('jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);
    expect(JSON.parse(render('json'))).toEqual(lines);
  });
});

describe('csv', () => {
  it('has one row per match and correlation, by time', async () => {
    await expect(render('csv')).toMatchFileSnapshot('golden/report.csv');
  });
  it('keeps a cell within what spreadsheets take, and every character of shorter ones', () => {
    const umlauts = `K\u00f6ln ${'\u00e4'.repeat(30_000)}`;
    const event = makeEvent(0, 1, '10:00:00.1234567', { CommandLine: umlauts, Long: '\u202e'.repeat(40_000) });
    const text = render('csv', reportOf({ ...nothing, matches: () => [makeMatch(0, event, [])] }));
    expect(text.startsWith('\ufeffTimestamp,')).toBe(true);
    expect(text).toContain('2019-05-11T10:00:00.1234567Z');
    expect(text).toContain(`CommandLine: ${umlauts} \u00a6 Long: \u27e8U+202E\u27e9`);
    for (const cell of text.split(',')) expect(cell.length).toBeLessThanOrEqual(32_767);
  });
});

describe('markdown', () => {
  it('says how many more computers there are than it names', () => {
    const matches = Array.from({ length: 7 }, (_, i) =>
      makeMatch(0, makeEvent(i, 1, '10:00:00.0000000', {}, { Computer: `PC${i}` }), []),
    );
    const alerts = matches.map((match) => makeAlert(match));
    expect(render('markdown', reportOf({ ...nothing, matches: () => matches, alerts }))).toContain('PC4 and 2 more |');
  });
  it('reads as a report', async () => {
    await expect(render('markdown')).toMatchFileSnapshot('golden/report.md');
  });
});

const DATA_BLOCK =
  /<script type="application\/octet-stream" data-block="(\w+)" data-bytes="(\d+)">([A-Za-z0-9+/=]*)<\/script>\n/g;

/** The page without the one script, its style and its data, which a browser does not run. */
function withoutApp(html: string): string {
  return html.replace(DATA_BLOCK, '').replace(`<script>${APP_SCRIPT}</script>`, '').replace(`<style>${APP_STYLE}</style>`, '');
}

function embedded(html: string): { kind: string; value: unknown }[] {
  return [...html.matchAll(DATA_BLOCK)].map(([, kind, bytes, packed]) => {
    const json = inflateSync(Buffer.from(packed!, 'base64'));
    expect(json.length).toBe(Number(bytes));
    const text = json.toString('utf8');
    const value: unknown = kind === 'details' ? text.split('\n').map((line) => JSON.parse(line)) : JSON.parse(text);
    return { kind: kind!, value };
  });
}

describe('html', () => {
  it('allows its one script and its one style, and no connection', () => {
    const html = render('html');
    const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)?.[1];
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy).toBe(
      `default-src 'none'; script-src ${hash(APP_SCRIPT)}; style-src ${hash(APP_STYLE)}; base-uri 'none'; form-action 'none'`,
    );
    expect(html).toContain(`<script>${APP_SCRIPT}</script>`);
    expect(html).toContain(`<style>${APP_STYLE}</style>`);
    // Nothing in them ends the element that they are in, or begins a comment.
    expect(APP_SCRIPT).not.toMatch(/<\/script|<!--/i);
    expect(APP_STYLE).not.toMatch(/<\/style|@import|url\(/i);
  });
  it('is well-formed without its script: a list, without handlers or addresses to load from', async () => {
    const html = withoutApp(render('html'));
    const xml = html.replace('<!doctype html>', '').replace(/<(meta|br)\b([^>]*)>/g, '<$1$2/>');
    expect(XMLValidator.validate(xml)).toBe(true);
    const names = new Set<string>();
    const attributes = new Set<string>();
    const walk = (node: unknown): void => {
      if (Array.isArray(node)) for (const item of node) walk(item);
      else if (node !== null && typeof node === 'object')
        for (const [name, child] of Object.entries(node)) {
          if (name === ':@') for (const attribute of Object.keys(child as object)) attributes.add(attribute);
          else if (!name.startsWith('#')) {
            names.add(name);
            walk(child);
          }
        }
    };
    walk(new XMLParser({ preserveOrder: true, ignoreAttributes: false, attributeNamePrefix: '' }).parse(xml));
    expect([...names].sort()).toEqual(
      'body br code div h1 h2 head html meta noscript p span table tbody td th title tr'.split(' '),
    );
    expect([...attributes].sort()).toEqual(['charset', 'class', 'content', 'http-equiv', 'id', 'lang', 'name']);
    await expect(html.replace(/'sha256-[^']*'/g, "'sha256-...'")).toMatchFileSnapshot('golden/report.html');
  });
  it('holds every event whole, once, with all its rules', async () => {
    const blocks = embedded(render('html'));
    expect(blocks.map(({ kind }) => kind)).toEqual(['events', 'details', 'head']);
    const details = blocks[1]!.value as PageDetails[];
    const events = (blocks[0]!.value as PageFacts[]).map((facts, i): PageEvent => ({ ...facts, ...details[i]! }));
    const { facts, rules: named, ...head } = blocks[2]!.value as PageHead;
    expect(facts).toEqual(plain(summaryFacts(sampleReport)));
    expect(named).toEqual(named.map(({ title }) => plain(rules.find((rule) => rule.title === title))));
    const titles = new Map<string, string[]>();
    const records = new Map<string, EventSnapshot>();
    for (const { event, rule } of sampleReport.matches()) {
      titles.set(eventIdOf(event), [...(titles.get(eventIdOf(event)) ?? []), rules[rule]!.title]);
      records.set(eventIdOf(event), event);
    }
    for (const { lookback } of sampleReport.alerts)
      for (const { event } of [...(lookback?.related ?? []), ...(lookback?.after ?? [])]) records.set(eventIdOf(event), event);
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length);
    expect([...titles.keys()].filter((id) => !events.some((event) => event.id === id))).toEqual([]);
    const told = events.map(({ id, file, index, offset, recovered, record, time, us, system, data, ...more }) => {
      const { provider, channel, eventId, host, ...derived } = more;
      const { TimeCreated, timeUs, Provider, Channel, EventID, Computer, ...own } = records.get(id)!;
      const { EventRecordID, ...place } = plain(own);
      expect({ file, index, offset, recovered, system, data }).toEqual(place);
      expect([record, time, us]).toEqual([EventRecordID, TimeCreated, Number.isNaN(timeUs) ? null : timeUs]);
      expect([provider, channel, eventId, host]).toEqual([Provider, Channel, EventID, Computer]);
      const hits = derived.hits.map(({ rule }) => named[rule]!.title);
      expect(hits).toEqual(expect.arrayContaining(titles.get(id) ?? []));
      return { id, ...derived };
    });
    await expect(`${JSON.stringify([told, head], null, 1)}\n`).toMatchFileSnapshot('golden/report.html.json');
  });
});
