/**
 * What a table says of what a scan found. In: a match or a correlation. Out: cells that both have. A correlation is no event: it has
 * the place of its first record, and no channel and no number of its own.
 */
import type { Correlation } from '../../model/match.ts';
import { eventText } from '../event-text.ts';
import { evidenceOf } from '../evidence.ts';
import { whereText } from '../evidence-account.ts';
import type { ReportedMatch } from '../reporter.ts';
import { DETAIL_SEPARATOR } from './csv-table.ts';

export function foundCells(found: ReportedMatch | Correlation) {
  const evidence = evidenceText(found);
  if (found.kind === 'match') {
    const { event, via } = found;
    return {
      time: event.TimeCreated,
      timeUs: event.timeUs,
      computer: event.Computer,
      provider: event.Provider,
      channel: event.Channel,
      eventId: event.EventID,
      record: event.EventRecordID,
      details: eventText(event),
      evidence,
      via,
      file: event.file,
      index: event.index,
    };
  }
  const first = found.events[0];
  return {
    time: found.from,
    timeUs: found.fromUs,
    computer: found.computer,
    provider: null,
    channel: null,
    eventId: null,
    record: correlationRecords(found),
    details: correlationDetails(found),
    evidence,
    via: 'correlation',
    file: first?.file ?? null,
    index: first?.index ?? null,
  };
}

/** What a correlation has counted, until when and of whom, in one cell. */
export function correlationDetails({ type, count, to, group }: Correlation): string {
  const fields = Object.entries(group).map(([field, value]) => `${field}: ${value}`);
  return [`${type} ${count}`, `until ${to}`, ...fields].join(DETAIL_SEPARATOR);
}

/** The records of a correlation: their EventRecordIDs, or places in the file where there are none. */
function correlationRecords({ events }: Correlation): string {
  return events.map((event) => event.EventRecordID ?? `#${event.index}`).join(' ');
}

/** In a triage, where a record is that no live log has; of any other none. */
export function lostPlace({ evidence }: ReportedMatch): string[] {
  return evidence === undefined || evidence.state === 'live' ? [] : [whereText(evidence)];
}

/**
 * What a rule matched on, in one cell; of a correlation the rules that its records matched. In a triage, where the record is comes
 * first, unless a live log has it.
 */
export function evidenceText(found: ReportedMatch | Correlation): string {
  if (found.kind === 'correlation') return found.events.map((event) => event.rule).join(DETAIL_SEPARATOR);
  const fields = evidenceOf(found).map(
    (entry) => `${entry.name}: ${entry.patterns.length === 0 ? entry.value : entry.patterns.join(', ')}`,
  );
  return [...lostPlace(found), ...fields].join(DETAIL_SEPARATOR);
}
