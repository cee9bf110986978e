// HOT: every byte of a CSV log passes here.
/**
 * Scans rows as RFC 4180 describes them. In: bytes at the start of a row. Out: where its cells stand. Nothing is decoded: the
 * quotes around a cell are left out, doubled quotes inside it remain doubled. Refuses a row in which something follows a closing
 * quote, because that is what a lost or an extra quote looks like.
 */
import { DOUBT, MORE } from '../text/outcome.ts';
import { MAX_FIELDS } from '../text/text-event.ts';

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;
/** Bytes of a quoted cell that are looked at one by one. In longer cells `indexOf` is faster. */
const SHORT_CELL = 32;

export class Rows {
  /** Cells of the row scanned last. */
  count = 0;
  readonly starts = new Int32Array(MAX_FIELDS);
  readonly ends = new Int32Array(MAX_FIELDS);
  /** By cell: 1 when it contains doubled quotes. */
  readonly doubled = new Uint8Array(MAX_FIELDS);
  readonly #delimiter: number;
  /** By byte: 1 when it ends a cell without quotes. */
  readonly #isEnd = new Uint8Array(256);

  /** `delimiter` is the value of a byte. */
  constructor(delimiter: number) {
    this.#delimiter = delimiter;
    for (const byte of [delimiter, LF, CR]) this.#isEnd[byte] = 1;
  }

  /** Returns the position after the row that starts at `start`, or MORE or DOUBT. `final` means that nothing follows `end`. */
  scan(buffer: Buffer, start: number, end: number, final: boolean): number {
    const isEnd = this.#isEnd;
    const delimiter = this.#delimiter;
    this.count = 0;
    for (let at = start; ; at++) {
      if (this.count === MAX_FIELDS) return DOUBT;
      const cell = this.count++;
      if (buffer[at] === QUOTE && at < end) {
        this.doubled[cell] = 0;
        const close = this.#closingQuote(buffer, at + 1, end, cell);
        if (close < 0) return final ? DOUBT : MORE;
        this.starts[cell] = at + 1;
        this.ends[cell] = close;
        at = close + 1;
        // The quote may be the first of two.
        if (at === end && !final) return MORE;
      } else {
        this.starts[cell] = at;
        while (at < end && isEnd[buffer[at]!] === 0) at++;
        this.ends[cell] = at;
        this.doubled[cell] = 0;
      }
      if (at >= end) return final ? end : MORE;
      const byte = buffer[at]!;
      if (byte === delimiter) continue;
      if (byte === LF) return at + 1;
      if (byte !== CR) return DOUBT;
      if (at + 1 < end) return buffer[at + 1] === LF ? at + 2 : at + 1;
      return final ? end : MORE;
    }
  }

  /** Where the closing quote is; -1 when there is none before `end`. */
  #closingQuote(buffer: Buffer, start: number, end: number, cell: number): number {
    const limit = Math.min(end, start + SHORT_CELL);
    let at = start;
    for (;;) {
      while (at < limit && buffer[at] !== QUOTE) at++;
      if (at >= limit) at = buffer.indexOf(QUOTE, at);
      if (at < 0 || at >= end) return -1;
      if (at + 1 >= end || buffer[at + 1] !== QUOTE) return at;
      this.doubled[cell] = 1;
      at += 2;
    }
  }

  /** The text of a cell in the row scanned last. */
  text(buffer: Buffer, cell: number): string {
    if (cell >= this.count) return '';
    const text = buffer.toString('utf8', this.starts[cell]!, this.ends[cell]!);
    return this.doubled[cell] === 1 ? text.replaceAll('""', '"') : text;
  }

  isEmpty(cell: number): boolean {
    return this.starts[cell]! >= this.ends[cell]!;
  }

  texts(buffer: Buffer): string[] {
    return Array.from({ length: this.count }, (_, cell) => this.text(buffer, cell));
  }
}
