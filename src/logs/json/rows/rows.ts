/**
 * Lists whose items are no objects: events as text (`["<Event ...>"]`), rows of values under columns (Log Analytics), and pairs of
 * a time and a line (Loki). In: the JSON of an item. Out: the JSON of an object with the same content, or null.
 */

import { blanksAfter } from '../lexis.ts';
import { writtenItems } from '../list.ts';

const QUOTE = 0x22;
const OPEN_BRACKET = 0x5b;
/** How a string begins that is XML or JSON. */
const EVENT_TEXT = /^"\s*(?:<|\\u003c|\{)/i;
const LONGEST_BEGINNING = 32;
/** A longer text is not taken for a list of columns. */
const MAX_COLUMNS_CHARACTERS = 64 << 10;

/** True for a string at `at` that begins as XML or JSON does. */
export function isEventText(buffer: Buffer, at: number, end: number): boolean {
  if (buffer[at] !== QUOTE) return false;
  return EVENT_TEXT.test(buffer.toString('latin1', at, Math.min(end, at + LONGEST_BEGINNING)));
}

/** True when the array at `at` holds rows or events as text. */
export function holdsRows(buffer: Buffer, at: number, end: number): boolean {
  const first = blanksAfter(buffer, at + 1, end);
  return buffer[first] === OPEN_BRACKET || isEventText(buffer, first, end);
}

/** The names in a list such as `[{"name": "Computer", "type": "string"}]`, the value of `columns`; null for any other JSON. */
export function columnNames(json: string): readonly string[] | null {
  if (json.length > MAX_COLUMNS_CHARACTERS) return null;
  try {
    const columns = JSON.parse(json) as unknown[];
    const names = columns.map((column) => {
      const { name, ColumnName } = (column ?? {}) as { name?: unknown; ColumnName?: unknown };
      return typeof column === 'string' ? column : (name ?? ColumnName);
    });
    return names.every((name) => typeof name === 'string') ? names : null;
  } catch {
    return null;
  }
}

/** The record in a string or a row; null when there is none. An empty cell is no field, as in CSV. */
export function recordOfItem(json: string, columns: readonly string[] | null): string | null {
  if (json.startsWith('"')) return `{"event":${json}}`;
  const cells = writtenItems(json);
  if (columns === null) {
    const line = cells.findLast((cell) => EVENT_TEXT.test(cell)) ?? cells.at(-1);
    return line === undefined ? null : `{"line":${line}}`;
  }
  const members = cells.flatMap((cell, i) => {
    const name = columns[i];
    return name === undefined || cell === 'null' || cell === '""' ? [] : [`${JSON.stringify(name)}:${cell}`];
  });
  return `{${members.join(',')}}`;
}
