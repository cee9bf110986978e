/**
 * What happened on all computers as one list: a line for each matched event and for each one around it, by time. Lines have the same
 * parts at any width, so that they can be searched; `winnow show ID` has the whole event.
 */
import { Chalk, type ChalkInstance } from 'chalk';
import { stateText } from '../evidence-account.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { printedPieces, visibleText } from '../sanitize.ts';
import { eventSummary } from '../summaries/event-summary.ts';
import { ID_SHOWN } from '../terminal/alert-lines.ts';
import { LEVEL_WIDTH, levelTag } from '../terminal/head-lines.ts';
import { type TimelineEvent, timelineEvents } from '../timeline/timeline-events.ts';
import { titlesOf } from '../timeline/timeline-row.ts';
import { eventLabel, timeText } from '../wording.ts';

/** Longer descriptions are cut. */
const WHAT_LENGTH = 400;
const NAME_LENGTH = 256;
const GAP = '  ';
/** The columns need names: two of them are ids, which look alike. */
const HEADING = [
  'time (UTC)'.padEnd('2019-05-11 17:58:23.123'.length),
  'lvl'.padEnd(LEVEL_WIDTH),
  'computer',
  'event',
  'id',
  'incident',
  'what happened',
  '[rules, or why it is shown]',
].join(GAP);

export const reporter: Reporter = {
  name: 'timeline',
  extension: 'txt',
  description: 'a line for each matched event and each one around it, by time over all computers',
  // A line is an event, which may have many alerts.
  omits: ['alerts'],
  render: (report, { colour }) => printedPieces(lines(report, new Chalk({ level: colour ? 1 : 0 }))),
};

function* lines(report: ScanReport, paint: ChalkInstance): Iterable<string> {
  let headed = false;
  for (const event of timelineEvents(report)) {
    if (!headed) yield `${paint.dim(HEADING)}\n`;
    headed = true;
    yield `${line(event, report, paint)}\n`;
  }
}

function line(
  { incident, event: { id, event, hits, level, reason, evidence } }: TimelineEvent,
  report: ScanReport,
  paint: ChalkInstance,
): string {
  const matched = hits.length > 0;
  const { who, what } = eventSummary(event);
  const state = stateText(evidence);
  const happened = `${state === '' ? '' : `[${state}] `}${who === '' ? '' : `${who.slice(0, NAME_LENGTH)}: `}${what}`;
  const why = matched ? titlesOf(hits, report).join(' + ') : reason;
  const parts = [
    timeText(event.TimeCreated).replace(/(\.\d{3})\d+$/, '$1'),
    matched ? levelTag(level, paint) : '·'.padEnd(LEVEL_WIDTH),
    shown(event.Computer, NAME_LENGTH) || '(no name)',
    shown(eventLabel(event), NAME_LENGTH),
    paint.dim(id.slice(0, ID_SHOWN)),
    paint.dim(incident.id.slice(0, ID_SHOWN)),
    matched ? shown(happened, WHAT_LENGTH) : paint.dim(shown(happened, WHAT_LENGTH)),
    paint.dim(`[${shown(why, WHAT_LENGTH)}]`),
  ];
  return parts.join(GAP);
}

function shown(text: string, length: number): string {
  return text.length <= length ? visibleText(text) : `${visibleText(text.slice(0, length - 1))}\u2026`;
}
