/**
 * The sections of the report for reading. In: views of incidents, and how to divide them. Out: lines for each section. Every
 * event is in some section.
 */
import { ruleOf } from '../json-objects.ts';
import type { ReportOrder, ScanReport } from '../reporter.ts';
import { severityOf } from '../rule-groups.ts';
import { visibleText } from '../sanitize.ts';
import { elide } from '../text-layout.ts';
import { counted } from '../wording.ts';
import type { Canvas } from './alert-lines.ts';
import { levelTag } from './head-lines.ts';
import { incidentLines, labelWidth, rowLines } from './incident-lines.ts';
import type { EventRow, IncidentView } from './incident-view.ts';

/** How many incidents are shown, the worst first. The rest is counted. */
const INCIDENTS_SHOWN = 20;
/** Rows of a list by rule or time. */
const ROWS_SHOWN = 200;

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
      yield listLines(views.flatMap(({ rows }) => rows).sort(byTime), true, full, canvas);
      return;
    default: {
      const order = by === 'host' ? [...views].sort(byHost) : views;
      const labels = labelWidth(views.flatMap(({ rows }) => rows));
      const shown = full ? order : order.slice(0, INCIDENTS_SHOWN);
      for (const view of shown) yield incidentLines(view, views.indexOf(view) + 1, labels, full, canvas);
      const rest = order.length - shown.length;
      if (rest > 0) yield [canvas.paint.dim(`and ${counted(rest, 'incident')} more; --full, --format jsonl and html have them`)];
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

function* listLines(rows: readonly EventRow[], computer: boolean, full: boolean, canvas: Canvas): Iterable<string> {
  const shown = full ? rows : rows.slice(0, ROWS_SHOWN);
  const labels = labelWidth(shown);
  for (const row of shown) yield* rowLines({ ...row, depth: 0 }, { labels, full, date: true, computer }, canvas);
  if (rows.length > shown.length)
    yield canvas.paint.dim(`   and ${counted(rows.length - shown.length, 'event')} more; --full has them`);
}

function* ruleSections(
  report: ScanReport,
  views: readonly IncidentView[],
  full: boolean,
  canvas: Canvas,
): Iterable<Iterable<string>> {
  const rows = new Map<number, EventRow[]>();
  for (const row of views.flatMap((view) => view.rows)) {
    for (const rule of row.rules) {
      const known = rows.get(rule);
      if (known === undefined) rows.set(rule, [row]);
      else known.push(row);
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
  yield* listLines(others.sort(byTime), true, full, canvas);
}
