/**
 * An event of a timeline in named columns. Timesketch requires `datetime`, `timestamp_desc` and `message`, and takes the files as
 * they are because of these. In: an event of an incident. Out: cells. They still have to be made harmless.
 */
import type { RuleHit } from '../../model/incident.ts';
import { stateText } from '../evidence-account.ts';
import { ruleOf } from '../json-objects.ts';
import { allFields } from '../other-tools/csv-table.ts';
import { timeCells } from '../other-tools/timesketch.ts';
import type { ScanReport } from '../reporter.ts';
import { eventSummary } from '../summaries/event-summary.ts';
import type { TimelineEvent } from './timeline-events.ts';

export const TIMELINE_COLUMNS = [
  'datetime',
  'timestamp',
  'timestamp_desc',
  'data_type',
  'message',
  'level',
  'rules',
  'reason',
  'user',
  'computer_name',
  'source_name',
  'channel',
  'event_identifier',
  'record_number',
  'event',
  'parent_event',
  'alerts',
  'incident',
  'state',
  'source_file',
  'index',
  'fields',
] as const;

export type TimelineRow = Readonly<Record<(typeof TIMELINE_COLUMNS)[number], string | number | null>>;

/** Separates the titles of an event's rules. */
const SEPARATOR = ' + ';

export function timelineRow(
  { incident, event: { id, event, hits, level, reason, parent, evidence } }: TimelineEvent,
  report: ScanReport,
): TimelineRow {
  const { who, what } = eventSummary(event);
  return {
    ...timeCells(event.TimeCreated, event.timeUs, 'Event Logged'),
    data_type: 'winnow:event',
    message: who === '' ? what : `${who}: ${what}`,
    level,
    rules: titlesOf(hits, report).join(SEPARATOR),
    reason,
    user: who,
    computer_name: event.Computer,
    source_name: event.Provider,
    channel: event.Channel,
    event_identifier: event.EventID,
    record_number: event.EventRecordID,
    event: id,
    parent_event: parent,
    alerts: [...new Set(hits.map(({ alert }) => alert))].join(' '),
    incident: incident.id,
    state: stateText(evidence),
    source_file: event.file,
    index: event.index,
    fields: allFields(event),
  };
}

/** Titles of the rules that an event matched, each once. */
export function titlesOf(hits: readonly RuleHit[], report: ScanReport): readonly string[] {
  return [...new Set(hits.map(({ rule }) => rule))].map((rule) => ruleOf(report, rule).title);
}
