/**
 * Alerts as the terminal report shows them: what matched and why, when, where, and what happened before. In: groups of alerts.
 * Out: lines.
 */
import type { ChalkInstance } from 'chalk';
import type { Alert, Correlation, EventRef, Lookback, Match, RelatedEvent } from '../../model/match.ts';
import type { Level } from '../../model/rule.ts';
import { afterText, type FreshContext, fileOf, groupText, lookbackText, type ShownContext } from '../context/shown-context.ts';
import { eventText } from '../event-text.ts';
import { emphasised, evidenceOf, otherFields } from '../evidence.ts';
import type { RuleGroup } from '../rule-groups.ts';
import { visibleText } from '../sanitize.ts';
import { elide, elideMiddle, padEnd, padStart, type Span, textWidth, wrapSpans, wrapText } from '../text-layout.ts';
import {
  counted,
  durationText,
  eventLabel,
  grouped,
  isoToUs,
  placeText,
  rangeText,
  recordLabel,
  relativeTime,
  timeAfter,
  timeText,
} from '../wording.ts';

export interface Canvas {
  readonly paint: ChalkInstance;
  readonly width: number;
}

/** Characters of an id that are enough to find it. */
export const ID_SHOWN = 7;
/** How many alerts of one rule are shown in full, and how many more as one line each. The rest is counted. */
const FULL_ALERTS = 3;
const SHORT_ALERTS = 10;
const DESCRIPTION_LINES = 3;
const VALUE_LINES = 4;
const OTHER_LINES = 2;
const NOTE_LINES = 4;
const RELATED_LINES = 2;
const EVIDENCE_SHOWN = 12;
const LABEL_WIDTH = 24;
const INDENT = '      ';
/**
 * From a terminal width of WIDE on, a related event has its description and its reason on shared lines, each of at most
 * RELATED_WIDTH.
 */
const RELATED_WIDTH = 300;
const WIDE = 140;
/** The least width of a column. A narrower one would be of no use. */
const MIN_ROOM = 8;

export function levelLabel(level: Level | null): string {
  return level === null ? 'NO LEVEL' : level === 'informational' ? 'INFO' : level.toUpperCase();
}

export function paintLevel(paint: ChalkInstance, level: Level | null): (text: string) => string {
  switch (level) {
    case 'critical':
      return paint.bold.whiteBright.bgRed;
    case 'high':
      return paint.bold.red;
    case 'medium':
      return paint.bold.yellow;
    case 'low':
      return paint.cyan;
    default:
      return paint.dim;
  }
}

/** The alerts of a rule. `firstNumber` continues the numbering of the report. */
export function* groupLines(group: RuleGroup, firstNumber: number, shown: ShownContext, canvas: Canvas): Iterable<string> {
  yield* headingLines(group, canvas);
  for (const [i, alert] of group.alerts.slice(0, FULL_ALERTS).entries()) {
    yield '';
    yield* alertLines(alert, firstNumber + i, shown, canvas);
  }
  const short = group.alerts.slice(FULL_ALERTS, FULL_ALERTS + SHORT_ALERTS);
  if (short.length > 0) yield '';
  for (const [i, alert] of short.entries()) yield shortLine(alert, firstNumber + FULL_ALERTS + i, canvas);
  const rest = group.alerts.length - FULL_ALERTS - short.length;
  if (rest > 0) yield canvas.paint.dim(`${INDENT}and ${counted(rest, 'alert')} more of this rule; --format jsonl has them all`);
}

function* headingLines({ rule, alerts, count, computers }: RuleGroup, { paint, width }: Canvas): Iterable<string> {
  const label = levelLabel(rule.level);
  const indent = ' '.repeat(label.length + 2);
  const room = Math.max(20, width - indent.length);
  const [first = '', ...more] = wrapText(visibleText(rule.title), room, 2);
  yield `${paintLevel(paint, rule.level)(label)}  ${paint.bold(first)}`;
  for (const line of more) yield indent + paint.bold(line);
  const noun = alerts[0]?.match.kind === 'correlation' ? 'correlation' : 'match';
  const numbers = [
    counted(count, noun),
    ...(alerts.length === count ? [] : [`in ${counted(alerts.length, 'alert')}`]),
    computers.length === 1 ? `on ${computers[0] || 'an unnamed computer'}` : `on ${counted(computers.length, 'computer')}`,
  ];
  const techniques = rule.tags.map((tag) => tag.replace(/^attack\./, '')).join(', ');
  for (const line of wrapText(visibleText(numbers.join(' ') + (techniques === '' ? '' : `; ${techniques}`)), room, 2))
    yield indent + line;
  yield indent + paint.dim(elideMiddle(visibleText(rule.path), room));
  if (rule.description !== null) {
    const description = rule.description.replace(/\s+/g, ' ').trim();
    for (const line of wrapText(visibleText(description), room, DESCRIPTION_LINES)) yield indent + paint.dim(line);
  }
}

function* alertLines(alert: Alert, number: number, shown: ShownContext, canvas: Canvas): Iterable<string> {
  const { match } = alert;
  const label = `[${number}]`;
  if (match.kind === 'correlation') {
    yield* prefixed(label, `${correlationHeading(match)} [${alert.id.slice(0, ID_SHOWN)}]`, canvas);
    yield* correlationLines(match, canvas);
  } else {
    yield* prefixed(label, matchHeading(alert, match), canvas);
    yield* matchLines(match, canvas);
  }
  const fresh = shown.fresh(alert, number);
  yield* noteLines(fresh.notes, canvas);
  const missing = shown.missing(alert);
  if (missing !== null)
    for (const line of wrapText(missing, canvas.width - INDENT.length, 2)) yield INDENT + canvas.paint.dim(line);
  if (alert.lookback !== null) {
    yield* lookbackLines(alert.lookback, fresh, fileOf(alert), canvas);
  }
}

function* noteLines(notes: readonly string[], { width }: Canvas): Iterable<string> {
  for (const note of notes) {
    const lines = wrapText(visibleText(note), width - INDENT.length - 2, NOTE_LINES);
    for (const [i, line] of lines.entries()) yield `${INDENT}${i === 0 ? '* ' : '  '}${line}`;
  }
}

/** `[1] ` and the wrapped text next to it. */
function* prefixed(label: string, text: string, { paint, width }: Canvas): Iterable<string> {
  const start = padEnd(`  ${label}`, INDENT.length - 1);
  const lines = wrapText(visibleText(text), width - INDENT.length, 4);
  for (const [i, line] of lines.entries()) yield i === 0 ? `${paint.bold(start)} ${line}` : INDENT + line;
}

function matchHeading(alert: Alert, match: Match): string {
  const { event, via } = match;
  const place = `${eventLabel(event)}, ${placeText(match)}`;
  const times =
    alert.count === 1
      ? ''
      : ` (first of ${grouped(alert.count)}${alert.last === null ? '' : `, last at ${timeAfter(alert.first, alert.last)}`})`;
  const recovered = event.recovered ? ', recovered from slack space' : '';
  return `${timeText(event.TimeCreated)} UTC on ${event.Computer || 'an unnamed computer'}${times}: ${place}${recovered} (via ${via}) [${alert.id.slice(0, ID_SHOWN)}]`;
}

function* matchLines(match: Match, canvas: Canvas): Iterable<string> {
  const { paint, width } = canvas;
  const entries = evidenceOf(match);
  const names = entries.map((entry) => elide(visibleText(entry.name), LABEL_WIDTH));
  const others = visibleText(otherFields(match).join(', '));
  const column = Math.max(...names.map(textWidth), others === '' ? 0 : 5, 0) + 2;
  const room = Math.max(20, width - INDENT.length - column);
  for (const [i, entry] of entries.entries()) {
    const spans = emphasised(entry.value, entry.ranges, room * VALUE_LINES, visibleText);
    if (entry.words !== null) spans.push({ text: ` (${entry.words})`, strong: false });
    yield* labelled(names[i] ?? '', wrapSpans(spans, room, VALUE_LINES), column, canvas);
    if (entry.patterns.length > 0) {
      const patterns = visibleText(entry.patterns.join(', '));
      for (const line of wrapText(patterns, room, OTHER_LINES)) yield INDENT + ' '.repeat(column) + paint.dim(line);
    }
  }
  if (others !== '') {
    const lines = wrapText(others, room, OTHER_LINES);
    for (const [i, line] of lines.entries()) yield INDENT + padEnd(i === 0 ? 'other' : '', column) + paint.dim(line);
  }
}

function* labelled(label: string, lines: readonly (readonly Span[])[], column: number, { paint }: Canvas): Iterable<string> {
  for (const [i, line] of lines.entries()) {
    const text = line.map((span) => (span.strong ? paint.bold.red(span.text) : span.text)).join('');
    yield INDENT + paint.cyan(padEnd(i === 0 ? label : '', column)) + text;
  }
}

function correlationHeading(correlation: Correlation): string {
  const { from, to, fromUs, toUs, computer, type, count } = correlation;
  const span = `${rangeText(from, to)} UTC${fromUs === toUs ? '' : ` (${durationText(toUs - fromUs)})`}`;
  return `${span}${computer === '' ? '' : ` on ${computer}`}: ${type}, count ${count}${groupText(correlation)}`;
}

function* correlationLines({ events, fromUs, records }: Correlation, canvas: Canvas): Iterable<string> {
  const shown = events.slice(0, EVIDENCE_SHOWN);
  const rows = shown.map((event) => evidenceRow(event, fromUs, canvas.width));
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => textWidth(row[column] ?? ''))));
  let file = '';
  for (const [i, row] of rows.entries()) {
    const event = shown[i];
    if (event !== undefined && event.file !== file) {
      file = event.file;
      yield INDENT + canvas.paint.dim(elideMiddle(visibleText(file), canvas.width - INDENT.length));
    }
    const [time = '', label = '', record = '', title = ''] = row;
    const start = `  ${padStart(time, widths[0] ?? 0)}  ${padEnd(label, widths[1] ?? 0)}  ${padEnd(record, widths[2] ?? 0)}  `;
    yield INDENT + start + elide(title, Math.max(MIN_ROOM, canvas.width - INDENT.length - textWidth(start)));
  }
  if (records > shown.length)
    yield canvas.paint.dim(`${INDENT}  and ${counted(records - shown.length, 'record')} more; --format jsonl has them all`);
}

function evidenceRow(event: EventRef, fromUs: number, width: number): string[] {
  return [relativeTime(isoToUs(event.TimeCreated), fromUs), labelWithin(event, width), recordLabel(event), event.rule].map(
    visibleText,
  );
}

/** The event's label, cut so that a long channel name leaves room for what happened. */
function labelWithin(event: Parameters<typeof eventLabel>[0], width: number): string {
  return elideMiddle(visibleText(eventLabel(event)), Math.max(12, Math.floor(width / 4)));
}

function* lookbackLines(lookback: Lookback, fresh: FreshContext, file: string, canvas: Canvas): Iterable<string> {
  const { paint, width } = canvas;
  const referenceUs = isoToUs(lookback.to);
  const { related, after } = fresh;
  const rows = [...related, ...after].map((item) => relatedRow(item, referenceUs, width));
  const widths = [0, 1, 2].map((column) => Math.max(0, ...rows.map((row) => textWidth(row[column] ?? ''))));
  yield `${INDENT}${paint.underline(`${lookback.window} before`)}  ${lookbackText(lookback, fresh)}`;
  for (const [i, item] of related.entries()) yield* relatedLines(item, rows[i] ?? [], widths, file, canvas);
  if (lookback.after.length === 0) return;
  yield `${INDENT}${paint.underline('after it')}   ${afterText(lookback, fresh)}`;
  for (const [i, item] of after.entries()) yield* relatedLines(item, rows[related.length + i] ?? [], widths, file, canvas);
}

function relatedRow({ event }: RelatedEvent, referenceUs: number, width: number): string[] {
  return [relativeTime(event.timeUs, referenceUs), labelWithin(event, width), recordLabel(event)].map(visibleText);
}

function* relatedLines(
  { event, reason }: RelatedEvent,
  [time = '', label = '', record = '']: readonly string[],
  [timeWidth = 0, labelWidth = 0, recordWidth = 0]: readonly number[],
  file: string,
  { paint, width }: Canvas,
): Iterable<string> {
  const start = `${INDENT}  ${padStart(time, timeWidth)}  ${padEnd(label, labelWidth)}  ${padEnd(record, recordWidth)}  `;
  const room = Math.max(MIN_ROOM, width - textWidth(start));
  const elsewhere = event.file === file ? '' : ` in ${event.file}`;
  const why = visibleText(`${reason}${elsewhere}`);
  const what = visibleText(eventText(event));
  if (width >= WIDE) {
    const spans = [
      { text: elide(what, RELATED_WIDTH), strong: false },
      { text: `  ${elide(why, RELATED_WIDTH)}`, strong: true },
    ];
    for (const [i, line] of wrapSpans(spans, room, Number.POSITIVE_INFINITY).entries()) {
      const text = line.map((span) => (span.strong ? paint.dim(span.text) : span.text)).join('');
      yield (i === 0 ? start : ' '.repeat(textWidth(start))) + text;
    }
    return;
  }
  yield start + paint.dim(elide(why, room));
  const indent = `${INDENT}  ${' '.repeat(timeWidth)}  `;
  for (const line of wrapText(what, Math.max(MIN_ROOM, width - indent.length), RELATED_LINES)) yield indent + line;
}

/** An alert on one line: number, time, computer, count, record, what it was. */
function shortLine(alert: Alert, number: number, { paint, width }: Canvas): string {
  const { match } = alert;
  const [event, what] =
    match.kind === 'match' ? [match.event, eventText(match.event)] : [match.events[0], counted(match.records, 'record')];
  const where = event === undefined ? '' : ` ${recordLabel(event)}`;
  const start = padEnd(`  [${number}]`, INDENT.length - 1);
  const times = alert.count === 1 ? '' : ` x${grouped(alert.count)}`;
  const text = visibleText(`${timeText(alert.first)} ${alert.computer}${times}${where}  ${what}`);
  return `${paint.bold(start)} ${elide(text, width - INDENT.length)}`;
}
