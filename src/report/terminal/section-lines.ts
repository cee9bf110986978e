/**
 * The sections of the report for reading. In: views of incidents, and how to divide them. Out: lines for each section. Every
 * event is in some section.
 */
import { addTo } from '../../model/values/maps.ts';
import { ruleOf } from '../json-objects.ts';
import type { ReportOrder, ScanReport } from '../reporter.ts';
import { severityOf } from '../rule-groups.ts';
import { visibleText } from '../sanitize.ts';
import { shortHostNames } from '../summaries/short-host-names.ts';
import { elide, textWidth } from '../text-layout.ts';
import { counted } from '../wording.ts';
import type { Canvas } from './alert-lines.ts';
import { levelTag } from './head-lines.ts';
import { incidentLines, labelWidth, type RowOptions, rowLines } from './incident-lines.ts';
import type { EventRow, IncidentView } from './incident-view.ts';

/** How many incidents are shown, the worst first. The rest is counted. */
const INCIDENTS_SHOWN = 20;
/** How many rows of a list by rule or time are shown. */
const ROWS_SHOWN = 200;
/** Limit on the columns for the name of a computer in these rows. */
const MAX_HOST = 15;

export function* sectionLines(
  report: ScanReport,
  views: readonly IncidentView[],
  by: ReportOrder,
  full: boolean,
  canvas: Canvas,
): Iterable<Iterable<string>> {
  switch (by) {
    case 'rule':
      yield* ruleSections(report, views, full, canvas);
      return;
    case 'time':
      yield dayLines(shortNamed(views).sort(byTime), full, canvas);
      return;
    default: {
      const order = by === 'host' ? [...views].sort(byHost) : views;
      const shown = full ? order : order.slice(0, INCIDENTS_SHOWN);
      for (const view of shown) yield incidentLines(view, views.indexOf(view) + 1, full, canvas);
      const rest = order.length - shown.length;
      if (rest > 0) yield [canvas.paint.dim(`and ${counted(rest, 'more incident')}; --full, --format jsonl and html have them`)];
    }
  }
}

function byTime(a: EventRow, b: EventRow): number {
  if (Number.isNaN(a.timeUs) || Number.isNaN(b.timeUs)) return Number(Number.isNaN(a.timeUs)) - Number(Number.isNaN(b.timeUs));
  return a.timeUs - b.timeUs;
}

function byHost(a: IncidentView, b: IncidentView): number {
  const [left, right] = [a.incident.computer.toLowerCase(), b.incident.computer.toLowerCase()];
  if (left !== right) return left < right ? -1 : 1;
  return a.incident.firstUs - b.incident.firstUs;
}

/** Rows by time, below the date of their day. */
function* dayLines(rows: readonly EventRow[], full: boolean, canvas: Canvas): Iterable<string> {
  const shown = full ? rows : rows.slice(0, ROWS_SHOWN);
  const columns = columnsOf(shown);
  for (let from = 0, to = 0; from < shown.length; from = to) {
    const day = shown[from]!.time?.slice(0, 10);
    while (to < shown.length && shown[to]!.time?.slice(0, 10) === day) to++;
    if (day !== undefined) yield canvas.paint.dim(`   ${day}`);
    yield* listLines(shown.slice(from, to), { ...columns, date: false, full }, canvas);
  }
  yield* restLines(rows.length - shown.length, canvas);
}

/** Widths that hold for a whole list. */
function columnsOf(rows: readonly EventRow[]): Pick<RowOptions, 'labels' | 'hosts'> {
  const widest = rows.reduce((most, { computer }) => Math.max(most, textWidth(visibleText(computer))), 1);
  return { labels: labelWidth(rows), hosts: Math.min(MAX_HOST, widest) };
}

function* listLines(rows: readonly EventRow[], options: RowOptions, canvas: Canvas): Iterable<string> {
  for (const row of rows) yield* rowLines({ ...row, depth: 0 }, options, canvas);
}

function* restLines(rest: number, { paint }: Canvas): Iterable<string> {
  if (rest > 0) yield paint.dim(`   and ${counted(rest, 'event')} more; --full has them`);
}

/** All rows, with the short names of their computers. */
function shortNamed(views: readonly IncidentView[]): EventRow[] {
  const rows = views.flatMap((view) => view.rows);
  const shortName = shortHostNames(rows.map(({ computer }) => computer));
  return rows.map((row) => ({ ...row, computer: shortName(row.computer) }));
}

function* ruleSections(
  report: ScanReport,
  views: readonly IncidentView[],
  full: boolean,
  canvas: Canvas,
): Iterable<Iterable<string>> {
  const rows = new Map<number, EventRow[]>();
  for (const row of shortNamed(views)) {
    for (const rule of row.rules) {
      addTo(rows, rule, row);
    }
  }
  const level = (rule: number): number => severityOf(ruleOf(report, rule).level);
  const sorted = [...rows].sort(([a], [b]) => level(b) - level(a) || a - b);
  for (const [rule, own] of sorted) yield ruleLines(report, rule, own, full, canvas);
}

function* ruleLines(
  report: ScanReport,
  index: number,
  rows: readonly EventRow[],
  full: boolean,
  canvas: Canvas,
): Iterable<string> {
  const rule = ruleOf(report, index);
  const computers = new Set(rows.map(({ computer }) => computer.toLowerCase())).size;
  const numbers = `${counted(rows.length, 'event')} on ${counted(computers, 'computer')}`;
  yield `${levelTag(rule.level, canvas.paint)}  ${canvas.paint.bold(elide(visibleText(rule.title), canvas.width - numbers.length - 8))}  ${numbers}`;
  // The heading already names the rule.
  const others = rows.map((row) => ({ ...row, titles: row.titles.filter((title) => title !== rule.title) }));
  const sorted = others.sort(byTime);
  const shown = full ? sorted : sorted.slice(0, ROWS_SHOWN);
  yield* listLines(shown, { ...columnsOf(shown), date: true, full }, canvas);
  yield* restLines(sorted.length - shown.length, canvas);
}
