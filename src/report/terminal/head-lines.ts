/**
 * The overview at the top of the report for reading: how much, when, where, who, and what needs attention. In: views of
 * incidents. Out: lines.
 */
import { eventsRead } from '../../model/match.ts';
import { LEVELS, type Level, SHORT_LEVELS } from '../../model/rule.ts';
import { evidenceTexts } from '../evidence-account.ts';
import type { ScanReport } from '../reporter.ts';
import { visibleText } from '../sanitize.ts';
import { diagnosticTexts, tuningText } from '../summary-facts.ts';
import { elideMiddle, padEnd, textWidth, wrapText } from '../text-layout.ts';
import { counted, grouped, secondsText } from '../wording.ts';
import { type Canvas, paintLevel } from './alert-lines.ts';
import { Counts, type IncidentView } from './incident-view.ts';
import { itemLines } from './item-lines.ts';

const LABEL_WIDTH = 10;
const HOSTS_SHOWN = 8;
const NAMES_SHOWN = 8;
/** Times at which logs were cleared. */
const CLEARS_SHOWN = 12;
const PORTS_SHOWN = 6;
/** Lines of a list of names. */
const LIST_LINES = 4;
/** Lines of a text, which may be longer than anyone reads. */
const TEXT_LINES = 6;
/** How many problems are listed here. The summary of `--full` has all. */
const PROBLEMS_SHOWN = 3;
/** How many bars there may be. With more days, one bar stands for several. */
const MAX_BARS = 60;
const LEAST_BARS = 8;
const MAX_NAME = 64;
const BARS = '▁▂▃▄▅▆▇█';
const MS_PER_DAY = 86_400_000;

export function* headLines(report: ScanReport, views: readonly IncidentView[], canvas: Canvas): Iterable<string> {
  const { paint } = canvas;
  const { incidents, incidentCount, summary, rules } = report;
  const events = incidents.reduce((sum, { eventCount }) => sum + eventCount, 0);
  const fired = new Set(incidents.flatMap((incident) => incident.rules)).size;
  const computers = new Set(incidents.map(({ computer }) => computer.toLowerCase())).size;
  const cut = incidents.length < incidentCount ? `, the worst ${grouped(incidents.length)}` : '';
  const found = `${counted(incidentCount, 'incident')}${cut} on ${counted(computers, 'computer')}: ${grouped(events)} of ${counted(eventsRead(summary.totals), 'event')} (${levelsText(levelSums(report))}) matched ${counted(fired, 'rule')}; times are UTC`;
  for (const line of wrapText(found, canvas.width)) yield paint.bold(line);
  for (const [i, line] of evidenceTexts(report.summary).entries())
    yield* factLines(i === 0 ? 'evidence' : '', textLines(line, canvas), canvas);
  yield* factLines('settings', listLines(summary.settings ?? [], canvas), canvas);
  yield* factLines('tuning', textLines(tuningText(summary), canvas), canvas);
  if (rules.length === 0) return;
  yield* hostLines(views, canvas);
  const users = listLines(mostFrequent(views.flatMap((view) => view.users)), canvas);
  yield* sideBySide('users', users, 'addresses', listLines(addressTexts(views), canvas), canvas);
  yield* factLines('tactics', listLines(tacticsOf(views), canvas, Number.POSITIVE_INFINITY), canvas);
  const beware = [...clearedLines(report, canvas), ...bewareTexts(report, views).flatMap((text) => textLines(text, canvas))];
  yield* factLines('beware', beware, canvas);
}

function levelSums({ incidents }: ScanReport): Readonly<Record<string, number>> {
  const sums: Record<string, number> = {};
  for (const { levels } of incidents) for (const [level, n] of Object.entries(levels)) sums[level] = (sums[level] ?? 0) + n;
  return sums;
}

const ORDER = [...LEVELS].reverse();

/** `1 critical, 4 high`: events by their highest level. */
function levelsText(levels: Readonly<Record<string, number>>): string {
  return [...ORDER, 'none']
    .flatMap((level) =>
      levels[level] === undefined ? [] : [`${grouped(levels[level])} ${level === 'none' ? 'without level' : level}`],
    )
    .join(', ');
}

/** A row per computer: its days as bars, and its events by level. */
function* hostLines(views: readonly IncidentView[], canvas: Canvas): Iterable<string> {
  const { paint, width } = canvas;
  const hosts = new Map<
    string,
    { readonly name: string; readonly levels: Record<string, number>; readonly days: Map<number, number> }
  >();
  for (const { incident } of views) {
    const key = incident.computer.toLowerCase();
    const host = hosts.get(key) ?? { name: incident.computer.slice(0, MAX_NAME), levels: {}, days: new Map<number, number>() };
    hosts.set(key, host);
    for (const [level, count] of Object.entries(incident.levels)) host.levels[level] = (host.levels[level] ?? 0) + count;
    const day = Math.floor(incident.firstUs / 1000 / MS_PER_DAY);
    if (!Number.isNaN(day)) host.days.set(day, (host.days.get(day) ?? 0) + incident.eventCount);
  }
  const all = [...hosts.values()];
  const shown = all.slice(0, HOSTS_SHOWN);
  const days = all.flatMap((host) => [...host.days.keys()]);
  const first = days.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const last = days.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const hostNames = shown.map(({ name }) => visibleText(name || '(no name)'));
  const levels = shown.map((host) => levelsText(host.levels));
  const nameRoom = width - LABEL_WIDTH - 2 - Math.max(...levels.map((text) => text.length));
  // A name that leaves no room for numbers has a line of its own.
  const nameWidth = Math.max(0, ...hostNames.map(textWidth).filter((columns) => columns <= nameRoom));
  const isLong = hostNames.map((name) => textWidth(name) > nameRoom);
  const texts = hostNames.map((name, i) => `${padEnd(isLong[i] ? '' : name, nameWidth)}  ${levels[i]}`);
  const widest = Math.max(...texts.map(textWidth));
  const room = Math.min(MAX_BARS, width - LABEL_WIDTH - widest - 2);
  const span = last - first + 1;
  // Bars of the same days stand below one another. Where there is not enough room for them, no row has bars.
  const perBar = Math.max(1, Math.ceil(span / Math.max(room, LEAST_BARS)));
  const hasBars = Math.ceil(span / perBar) <= room;
  const most = all.reduce((max, host) => Math.max(max, ...barsOf(host.days, first, last, perBar)), 1);
  const range = rangeOf(first, last, hasBars ? perBar : 1);
  let told = false;
  for (const [i, host] of shown.entries()) {
    const bars = barsOf(host.days, first, last, perBar).map((n) =>
      n === 0 ? '·' : BARS[Math.ceil((n / most) * BARS.length) - 1]!,
    );
    const graph = hasBars && bars.length > 0 ? `  ${bars.join('')}` : '';
    const text = graph === '' ? texts[i]! : padEnd(texts[i]!, widest);
    if (isLong[i]) yield `${label(i === 0 ? 'hosts' : '', paint)}${elideMiddle(hostNames[i]!, width - LABEL_WIDTH)}`;
    const line = `${label(i === 0 && !isLong[i] ? 'hosts' : '', paint)}${text}${paint.cyan(graph)}`;
    const used = LABEL_WIDTH + textWidth(text) + graph.length + 2 + range.length;
    const fits = i === 0 && range !== '' && used <= width;
    if (fits) told = true;
    yield fits ? `${line}  ${paint.dim(range)}` : line;
  }
  if (all.length > shown.length) yield `${label('', paint)}and ${counted(all.length - shown.length, 'more computer')}`;
  if (!told && range !== '') yield `${label('days', paint)}${range}`;
}

function barsOf(days: ReadonlyMap<number, number>, first: number, last: number, perBar: number): number[] {
  if (!Number.isFinite(first)) return [];
  const bars = new Array<number>(Math.floor((last - first) / perBar) + 1).fill(0);
  for (const [day, count] of days) bars[Math.floor((day - first) / perBar)]! += count;
  return bars;
}

/** The range of days, and how many days each bar stands for. */
function rangeOf(first: number, last: number, perBar: number): string {
  if (!Number.isFinite(first)) return '';
  if (first === last) return dayText(first);
  return `${dayText(first)} to ${dayText(last)}${perBar === 1 ? '' : `, a bar is ${perBar} days`}`;
}

function dayText(day: number): string {
  return new Date(day * MS_PER_DAY).toISOString().slice(0, 10);
}

function label(text: string, paint: Canvas['paint']): string {
  return paint.dim(padEnd(text, LABEL_WIDTH));
}

function* factLines(name: string, lines: readonly string[], { paint }: Canvas): Iterable<string> {
  const paintLabel = name === 'beware' ? paint.yellow : paint.dim;
  for (const [i, line] of lines.entries()) yield `${paintLabel(padEnd(i === 0 ? name : '', LABEL_WIDTH))}${line}`;
}

/** Two lists on one line, where they fit. */
function* sideBySide(
  name: string,
  lines: readonly string[],
  otherName: string,
  others: readonly string[],
  canvas: Canvas,
): Iterable<string> {
  const line = [...lines, ...others].join(`  ${otherName}  `);
  if (lines.length === 1 && others.length === 1 && textWidth(line) <= canvas.width - LABEL_WIDTH)
    yield* factLines(name, [`${lines[0]}  ${canvas.paint.dim(otherName)}  ${others[0]}`], canvas);
  else {
    yield* factLines(name, lines, canvas);
    yield* factLines(otherName, others, canvas);
  }
}

function textLines(text: string, { width }: Canvas): readonly string[] {
  return text === '' ? [] : wrapText(visibleText(text), width - LABEL_WIDTH, TEXT_LINES);
}

function listLines(items: readonly string[], { width }: Canvas, most = NAMES_SHOWN): readonly string[] {
  return itemLines(items.map(visibleText), width - LABEL_WIDTH, { items: most, lines: LIST_LINES });
}

function mostFrequent(all: readonly string[]): readonly string[] {
  const counts = new Counts();
  for (const name of all) counts.add(name);
  return counts.names();
}

/** `10.0.2.19:4444,33474`: each address once, with its ports; those that most events name come first. */
function addressTexts(views: readonly IncidentView[]): readonly string[] {
  const counts = new Counts();
  const ports = new Map<string, Set<number>>();
  for (const { address, port, events } of views.flatMap(({ addresses }) => addresses)) {
    counts.add(address, events);
    const key = address.toLowerCase();
    const known = ports.get(key) ?? new Set();
    ports.set(key, port === null ? known : known.add(port));
  }
  return counts.names().map((address) => {
    const own = [...(ports.get(address.toLowerCase()) ?? [])].sort((a, b) => a - b);
    if (own.length === 0) return address;
    const rest = own.length - PORTS_SHOWN;
    const host = address.includes(':') ? `[${address}]` : address;
    return `${host}:${own.slice(0, PORTS_SHOWN).join(',')}${rest > 0 ? ` and ${counted(rest, 'port')} more` : ''}`;
  });
}

function tacticsOf(views: readonly IncidentView[]): readonly string[] {
  const counts = new Counts();
  for (const { incident } of views) for (const tactic of incident.tactics) counts.add(tactic, incident.eventCount);
  return counts.names();
}

/** When which log was cleared, by computer. The same clearing in a copy of the log is counted once. */
function clearedLines({ summary: { logCleared } }: ScanReport, { width }: Canvas): readonly string[] {
  const keys = logCleared.map(({ Computer, TimeCreated, EventRecordID }) => `${Computer} ${TimeCreated} ${EventRecordID}`);
  const once = logCleared.filter((_, i) => keys.indexOf(keys[i]!) === i);
  if (once.length === 0) return [];
  const times = new Map<string, string[]>();
  for (const { Computer, TimeCreated } of once) times.set(Computer, [...(times.get(Computer) ?? []), secondsText(TimeCreated)]);
  const items = [...times].flatMap(([computer, own]) =>
    own.sort().map((time, i) => (i === 0 ? `on ${computer.slice(0, MAX_NAME)} ${time}` : time)),
  );
  const limits = { items: CLEARS_SHOWN, lines: TEXT_LINES };
  return itemLines(items.map(visibleText), width - LABEL_WIDTH, limits, `log cleared ${counted(once.length, 'time')}:`);
}

function bewareTexts(report: ScanReport, views: readonly IncidentView[]): readonly string[] {
  const { summary, incidents } = report;
  const texts: string[] = [];
  const { diagnostics, rules, totals } = summary;
  if (summary.interrupted) texts.push('interrupted: this is what was found until then');
  const left = views.reduce((sum, view) => sum + view.left, 0);
  if (left > 0)
    texts.push(`${counted(left, 'matched event')} not looked at for this page: --format jsonl and html have them all`);
  const blind = incidents.reduce((sum, { lookback }) => sum + lookback.alerts - lookback.done, 0);
  if (blind > 0 && incidents.some(({ lookback }) => lookback.done > 0))
    texts.push(`${counted(blind, 'alert')} without look-back: what happened before them was not looked up`);
  const empty = summary.files.filter((file) => eventsRead(file) === 0).length;
  if (empty > 0) texts.push(`${counted(empty, 'file')} of ${grouped(summary.files.length)} gave no record`);
  if (totals.damaged > 0) texts.push(`${counted(totals.damaged, 'record')} damaged`);
  const unused = rules.notUsed
    .filter(({ reason }) => /^refused|^placeholder/.test(reason))
    .reduce((sum, { count }) => sum + count, 0);
  if (unused > 0) texts.push(`${counted(unused, 'rule')} refused: winnow lint says why`);
  texts.push(
    ...diagnosticTexts(
      diagnostics.filter(({ severity }) => severity !== 'info'),
      PROBLEMS_SHOWN,
    ),
  );
  return texts;
}

export function levelTag(level: Level | null, paint: Canvas['paint']): string {
  const text = level === null ? '-' : SHORT_LEVELS[level].toUpperCase();
  return paintLevel(paint, level)(padEnd(text, LEVEL_WIDTH));
}

export const LEVEL_WIDTH = 4;
