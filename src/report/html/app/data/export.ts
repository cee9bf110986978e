/** Exports the events that the filter lets through. In: events. Out: JSON Lines with the whole events, or CSV. */
import { LEVEL_NAMES, type Report, type ReportEvent } from './model.ts';

export function jsonLines(report: Report, events: readonly ReportEvent[]): string {
  return events.map((event) => `${JSON.stringify(lineOf(report, event))}\n`).join('');
}

function lineOf({ head, details }: Report, event: ReportEvent) {
  const { id, incident, hits, reason, time, host, channel, provider, eventId, record, file, index, state } = event;
  return {
    id,
    incident: head.incidents[incident]!.id,
    level: LEVEL_NAMES[event.rank],
    rules: hits.map(({ rule }) => head.rules[rule]!.title),
    alerts: [...new Set(hits.map(({ alert }) => alert))],
    ...(reason === '' ? {} : { reason }),
    ...(state === '' ? {} : { state }),
    TimeCreated: time,
    Computer: host,
    Channel: channel,
    Provider: provider,
    EventID: eventId,
    EventRecordID: record,
    file,
    index,
    data: details(event).data,
  };
}

const COLUMNS = [
  'Timestamp',
  'Level',
  'Computer',
  'Channel',
  'EventID',
  'RecordID',
  'Rules',
  'Details',
  'EvtxFile',
  'EventId',
  'Incident',
  'State',
];

/** `field` makes the text of a cell harmless. */
export function csvLines({ head }: Report, events: readonly ReportEvent[], field: (text: string) => string): string {
  const rows = events.map((event) => [
    event.time ?? '',
    LEVEL_NAMES[event.rank]!,
    event.host,
    event.channel,
    String(event.eventId ?? ''),
    String(event.record ?? ''),
    event.hits.map(({ rule }) => head.rules[rule]!.title).join(' ¦ '),
    event.who === '' ? event.text : `${event.who}: ${event.text}`,
    event.file,
    event.id,
    head.incidents[event.incident]!.id,
    event.state,
  ]);
  return [COLUMNS, ...rows].map((row) => `${row.map(field).join(',')}\n`).join('');
}
