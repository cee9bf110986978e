// HOT: writes every event that matches.
/**
 * JSON as UTF-8 into a growing buffer. In: harmless JSON, and values that become it.
 *
 * Bytes are copied eight at a time, as doubles. That is safe only for harmless JSON in UTF-8, because a double that is no number
 * may change its bits on the way. All such doubles have a byte 0x7f or 0xff. Harmless JSON escapes the first, and UTF-8 does not
 * have the second.
 */
import type { Atom } from '../model/values/atom.ts';
import { ByteWriter } from './byte-writer.ts';
import { jsonArena } from './json-arena.ts';
import { encodeJsonString, jsonStringBytes } from './json-string.ts';
import { harmlessJson } from './json-text.ts';

/** Eight bytes are copied at a time, up to seven beyond the last. */
const SPARE = 8;
const ZERO = 0x30;
const NINE = 0x39;
const COMMA = 0x2c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
/** How many digits a number of 53 bits has at most. */
const MOST_DIGITS = 16;
/** Numbers with more digits may not be exact. */
const EXACT_DIGITS = 15;

/** Pieces of JSON that are written again and again, ready to be copied. */
export interface JsonPieces {
  readonly view: DataView;
  /** The start of each piece, and the end of the last. */
  readonly starts: Int32Array;
}

/** `pieces`: harmless JSON. */
export function jsonPieces(pieces: readonly string[]): JsonPieces {
  const starts = new Int32Array(pieces.length + 1);
  pieces.forEach((piece, i) => {
    starts[i + 1] = starts[i]! + Buffer.byteLength(piece);
  });
  const bytes = Buffer.alloc(starts[pieces.length]! + SPARE);
  bytes.write(pieces.join(''));
  return { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), starts };
}

/** A name as harmless JSON. */
export function jsonText(text: string): string {
  return harmlessJson(JSON.stringify(text));
}

export const NULL = jsonPieces(['null']);

/** Its own methods make room. */
export class JsonWriter extends ByteWriter {
  piece({ view, starts }: JsonPieces, piece = 0): void {
    const start = starts[piece]!;
    this.#copy(view, start, starts[piece + 1]! - start);
  }

  /** Writes what is kept at a place of the thread's arena. */
  kept(place: number): void {
    this.#copy(jsonArena.view, jsonArena.start(place), jsonArena.length(place));
  }

  /** Writes a value as a JSON string. */
  atom(atom: Atom): void {
    const place = jsonArena.place(atom);
    if (place >= 0) this.kept(place);
    else this.string(atom.text);
  }

  atoms(atoms: readonly (Atom | null)[]): void {
    this.sign(OPEN_LIST);
    for (let i = 0; i < atoms.length; i++) {
      if (i > 0) this.sign(COMMA);
      const atom = atoms[i]!;
      if (atom === null) this.piece(NULL);
      else this.atom(atom);
    }
    this.sign(CLOSE_LIST);
  }

  /** Writes any text as a JSON string. */
  string(text: string): void {
    this.ensure(jsonStringBytes(text));
    this.at = encodeJsonString(text, this.buffer, this.view, this.at);
  }

  /** Writes JSON unchanged. */
  json(json: string): void {
    // UTF-8 takes at most three bytes per UTF-16 unit.
    this.ensure(3 * json.length);
    this.at += this.buffer.write(json, this.at);
  }

  bytes(bytes: Uint8Array): void {
    this.ensure(bytes.length);
    this.buffer.set(bytes, this.at);
    this.at += bytes.length;
  }

  /** A single character. */
  sign(character: number): void {
    this.ensure(1);
    this.byte(character);
  }

  /** Removes the quotes of the JSON string that starts at `start`, if its text is a JSON number. Returns false if it is not. */
  unquote(start: number): boolean {
    const { buffer } = this;
    const digits = this.at - start - 2;
    if (digits < 1 || digits > EXACT_DIGITS || (buffer[start + 1] === ZERO && digits > 1)) return false;
    for (let i = 1; i <= digits; i++) if (buffer[start + i]! < ZERO || buffer[start + i]! > NINE) return false;
    for (let i = 1; i <= digits; i++) buffer[start + i - 1] = buffer[start + i]!;
    this.at = start + digits;
    return true;
  }

  /** True when the bytes from `start` on equal those from `earlier` on. */
  repeats(earlier: number, start: number): boolean {
    const { buffer } = this;
    for (let i = this.at - 1 - start; i >= 0; i--) if (buffer[earlier + i] !== buffer[start + i]) return false;
    return true;
  }

  /** Writes a number as JSON; NaN becomes null. */
  number(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) {
      this.json(Number.isFinite(value) ? String(value) : 'null');
      return;
    }
    this.ensure(MOST_DIGITS);
    this.integer(value);
  }

  #copy(source: DataView, start: number, bytes: number): void {
    this.ensure(bytes);
    const { view } = this;
    let at = this.at;
    let from = start;
    for (const end = at + bytes; at < end; at += 8) {
      view.setFloat64(at, source.getFloat64(from, true), true);
      from += 8;
    }
    this.at += bytes;
  }
}
