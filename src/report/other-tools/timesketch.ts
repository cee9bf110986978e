/**
 * A finding as Timesketch wants its events. It requires `message`, `datetime` and `timestamp_desc`; other attributes can be
 * searched by name. The names of the event's data begin with `data_`, so that no log can set `message`. Names that begin with an
 * underscore, which Timesketch drops, and names with a point, which become objects in the index, are avoided as well.
 */
import type { Correlation } from '../../model/match.ts';
import { valueText } from '../event-text.ts';
import { ruleOf } from '../json-objects.ts';
import type { WithoutData } from '../repeated-data.ts';
import type { ReportedMatch, ScanReport } from '../reporter.ts';
import { attackTags } from './attack-tags.ts';
import { allFields } from './csv-table.ts';
import { findingIds } from './finding-ids.ts';
import { foundCells } from './found-cells.ts';
import { foundInTimeOrder } from './time-order.ts';

export const TIMESKETCH_COLUMNS = [
  'message',
  'datetime',
  'timestamp',
  'timestamp_desc',
  'data_type',
  'rule_title',
  'rule_level',
  'rule_id',
  'rule_file',
  'mitre_techniques',
  'mitre_tactics',
  'tags',
  'computer_name',
  'source_name',
  'channel',
  'event_identifier',
  'record_number',
  'records',
  'details',
  'evidence',
  'via',
  'source_file',
  'fields',
  'event',
  'alert',
  'incident',
  'state',
] as const;

export type TimesketchEvent = Readonly<Record<(typeof TIMESKETCH_COLUMNS)[number], string | number | null>>;

/** Timesketch keeps no event without a time. So this time stands for none, and `timestamp_desc` says so. */
const NO_TIME = { datetime: '1970-01-01T00:00:00.000000+00:00', timestamp: 0, timestamp_desc: 'The event has no time' };

type TimesketchMatch = ReportedMatch & WithoutData;

/** Yields each event with its match, which is null for a correlation. `all` are the findings in the order of the timeline. */
export function* timesketchEvents(
  report: ScanReport,
  all: Iterable<TimesketchMatch | Correlation> = foundInTimeOrder(report),
): Iterable<{ event: TimesketchEvent; match: TimesketchMatch | null }> {
  const idsOf = findingIds(report);
  for (const found of all) {
    const rule = ruleOf(report, found.rule);
    const { techniques, tactics } = attackTags(rule.tags);
    const isMatch = found.kind === 'match';
    const cells = foundCells(found);
    const event = {
      ...timeCells(cells.time, cells.timeUs, isMatch ? 'Event Logged' : 'First Event Logged'),
      data_type: `winnow:${found.kind}`,
      computer_name: cells.computer,
      source_name: cells.provider,
      channel: cells.channel,
      event_identifier: cells.eventId,
      // The index takes the type of a column from its first value and refuses events with another type, so this is always a number.
      record_number: isMatch ? found.event.EventRecordID : (found.events[0]?.EventRecordID ?? null),
      records: isMatch ? null : cells.record,
      details: cells.details,
      via: cells.via,
      source_file: cells.file,
      fields: isMatch ? allFields(found.event) : null,
      message: `${rule.title}: ${cells.details}`,
      rule_title: rule.title,
      rule_level: rule.level,
      rule_id: rule.id,
      rule_file: rule.path,
      mitre_techniques: techniques.join(' '),
      mitre_tactics: tactics.join(', '),
      tags: rule.tags.join(' '),
      evidence: cells.evidence,
      ...idsOf(found),
    };
    yield { event, match: isMatch ? found : null };
  }
}

/** `2019-05-11T17:58:23.418563+00:00`: Timesketch reads microseconds. */
export function timeCells(iso: string | null, us: number, description: string) {
  if (iso === null || Number.isNaN(us)) return NO_TIME;
  return {
    datetime: `${iso.slice(0, 'YYYY-MM-DDThh:mm:ss.ffffff'.length)}+00:00`,
    timestamp: Math.floor(us),
    timestamp_desc: description,
  };
}

/** The data of an event, each field as an attribute of its own. */
export function timesketchData({ event }: Pick<ReportedMatch, 'event'>): Readonly<Record<string, string>> {
  const data: Record<string, string> = {};
  for (const [name, value] of Object.entries(event.data))
    data[`data_${name.replace(/[^\p{L}\p{N}]+/gu, '_')}`] ??= valueText(value);
  return data;
}
