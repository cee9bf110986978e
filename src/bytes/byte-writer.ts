// HOT: writes every value of a rendered event.
/**
 * Writes UTF-8 text into a growing buffer. In: literal text, and BinXML values, which are converted without making a string.
 * Out: bytes. The caller reserves room with `ensure`. Writers may use up to SPARE bytes more, because they store four bytes at
 * a time.
 */

import { dateOfDay, filetimeSeconds, filetimeTicks } from '../model/values/time.ts';
import { escapeMarks, HIGH_BITS, swapInner } from './four-bytes.ts';
import { int32At, uint32At } from './little-endian.ts';
import { escapeXml, XML_ENTITIES, XML_ESCAPES } from './xml-escapes.ts';

const LOWER_HEX = Buffer.from('0123456789abcdef');
/** Two characters as one number for a 16-bit store: the hex digits of each byte, and the numbers 00 to 99. */
const UPPER_HEX = Uint16Array.from({ length: 256 }, (_, i) => pair(i.toString(16).padStart(2, '0').toUpperCase()));
const DECIMAL = Uint16Array.from({ length: 100 }, (_, i) => pair(String(i).padStart(2, '0')));
const QUOTE = 0x22;
const MINUS = 0x2d;
const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;
const BACKSLASH = 0x5c;
const SPARE = 8;
/** A number of 53 bits is written as two of 32 bits: its last eight digits, and up to eight before them. */
const DIGITS_AT_ONCE = 8;
const AT_ONCE = 10 ** DIGITS_AT_ONCE;
const SECONDS_PER_DAY = 86_400;
/** One of these bits is set when one of two UTF-16 units is not ASCII. */
const NOT_ASCII = 0xff80_ff80 | 0;
/** How many days are kept with their dates; a power of two. */
const KEPT_DAYS = 64;

/** For each ASCII character: 0 if it is written as it is, 1 for `\u00xx`, else the letter after the backslash. */
const JSON_ESCAPES = new Uint8Array(128);
JSON_ESCAPES.fill(1, 0, 32);
for (const [character, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr', '""', '\\\\']) {
  JSON_ESCAPES[character!.charCodeAt(0)] = letter!.charCodeAt(0);
}

function pair(text: string): number {
  return text.charCodeAt(0) | (text.charCodeAt(1) << 8);
}

export type Escaping = 'json' | 'xml';

/** Bytes as 32-bit words, for copying four at a time. The last word is filled up with zeros. */
export function wordsOf(bytes: Buffer): Int32Array {
  const padded = Buffer.alloc((bytes.length + 3) & ~3);
  bytes.copy(padded);
  return Int32Array.from({ length: padded.length / 4 }, (_, i) => padded.readInt32LE(4 * i));
}

export class ByteWriter {
  buffer: Buffer;
  at = 0;
  view: DataView;
  readonly #days = new Int32Array(KEPT_DAYS).fill(-1 << 31);
  readonly #dates = new Int32Array(KEPT_DAYS);

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(bytes + SPARE);
    this.view = new DataView(this.buffer.buffer);
  }

  /** The bytes written so far, valid until the next write. */
  written(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  /** Makes room for `bytes` more. */
  ensure(bytes: number): void {
    if (this.at + bytes + SPARE <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.at + bytes + SPARE));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
    this.view = new DataView(larger.buffer);
  }

  byte(value: number): void {
    this.buffer[this.at++] = value;
  }

  quote(): void {
    this.buffer[this.at++] = QUOTE;
  }

  /** `length` bytes of `words` from index `from` on. */
  words(words: Int32Array, from: number, length: number): void {
    const view = this.view;
    let at = this.at;
    for (const end = at + length; at < end; at += 4) view.setInt32(at, words[from++]!, true);
    this.at += length;
  }

  /** Short ASCII text. */
  ascii(text: string): void {
    const { buffer } = this;
    let at = this.at;
    for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i);
    this.at = at;
  }

  /** Any text, escaped. Makes room itself. */
  text(text: string, escaping: Escaping): void {
    this.ensure(text.length * 6 + 8);
    if (escaping === 'json') this.at += this.buffer.write(JSON.stringify(text).slice(1, -1), this.at);
    else this.at += this.buffer.write(escapeXml(text), this.at);
  }

  /**
   * Writes `length` bytes of UTF-16LE as the content of a JSON string; the most frequent case. Needs room for 3 bytes per byte.
   */
  jsonUtf16(source: Buffer, sourceView: DataView, start: number, length: number): void {
    const { buffer } = this;
    const view = this.view;
    const end = start + (length & ~1);
    let at = this.at;
    let p = start;
    while (p < end) {
      if (p + 8 <= end) {
        const first = sourceView.getInt32(p, true);
        const second = sourceView.getInt32(p + 4, true);
        if (((first | second) & NOT_ASCII) === 0) {
          // Bytes 0, 2, 1, 3 of the output. One comparison tells whether any of them needs an escape.
          const four = first | (second << 8);
          p += 8;
          if ((escapeMarks(four) & HIGH_BITS) === 0) {
            view.setInt32(at, swapInner(four), true);
            at += 4;
          } else {
            at = jsonCharacter(buffer, at, first & 127);
            at = jsonCharacter(buffer, at, first >> 16);
            at = jsonCharacter(buffer, at, second & 127);
            at = jsonCharacter(buffer, at, second >> 16);
          }
          continue;
        }
      }
      const low = source[p]!;
      if (low < 128 && source[p + 1] === 0) {
        at = jsonCharacter(buffer, at, low);
        p += 2;
      } else {
        at = wide(buffer, at, source, p, end);
        p += isSurrogatePair(source, p, end) ? 4 : 2;
      }
    }
    this.at = at;
  }

  /** The same for XML. Needs room for 3 bytes per byte. */
  xmlUtf16(source: Buffer, start: number, length: number): void {
    const { buffer } = this;
    const end = start + (length & ~1);
    let at = this.at;
    for (let p = start; p < end; p += 2) {
      const low = source[p]!;
      if (low < 128 && source[p + 1] === 0) {
        if (XML_ESCAPES[low] === 0) buffer[at++] = low;
        else at += XML_ENTITIES[low]!.copy(buffer, at);
      } else {
        at = wide(buffer, at, source, p, end);
        if (isSurrogatePair(source, p, end)) p += 2;
      }
    }
    this.at = at;
  }

  /** An integer of at most 53 bits. */
  integer(value: number): void {
    const { buffer } = this;
    let rest = value;
    if (rest < 0) {
      buffer[this.at++] = MINUS;
      rest = -rest;
    }
    if (rest > 0xffff_ffff) {
      const high = Math.floor(rest / AT_ONCE);
      this.#digits(high, digitsOf(high));
      this.#digits(rest - high * AT_ONCE, DIGITS_AT_ONCE);
      return;
    }
    if (rest < 10) buffer[this.at++] = ZERO + rest;
    else this.#digits(rest, digitsOf(rest));
  }

  /** The last `digits` digits of a number of 32 bits. */
  #digits(value: number, digits: number): void {
    const view = this.view;
    const start = this.at;
    let at = start + digits;
    this.at = at;
    let rest = value >>> 0;
    while (at - start >= 2) {
      const hundredth = (rest / 100) >>> 0;
      at -= 2;
      view.setUint16(at, DECIMAL[rest - hundredth * 100]!, true);
      rest = hundredth;
    }
    if (at > start) this.buffer[start] = ZERO + (rest % 10);
  }

  hexBytes(source: Buffer, start: number, length: number): void {
    for (let p = start; p < start + length; p++) this.#hexByte(source[p]!);
  }

  #hexByte(value: number): void {
    this.view.setUint16(this.at, UPPER_HEX[value]!, true);
    this.at += 2;
  }

  /** `0x` and the digits of a number of 64 bits, unpadded. */
  hexNumber(low: number, high: number): void {
    const { buffer } = this;
    let at = this.at;
    buffer[at++] = ZERO;
    buffer[at++] = 0x78;
    if (high !== 0) at = hexDigits(buffer, at, high, 28 - (Math.clz32(high) & ~3));
    at = hexDigits(buffer, at, low, high !== 0 ? 28 : low === 0 ? 0 : 28 - (Math.clz32(low) & ~3));
    this.at = at;
  }

  guid(source: Buffer, p: number): void {
    const view = this.view;
    const at = this.at;
    const { buffer } = this;
    buffer[at] = 0x7b;
    view.setUint32(at + 1, hexPair(source, p + 3, p + 2), true);
    view.setUint32(at + 5, hexPair(source, p + 1, p), true);
    buffer[at + 9] = MINUS;
    view.setUint32(at + 10, hexPair(source, p + 5, p + 4), true);
    buffer[at + 14] = MINUS;
    view.setUint32(at + 15, hexPair(source, p + 7, p + 6), true);
    buffer[at + 19] = MINUS;
    view.setUint32(at + 20, hexPair(source, p + 8, p + 9), true);
    buffer[at + 24] = MINUS;
    view.setUint32(at + 25, hexPair(source, p + 10, p + 11), true);
    view.setUint32(at + 29, hexPair(source, p + 12, p + 13), true);
    view.setUint32(at + 33, hexPair(source, p + 14, p + 15), true);
    buffer[at + 37] = 0x7d;
    this.at = at + 38;
  }

  /** A SID such as `S-1-5-18`. The source must have all of it. */
  sid(source: Buffer, p: number, length: number): void {
    this.ascii('S-');
    this.integer(source[p]!);
    let authority = 0;
    for (let i = 2; i < 8; i++) authority = authority * 256 + source[p + i]!;
    this.byte(MINUS);
    this.integer(authority);
    const end = p + Math.min(length, 8 + 4 * source[p + 1]!);
    for (let at = p + 8; at + 4 <= end; at += 4) {
      this.byte(MINUS);
      this.integer(uint32At(source, at));
    }
  }

  /** A time in the form of `filetimeText`. */
  filetime(source: Buffer, p: number): void {
    const low = uint32At(source, p);
    const high = uint32At(source, p + 4);
    const second = filetimeSeconds(low, high);
    const day = Math.floor(second / SECONDS_PER_DAY);
    this.#date(day);
    const { buffer } = this;
    const ofDay = second - day * SECONDS_PER_DAY;
    const minutes = (ofDay / 60) >>> 0;
    const hours = (minutes / 60) >>> 0;
    this.#digits(hours, 2);
    buffer[this.at++] = COLON;
    this.#digits(minutes - hours * 60, 2);
    buffer[this.at++] = COLON;
    this.#digits(ofDay - minutes * 60, 2);
    buffer[this.at++] = DOT;
    this.#digits(filetimeTicks(low, high), 7);
    buffer[this.at++] = 0x5a;
  }

  /** `2019-05-11T` of days since 1970. */
  #date(day: number): void {
    const place = day & (KEPT_DAYS - 1);
    if (this.#days[place] !== day) {
      this.#days[place] = day;
      this.#dates[place] = dateOfDay(day);
    }
    const date = this.#dates[place]!;
    const year = date >> 9;
    // A FILETIME can express years up to 60055. Windows then writes five digits.
    if (year > 9999) this.integer(year);
    else this.#digits(year, 4);
    this.byte(MINUS);
    this.#digits((date >> 5) & 15, 2);
    this.byte(MINUS);
    this.#digits(date & 31, 2);
    this.byte(0x54);
  }

  /** An unsigned integer of 64 bits. */
  uint64(source: Buffer, p: number): void {
    if (int32At(source, p + 4) === 0) this.integer(uint32At(source, p));
    else this.ascii(source.readBigUInt64LE(p).toString());
  }
}

/** The hex digits of two bytes, as four characters. */
function hexPair(source: Buffer, first: number, second: number): number {
  return UPPER_HEX[source[first]!]! | (UPPER_HEX[source[second]!]! << 16);
}

function hexDigits(buffer: Buffer, start: number, value: number, firstShift: number): number {
  let at = start;
  for (let shift = firstShift; shift >= 0; shift -= 4) buffer[at++] = LOWER_HEX[(value >>> shift) & 15]!;
  return at;
}

/** The number of digits of a number from 10 on. Smaller numbers get 2, because they are written with a zero in front. */
function digitsOf(value: number): number {
  if (value < 1000) return value < 100 ? 2 : 3;
  if (value < 1e5) return value < 1e4 ? 4 : 5;
  if (value < 1e7) return value < 1e6 ? 6 : 7;
  if (value < 1e9) return value < 1e8 ? 8 : 9;
  return 10;
}

/** An ASCII character in a JSON string. */
function jsonCharacter(buffer: Buffer, start: number, character: number): number {
  const letter = JSON_ESCAPES[character]!;
  let at = start;
  if (letter === 0) {
    buffer[at++] = character;
    return at;
  }
  buffer[at++] = BACKSLASH;
  if (letter > 1) {
    buffer[at++] = letter;
    return at;
  }
  buffer[at++] = 0x75;
  buffer[at++] = ZERO;
  buffer[at++] = ZERO;
  buffer[at++] = LOWER_HEX[character >> 4]!;
  buffer[at++] = LOWER_HEX[character & 15]!;
  return at;
}

function isSurrogatePair(source: Buffer, p: number, end: number): boolean {
  return p + 4 <= end && (source[p + 1]! & 0xfc) === 0xd8 && (source[p + 3]! & 0xfc) === 0xdc;
}

/** One character outside ASCII as UTF-8. A lone surrogate becomes U+FFFD, because UTF-8 cannot express it. */
function wide(buffer: Buffer, start: number, source: Buffer, p: number, end: number): number {
  let at = start;
  const unit = source[p]! | (source[p + 1]! << 8);
  if (isSurrogatePair(source, p, end)) {
    const second = source[p + 2]! | (source[p + 3]! << 8);
    const point = 0x10000 + ((unit & 0x3ff) << 10) + (second & 0x3ff);
    buffer[at++] = 0xf0 | (point >> 18);
    buffer[at++] = 0x80 | ((point >> 12) & 63);
    buffer[at++] = 0x80 | ((point >> 6) & 63);
    buffer[at++] = 0x80 | (point & 63);
    return at;
  }
  if (unit < 0x800) {
    buffer[at++] = 0xc0 | (unit >> 6);
    buffer[at++] = 0x80 | (unit & 63);
    return at;
  }
  const lone = unit >= 0xd800 && unit < 0xe000;
  const point = lone || unit >= 0xfffe ? 0xfffd : unit;
  buffer[at++] = 0xe0 | (point >> 12);
  buffer[at++] = 0x80 | ((point >> 6) & 63);
  buffer[at++] = 0x80 | (point & 63);
  return at;
}
