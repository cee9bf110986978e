/**
 * What happened on all computers as one list: an entry for each matched event and for each one around it, by time, in columns. A file
 * or a pipe gets a line for each event, which can be searched. A terminal breaks what is too long between words, below its own
 * columns. `winnow show ID` has the whole event.
 */
import { Chalk, type ChalkInstance } from 'chalk';
import { stateText } from '../evidence-account.ts';
import type { Reporter, ReportStyle, ScanReport } from '../reporter.ts';
import { printedPieces, visibleText } from '../sanitize.ts';
import { eventSummary } from '../summaries/event-summary.ts';
import { shortHostNames } from '../summaries/short-host-names.ts';
import { ID_SHOWN } from '../terminal/alert-lines.ts';
import { LEVEL_WIDTH, levelTag } from '../terminal/head-lines.ts';
import { elideMiddle, loadTextWidths, padEnd, type Span, textWidth, wrapSpans } from '../text-layout.ts';
import { type TimelineEvent, timelineEvents } from '../timeline/timeline-events.ts';
import { titlesOf } from '../timeline/timeline-row.ts';
import { eventLabel, timeText } from '../wording.ts';

/** Longer descriptions are cut. */
const WHAT_LENGTH = 400;
const NAME_LENGTH = 256;
const GAP = '  ';
const INCIDENT_WIDTH = 'incident'.length;
const TIME_WIDTH = '2019-05-11 17:58:23.123'.length;
/** The kind of event: `Security 4624`, `TaskScheduler 106`. A longer one moves the rest of its line. */
const LABEL_WIDTH = 15;
/** A longer name of a computer moves the rest of its line. */
const MOST_HOST = 40;
/** On a terminal the computer has so many columns, more where it is wide. */
const HOST_WIDTH = 15;
const WIDE = 140;
const WIDE_HOST = 28;
/** What happened begins on a line of its own where less would be left for it. */
const LEAST_ROOM = 30;
const INDENT = 6;

/** The columns need names: two of them are ids, which look alike. */
const NAMES = ['time (UTC)', 'lvl', 'computer', 'event', 'id', 'incident', 'what happened', '[rules, or why it is shown]'];

interface Columns {
  readonly hosts: number;
  /** A computer's name as it is shown. */
  readonly host: (name: string) => string;
  readonly label: (text: string) => string;
  readonly gap: string;
  /** The width in which lines are broken; null: a line for each event. */
  readonly width: number | null;
}

export const reporter: Reporter = {
  name: 'timeline',
  extension: 'txt',
  begins: /^time \(UTC\) +lvl +computer +event +id +incident +what happened/,
  description: 'a line for each matched event and each one around it, by time over all computers',
  // A line stands for an event, and an event may have many alerts.
  omits: ['alerts'],
  prepare: loadTextWidths,
  render: (report, style) => printedPieces(lines(report, columnsFor(report, style), new Chalk({ level: style.colour ? 1 : 0 }))),
};

function columnsFor({ incidents }: ScanReport, { onTerminal = false, width }: ReportStyle): Columns {
  const computers = incidents.map(({ computer }) => computer);
  const short = shortHostNames(computers);
  const most = !onTerminal ? MOST_HOST : width < WIDE ? HOST_WIDTH : WIDE_HOST;
  const host = (name: string): string => shown((onTerminal ? short(name) : name) || '(no name)', NAME_LENGTH);
  const hosts = computers.reduce((widest, name) => Math.max(widest, Math.min(most, textWidth(host(name)))), NAMES[2]!.length);
  return {
    hosts,
    host: (name) => (onTerminal ? elideMiddle(host(name), hosts) : host(name)),
    label: (text) => (onTerminal ? elideMiddle(text, LABEL_WIDTH) : text),
    gap: onTerminal && width < WIDE ? ' ' : GAP,
    width: onTerminal ? width : null,
  };
}

function* lines(report: ScanReport, columns: Columns, paint: ChalkInstance): Iterable<string> {
  let headed = false;
  for (const event of timelineEvents(report)) {
    if (!headed) for (const line of headingLines(columns)) yield `${paint.dim(line)}\n`;
    headed = true;
    for (const line of eventLines(event, report, columns, paint)) yield `${line}\n`;
  }
}

function headingLines(columns: Columns): readonly string[] {
  const [time, level, computer, label, id, incident, what, why] = NAMES as [string, ...string[]];
  const start = [
    time.padEnd(TIME_WIDTH),
    level!.padEnd(LEVEL_WIDTH),
    computer!.padEnd(columns.hosts),
    label!.padEnd(LABEL_WIDTH),
    id!.padEnd(ID_SHOWN),
    incident!,
  ].join(columns.gap);
  const lines = placed(start, { text: what!, strong: false }, why!, columns);
  return lines.map(([begin, rest]) => begin + rest.map(({ text }) => text).join(''));
}

function eventLines(
  { incident, event: { id, event, hits, level, reason, evidence } }: TimelineEvent,
  report: ScanReport,
  columns: Columns,
  paint: ChalkInstance,
): readonly string[] {
  const matched = hits.length > 0;
  const { who, what } = eventSummary(event);
  const state = stateText(evidence);
  const happened = `${state === '' ? '' : `[${state}] `}${who === '' ? '' : `${who.slice(0, NAME_LENGTH)}: `}${what}`;
  const why = matched ? titlesOf(hits, report).join(' + ') : reason;
  const host = columns.host(event.Computer);
  const label = columns.label(shown(eventLabel(event), NAME_LENGTH));
  const start = [
    timeText(event.TimeCreated)
      .replace(/(\.\d{3})\d+$/, '$1')
      .padEnd(TIME_WIDTH),
    matched ? levelTag(level, paint) : '·'.padEnd(LEVEL_WIDTH),
    padEnd(host, columns.hosts),
    padEnd(label, LABEL_WIDTH),
    paint.dim(id.slice(0, ID_SHOWN)),
    paint.dim(incident.id.slice(0, ID_SHOWN)).concat(' '.repeat(INCIDENT_WIDTH - ID_SHOWN)),
  ].join(columns.gap);
  const happenedSpan = { text: shown(happened, WHAT_LENGTH), strong: false };
  return placed(start, happenedSpan, `[${shown(why, WHAT_LENGTH)}]`, columns).map(
    ([begin, line]) => begin + line.map(({ text, strong }) => (strong || !matched ? paint.dim(text) : text)).join(''),
  );
}

type Line = readonly [start: string, rest: readonly Span[]];

/** What happened and why it is shown, behind the columns; what does not fit there has lines of its own, which have more room. */
function placed(start: string, what: Span, why: string, { hosts, gap, width }: Columns): readonly Line[] {
  const end = { text: why, strong: true };
  const between = { text: GAP, strong: false };
  if (width === null) return [[start + gap, [what, between, end]]];
  const used = TIME_WIDTH + LEVEL_WIDTH + hosts + LABEL_WIDTH + ID_SHOWN + INCIDENT_WIDTH + 6 * gap.length;
  const later = Math.max(LEAST_ROOM, width - INDENT);
  const indent = ' '.repeat(INDENT);
  const apart = width - used < LEAST_ROOM;
  const first = apart ? later : width - used;
  const lines = wrapSpans([what], first, Number.POSITIVE_INFINITY, later);
  const room = (lines.length === 1 ? first : later) - lines.at(-1)!.reduce((sum, { text }) => sum + textWidth(text), 0);
  if (GAP.length + textWidth(why) <= room) lines.at(-1)!.push(between, end);
  else lines.push(...wrapSpans([end], later, Number.POSITIVE_INFINITY));
  const placedLines = lines.map((line, i): Line => [i === 0 && !apart ? start + gap : indent, line]);
  return apart ? [[start.trimEnd(), []], ...placedLines] : placedLines;
}

function shown(text: string, length: number): string {
  return text.length <= length ? visibleText(text) : `${visibleText(text.slice(0, length - 1))}\u2026`;
}
