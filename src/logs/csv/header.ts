/**
 * The beginning of a CSV log: its delimiter, its header, and what the columns are. In: the first bytes of a text. Out: where the
 * rows begin and how to read them. Refuses (null) text that is not a table of events.
 */
import { type DateOrder, dateOrderOf, isLocalTime } from './local-time.ts';
import { Rows } from './rows.ts';
import { EVENT_VIEWER, EVENT_VIEWER_COLUMNS, type Table, tableOf } from './tables.ts';

/** Comma, semicolon, tab. On Windows the user's language decides which one is used. */
const DELIMITERS = [',', ';', '\t'];
/** A line that Export-Csv and Excel may write before the header. */
const TYPE_LINE = /^#TYPE [^\n]*\n/;
const SEPARATOR_LINE = /^"?sep=(.)"?\r?\n/i;
/** A table without any of these columns is some other CSV file, not a table of events. */
const EVENT_COLUMN = /^(?:event[ _.]?id|event\.code|eventcode|winlog\.event_id|(?:event\.)?system\.eventid|_raw)$/i;
/** The columns with the time in tables that are read as keys. */
export const TIME_COLUMN = /^(?:@timestamp|timestamp|_time|TimeCreated|EventTime|TimeGenerated)$/;
export const TIME_ELEMENT = 'TimeCreated.SystemTime';
/** Rows that are looked at to tell how times are written. */
const SAMPLE_ROWS = 1000;
/** No header is longer. A text that is one long line is not a table. */
const MAX_HEADER_BYTES = 32 << 10;

export interface Header {
  readonly delimiter: number;
  /** Offset of the first row. */
  readonly rowsAt: number;
  readonly columns: readonly string[];
  /** null: some other table of events, whose columns are read as keys. */
  readonly table: Table | null;
  readonly dateOrder: DateOrder;
  /** True: times are written for people, without a zone. */
  readonly localTime: boolean;
}

/** `final` means that no bytes follow. */
export function readHeader(bytes: Buffer, final: boolean): Header | null {
  const head = bytes.toString('latin1', 0, MAX_HEADER_BYTES);
  const given = SEPARATOR_LINE.exec(head);
  const start = (TYPE_LINE.exec(head) ?? given)?.[0].length ?? 0;
  let best: Header | null = null;
  for (const delimiter of given === null ? DELIMITERS : [given[1]!]) {
    const header = headerWith(delimiter.charCodeAt(0), bytes, start, final);
    if (header !== null && header.columns.length > (best?.columns.length ?? 0)) best = header;
  }
  return best;
}

function headerWith(delimiter: number, bytes: Buffer, start: number, final: boolean): Header | null {
  const rows = new Rows(delimiter);
  const rowsAt = rows.scan(bytes, start, bytes.length, final);
  if (rowsAt < 0 || rowsAt - start > MAX_HEADER_BYTES || rows.count < 2) return null;
  // In `TimeGenerated [UTC]` the Azure portal adds the zone it shows.
  const columns = rows.texts(bytes).map((name) => name.trim().replace(/ \[(?:UTC|Local Time)\]$/i, ''));
  if (columns.some((name) => name === '' || name.includes('\n'))) return null;
  const sample = sampleOf(rows, bytes, rowsAt, final);
  const found = { delimiter, rowsAt };
  if (isEventViewer(columns, sample)) {
    const dateOrder = dateOrderOf(sample.map((cells) => cells[1] ?? ''));
    return { ...found, columns: EVENT_VIEWER_COLUMNS, table: EVENT_VIEWER, dateOrder, localTime: true };
  }
  const table = tableOf(columns);
  const time = columns.findIndex((name) => (table === null ? TIME_COLUMN.test(name) : table.system[name] === TIME_ELEMENT));
  const times = sample.map((cells) => cells[time] ?? '');
  const localTime = table === null ? times.some(isLocalTime) : table.localTime === true;
  const isEvents = table !== null || columns.some((name) => EVENT_COLUMN.test(name));
  return isEvents ? { ...found, columns, table, dateOrder: dateOrderOf(times), localTime } : null;
}

function sampleOf(rows: Rows, bytes: Buffer, rowsAt: number, final: boolean): string[][] {
  const sample: string[][] = [];
  for (let at = rowsAt; at < bytes.length && sample.length < SAMPLE_ROWS; ) {
    at = rows.scan(bytes, at, bytes.length, final);
    if (at < 0) break;
    sample.push(rows.texts(bytes));
  }
  return sample;
}

/**
 * Recognised by where the time and the EventID stand, because names and order of the other columns depend on language and log.
 */
function isEventViewer(columns: readonly string[], sample: readonly string[][]): boolean {
  if (columns.length !== EVENT_VIEWER_COLUMNS.length - 1) return false;
  const [first] = sample;
  if (first === undefined || first.length !== EVENT_VIEWER_COLUMNS.length) return false;
  return isLocalTime(first[1]!) && /^\d{1,5}$/.test(first[3]!);
}
