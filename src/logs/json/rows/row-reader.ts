/**
 * Reads list items that are no objects (`rows.ts`). In: where an item stands. Out: a record reader that has scanned an object
 * with the same content, and that object's bytes.
 */
import type { ThreadContext } from '../../../engine/thread-context.ts';
import type { RecordShape } from '../../../model/record-shape.ts';
import { blanksAfter } from '../lexis.ts';
import { RecordReader, SENTINEL } from '../record-reader.ts';
import { columnNames, recordOfItem } from './rows.ts';

const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

export class RowReader {
  readonly #newReader: () => RecordReader;
  #records: RecordReader | null = null;
  /** The names of the cells of rows, once a table has named its columns. */
  #columns: readonly string[] | null = null;

  constructor(thread: ThreadContext, shapes: readonly RecordShape[] | undefined) {
    this.#newReader = () => new RecordReader(thread, false, shapes);
  }

  /** Made when the first row is read: few logs have any. */
  get records(): RecordReader {
    this.#records ??= this.#newReader();
    return this.#records;
  }

  /** Call for each member of a table beside its rows. */
  learn(key: string, buffer: Buffer, at: number, after: number): void {
    if (/^columns$/i.test(key)) this.#columns = columnNames(buffer.toString('utf8', at, after));
  }

  /** Call where a table ends. */
  forget(): void {
    this.#columns = null;
  }

  /**
   * True when an array inside an array is a row. In a table whose columns are known, the first cell of a row may be an object.
   */
  isRow(buffer: Buffer, at: number, end: number): boolean {
    const byte = buffer[blanksAfter(buffer, at + 1, end)]!;
    if (byte === OPEN_BRACE) return this.#columns !== null;
    return byte !== OPEN_BRACKET && byte !== CLOSE_BRACKET;
  }

  /** The object's bytes; null for an item that holds no record, undefined for one that is not well-formed. */
  scan(buffer: Buffer, at: number, after: number): Buffer | null | undefined {
    const json = recordOfItem(buffer.toString('utf8', at, after), this.#columns);
    if (json === null) return null;
    const bytes = Buffer.from(json + SENTINEL);
    const { scanner } = this.records;
    scanner.reset();
    return scanner.scanAnew(bytes, 0, bytes.length - SENTINEL.length) < 0 ? undefined : bytes;
  }
}
