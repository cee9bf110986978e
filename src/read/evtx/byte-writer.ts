// HOT: writes every value of a rendered event.
/** UTF-8 text into a growing buffer: literals, and BinXML values without a string in between. */
import { filetimeText } from './time.ts';
import { uint32At } from './values.ts';

const LOWER_HEX = Buffer.from('0123456789abcdef');
const UPPER_HEX = Buffer.from('0123456789ABCDEF');
const QUOTE = 0x22;
const MINUS = 0x2d;
const ZERO = 0x30;
const BACKSLASH = 0x5c;

/** Per ASCII character: 0 as it is, 1 `\u00xx`, else the letter behind the backslash. */
const JSON_ESCAPES = new Uint8Array(128);
JSON_ESCAPES.fill(1, 0, 32);
for (const [character, letter] of ['\bb', '\tt', '\nn', '\ff', '\rr', '""', '\\\\']) {
  JSON_ESCAPES[character!.charCodeAt(0)] = letter!.charCodeAt(0);
}

/** Per ASCII character: what XML writes instead. Control characters are not XML at all; CR would be read as LF. */
const XML_ESCAPES: (Buffer | null)[] = new Array<Buffer | null>(128).fill(null);
for (let i = 0; i < 32; i++) XML_ESCAPES[i] = Buffer.from('\ufffd');
XML_ESCAPES[9] = null;
XML_ESCAPES[10] = null;
for (const [character, text] of [
  ['\r', '&#13;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ["'", '&apos;'],
  ['"', '&quot;'],
] as const) {
  XML_ESCAPES[character.charCodeAt(0)] = Buffer.from(text);
}

export type Escaping = 'json' | 'xml';

export class ByteWriter {
  buffer: Buffer;
  at = 0;

  constructor(bytes: number) {
    this.buffer = Buffer.allocUnsafeSlow(bytes);
  }

  /** What has been written; valid until the next write. */
  written(): Buffer {
    return this.buffer.subarray(0, this.at);
  }

  /** Room for `bytes` more. */
  ensure(bytes: number): void {
    if (this.at + bytes <= this.buffer.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.buffer.length * 2, this.at + bytes));
    this.buffer.copy(larger, 0, 0, this.at);
    this.buffer = larger;
  }

  byte(value: number): void {
    this.buffer[this.at++] = value;
  }

  /** Copies a literal; the caller has made room. */
  literal(bytes: Uint8Array, from: number): void {
    const { buffer } = this;
    const length = bytes.length;
    let at = this.at;
    // Below this, a loop is faster than the call.
    if (length - from < 64) for (let i = from; i < length; i++) buffer[at++] = bytes[i]!;
    else {
      buffer.set(from === 0 ? bytes : bytes.subarray(from), at);
      at += length - from;
    }
    this.at = at;
  }

  /** Short ASCII text; the caller has made room. */
  ascii(text: string): void {
    const { buffer } = this;
    let at = this.at;
    for (let i = 0; i < text.length; i++) buffer[at++] = text.charCodeAt(i);
    this.at = at;
  }

  /** Any text, escaped. Makes its own room. */
  text(text: string, escaping: Escaping): void {
    this.ensure(text.length * 6 + 8);
    if (escaping === 'json') this.at += this.buffer.write(JSON.stringify(text).slice(1, -1), this.at);
    else this.at += this.buffer.write(escapeXml(text), this.at);
  }

  /** `length` bytes of UTF-16LE as JSON string content: the hot case. Room: 3 bytes for each byte. */
  jsonUtf16(source: Buffer, start: number, length: number): void {
    const { buffer } = this;
    const end = start + (length & ~1);
    let at = this.at;
    for (let p = start; p < end; p += 2) {
      const low = source[p]!;
      if (low < 128 && source[p + 1] === 0) {
        const letter = JSON_ESCAPES[low]!;
        if (letter === 0) buffer[at++] = low;
        else at = jsonEscape(buffer, at, low, letter);
      } else {
        at = wide(buffer, at, source, p, end);
        if (isSurrogatePair(source, p, end)) p += 2;
      }
    }
    this.at = at;
  }

  /** The same for XML. Room: 3 bytes for each byte. */
  xmlUtf16(source: Buffer, start: number, length: number): void {
    const { buffer } = this;
    const end = start + (length & ~1);
    let at = this.at;
    for (let p = start; p < end; p += 2) {
      const low = source[p]!;
      if (low < 128 && source[p + 1] === 0) {
        const entity = XML_ESCAPES[low]!;
        if (entity === null) buffer[at++] = low;
        else for (let i = 0; i < entity.length; i++) buffer[at++] = entity[i]!;
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
      this.ascii(String(rest));
      return;
    }
    let digits = 1;
    for (let limit = 10; digits < 10 && rest >= limit; limit *= 10) digits++;
    let at = this.at + digits;
    this.at = at;
    rest >>>= 0;
    do {
      const tenth = (rest / 10) >>> 0;
      buffer[--at] = ZERO + rest - tenth * 10;
      rest = tenth;
    } while (rest > 0);
  }

  hexBytes(source: Buffer, start: number, length: number): void {
    for (let p = start; p < start + length; p++) this.#hexByte(source[p]!);
  }

  #hexByte(value: number): void {
    this.buffer[this.at] = UPPER_HEX[value >> 4]!;
    this.buffer[this.at + 1] = UPPER_HEX[value & 15]!;
    this.at += 2;
  }

  /** `0x` and the digits of a number of 64 bits, unpadded. */
  hexNumber(low: number, high: number): void {
    const { buffer } = this;
    buffer[this.at++] = ZERO;
    buffer[this.at++] = 0x78;
    let started = false;
    for (let shift = 60; shift >= 0; shift -= 4) {
      const digit = shift >= 32 ? (high >>> (shift - 32)) & 15 : (low >>> shift) & 15;
      if (digit === 0 && !started && shift > 0) continue;
      started = true;
      buffer[this.at++] = LOWER_HEX[digit]!;
    }
  }

  guid(source: Buffer, p: number): void {
    this.byte(0x7b);
    for (let i = 3; i >= 0; i--) this.#hexByte(source[p + i]!);
    this.byte(MINUS);
    this.#hexByte(source[p + 5]!);
    this.#hexByte(source[p + 4]!);
    this.byte(MINUS);
    this.#hexByte(source[p + 7]!);
    this.#hexByte(source[p + 6]!);
    this.byte(MINUS);
    this.hexBytes(source, p + 8, 2);
    this.byte(MINUS);
    this.hexBytes(source, p + 10, 6);
    this.byte(0x7d);
  }

  filetime(source: Buffer, p: number): void {
    this.ascii(filetimeText(uint32At(source, p), uint32At(source, p + 4)));
  }

  quote(): void {
    this.buffer[this.at++] = QUOTE;
  }
}

function jsonEscape(buffer: Buffer, start: number, character: number, letter: number): number {
  let at = start;
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

/** One character outside ASCII as UTF-8; half a pair becomes U+FFFD, since UTF-8 has none. */
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

/** Text as XML content and attribute value. */
export function escapeXml(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b-\u001f&<>'"\ufffe\uffff]/g, (character) => {
    const code = character.charCodeAt(0);
    return code < 128 ? XML_ESCAPES[code]!.toString() : '\ufffd';
  });
}
