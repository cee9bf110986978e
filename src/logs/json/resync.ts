/**
 * Finds the next record after one that could not be read. In: bytes after the fault, and what earlier records looked like. Out:
 * the start of a line whose `{` is no further to the right than in earlier records, or of an object whose first key was also the
 * first key of an earlier one. An answer is remembered until it has been passed, so that a log that is damaged everywhere is not
 * searched anew for each record.
 */
import { blanksAfter, stringAfter } from './lexis.ts';

const LF = 0x0a;
const OPEN_BRACE = 0x7b;
const QUOTE = 0x22;
/** A longer key is not remembered. */
const LONGEST_KEY = 256;
/** First keys that are remembered. */
const MAX_KEYS = 8;

/** An answer. `at` is the right answer for any start in [from, at]. */
interface Found {
  from: number;
  at: number;
}

interface Opening extends Found {
  readonly key: Uint8Array;
  readonly quoted: Buffer;
}

/** No answer is known. */
const UNKNOWN = (): Found => ({ from: 0, at: -1 });

export class Resync {
  readonly #line = UNKNOWN();
  readonly #openings: Opening[] = [];
  #column = 0;
  /** The line that the column was taken from. */
  #columnLine = -1;
  #lastOpening: Uint8Array | null = null;
  /** True when earlier records have shown what records look like. */
  hasLearned = false;

  /** True when no record has shown yet what records look like. */
  get isBlank(): boolean {
    return this.#openings.length === 0;
  }

  /**
   * Learns from a record that was read: offset of its line, bytes between the start of the line and its `{`, its first key as
   * written.
   */
  learn(line: number, column: number, key: Uint8Array | null): void {
    // Only from the first record on a line. Later ones on it do not show where records begin in a line.
    this.learnFrom(line === this.#columnLine ? this.#column : column, key === this.#lastOpening ? null : key);
    this.#columnLine = line;
    this.#lastOpening = key;
  }

  /** Learns from a record that could not be read. */
  learnFrom(column: number, key: Uint8Array | null): void {
    this.hasLearned = true;
    this.#noteColumn(column);
    if (key !== null) this.#noteKey(key);
  }

  /** Forgets everything. */
  forget(): void {
    this.hasLearned = false;
    this.#columnLine = -1;
    this.#lastOpening = null;
    this.#openings.length = 0;
    this.#noteColumn(0);
  }

  /** Call when the bytes of the buffer have changed. */
  reset(): void {
    Object.assign(this.#line, UNKNOWN());
    for (const opening of this.#openings) Object.assign(opening, UNKNOWN());
  }

  #noteColumn(column: number): void {
    if (column === this.#column) return;
    this.#column = column;
    Object.assign(this.#line, UNKNOWN());
  }

  #noteKey(key: Uint8Array): void {
    if (this.#openings.length >= MAX_KEYS || key.length > LONGEST_KEY) return;
    if (this.#openings.some((opening) => Buffer.compare(opening.key, key) === 0)) return;
    this.#openings.push({ key, quoted: Buffer.concat([Buffer.of(QUOTE), key, Buffer.of(QUOTE)]), ...UNKNOWN() });
  }

  /** The first start of a record at or after `from`; -1 when there is none. */
  next(buffer: Buffer, from: number, end: number): number {
    let nearest = this.#find(this.#line, from, end, () => lineStart(buffer, from, end, this.#column));
    for (const opening of this.#openings) {
      nearest = Math.min(
        nearest,
        this.#find(opening, from, end, () => sameOpening(buffer, from, end, opening.quoted)),
      );
    }
    return nearest < end ? nearest : -1;
  }

  #find(found: Found, from: number, end: number, search: () => number): number {
    if (from > found.at || from < found.from) {
      const at = search();
      found.from = from;
      found.at = at < 0 ? end : at;
    }
    return found.at;
  }
}

function lineStart(buffer: Buffer, from: number, end: number, column: number): number {
  for (let line = buffer.indexOf(LF, from); line >= 0 && line < end; line = buffer.indexOf(LF, line + 1)) {
    const at = blanksAfter(buffer, line + 1, end);
    if (at < end && buffer[at] === OPEN_BRACE && at - line - 1 <= column) return at;
  }
  return -1;
}

function sameOpening(buffer: Buffer, from: number, end: number, quoted: Buffer): number {
  for (let at = buffer.indexOf(quoted, from); at >= 0 && at + quoted.length <= end; at = buffer.indexOf(quoted, at + 1)) {
    let open = at - 1;
    while (open > from && buffer[open]! <= 0x20) open--;
    if (open >= from && buffer[open] === OPEN_BRACE) return open;
  }
  return -1;
}

/** The first key of the object at `at`, as written; null when it cannot be read. */
export function openingKey(buffer: Buffer, at: number, end: number): Uint8Array | null {
  const start = blanksAfter(buffer, at + 1, end);
  if (buffer[at] !== OPEN_BRACE || buffer[start] !== QUOTE) return null;
  const after = stringAfter(buffer, start, Math.min(end, start + LONGEST_KEY));
  return after < 0 ? null : Uint8Array.prototype.slice.call(buffer, start + 1, after - 1);
}
