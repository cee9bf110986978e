/**
 * In: rows of cells from logs and rules. Out: CSV (RFC 4180, UTF-8, `\n`) that is harmless in a spreadsheet. Cuts cells that are
 * too long for one.
 */
import type { EventSnapshot } from '../../model/event.ts';
import { valueText } from '../event-text.ts';
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
 * The text is cut first, to limit the work. It is cut again afterwards, because characters that are made visible take more room. A
 * number is harmless as it is: with an apostrophe in front of its minus, importers would read the whole column as text.
 */
function cell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = csvField(String(value).slice(0, CELL_LENGTH));
  return text.length <= CELL_LENGTH ? text : csvField(visibleText(String(value).slice(0, CELL_LENGTH)).slice(0, CELL_LENGTH));
}

/** Every field of the event's data in one cell, as the log has it. */
export function allFields({ data }: EventSnapshot): string {
  return Object.entries(data)
    .map(([name, value]) => `${name}: ${valueText(value)}`)
    .join(DETAIL_SEPARATOR);
}
