/**
 * In: rows of cells from logs and rules. Out: CSV (RFC 4180, UTF-8, `\n`) that is harmless in a spreadsheet. Cuts cells that are
 * too long for one.
 */
import type { EventSnapshot } from '../../model/event.ts';
import type { Correlation } from '../../model/match.ts';
import { valueText } from '../event-text.ts';
import { evidenceOf } from '../evidence.ts';
import { whereText } from '../evidence-account.ts';
import type { ReportedMatch } from '../reporter.ts';
import { csvField, visibleText } from '../sanitize.ts';

export type CsvRow<Column extends string> = Readonly<Record<Column, string | number | null>>;

/** Separates details in one cell. hayabusa uses the same sign. */
export const DETAIL_SEPARATOR = ' \u00a6 ';
/**
 * Spreadsheets refuse cells of more than 32,767 characters; the limit is lower, because an apostrophe may be put in front of each
 * part of a cell.
 */
const CELL_LENGTH = 32_000;

export function* csvTable<Column extends string>(columns: readonly Column[], rows: Iterable<CsvRow<Column>>): Iterable<string> {
  yield `${columns.join(',')}\n`;
  for (const row of rows) yield csvLine(columns, row);
}

export function csvLine<Column extends string>(columns: readonly Column[], row: CsvRow<Column>): string {
  return `${columns.map((column) => cell(row[column])).join(',')}\n`;
}

/**
 * The text is cut first, to limit the work. It is cut again afterwards, because characters that are made visible take more room.
 */
function cell(value: string | number | null): string {
  if (value === null) return '';
  const text = csvField(String(value).slice(0, CELL_LENGTH));
  return text.length <= CELL_LENGTH ? text : csvField(visibleText(String(value).slice(0, CELL_LENGTH)).slice(0, CELL_LENGTH));
}

/** Every field of the event's data in one cell, as the log has it. */
export function allFields({ data }: EventSnapshot): string {
  return Object.entries(data)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(DETAIL_SEPARATOR);
}

/** What a correlation counted, when that ended, and the fields by which it groups, in one cell. */
export function correlationDetails({ type, count, to, group }: Correlation): string {
  const fields = Object.entries(group).map(([field, value]) => `${field}: ${value}`);
  return [`${type} ${count}`, `until ${to}`, ...fields].join(DETAIL_SEPARATOR);
}

/** The records of a correlation: their EventRecordIDs, or places in the file where there are none. */
export function correlationRecords({ events }: Correlation): string {
  return events.map((event) => event.EventRecordID ?? `#${event.index}`).join(' ');
}

/** In a triage, where a record was found that no live log has; empty for other records. */
export function lostPlace({ evidence }: ReportedMatch): string[] {
  return evidence === undefined || evidence.state === 'live' ? [] : [whereText(evidence)];
}

/**
 * What a rule matched on, in one cell; for a correlation, the rules that its records matched. In a triage, the place of a record
 * that no live log has comes first.
 */
export function evidenceText(found: ReportedMatch | Correlation): string {
  if (found.kind === 'correlation') return found.events.map((event) => event.rule).join(DETAIL_SEPARATOR);
  const fields = evidenceOf(found).map(
    (entry) => `${entry.name}: ${entry.patterns.length === 0 ? entry.value : entry.patterns.join(', ')}`,
  );
  return [...lostPlace(found), ...fields].join(DETAIL_SEPARATOR);
}
