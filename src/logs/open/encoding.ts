/** Text encodings. In: blocks of bytes. Out: UTF-8. The encoding is recognised by the bytes or declared by XML. */
import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/**
 * `utf-8`, `utf-16le`, `utf-16be`, or another encoding that an XML declaration names, under its name in the WHATWG Encoding
 * Standard.
 */
export type Encoding = string;

/** An XML declaration with an encoding. A line of text may come before it. */
const DECLARED = /^[^<{]{0,200}<\?xml\s[^<>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/;
const DECLARATION_BYTES = 512;

/** Bytes looked at when there is no byte order mark. */
const SAMPLE_BYTES = 1024;
/** The share of zero bytes at odd (or even) offsets that only UTF-16 text in Latin script reaches. */
const ZERO_SHARE = 0.4;
/** A shorter text does not show its encoding; no log is that short. */
const LEAST_BYTES = 16;

/**
 * The encoding of text that begins with `head`: told by a byte order mark, else by where zero bytes are, else by a declaration.
 */
export function encodingOf(head: Buffer): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  const sample = head.subarray(0, Math.min(head.length, SAMPLE_BYTES) & ~1);
  let even = 0;
  let odd = 0;
  for (let at = 0; at < sample.length; at += 2) {
    if (sample[at] === 0) even++;
    if (sample[at + 1] === 0) odd++;
  }
  if (head[0] === 0xef && head[1] === 0xbb && head[2] === 0xbf) return 'utf-8';
  if (sample.length < LEAST_BYTES) return 'utf-8';
  const least = (sample.length / 2) * ZERO_SHARE;
  // A log begins with an ASCII character, so in UTF-16 one of the first two bytes is zero. Zero bytes further on prove nothing:
  // UTF-16 may have been appended to a log in UTF-8.
  if (head[1] === 0 && odd > least && even * 8 < odd) return 'utf-16le';
  if (head[0] === 0 && even > least && odd * 8 < even) return 'utf-16be';
  return declaredEncoding(head) ?? 'utf-8';
}

/** The name in an XML declaration if it is not that of a known encoding; else null. */
export function unknownEncoding(head: Buffer): string | null {
  const declared = declarationIn(head);
  return declared?.encoding === null ? declared.label : null;
}

/** Null when no encoding is declared, it is unknown, or it is a Unicode encoding, which the bytes themselves would have shown. */
function declaredEncoding(head: Buffer): Encoding | null {
  const encoding = declarationIn(head)?.encoding ?? null;
  return encoding?.startsWith('utf-') ? null : encoding;
}

/** The name in an XML declaration, with its encoding; that is null when it is not known. */
function declarationIn(head: Buffer): { readonly label: string; readonly encoding: Encoding | null } | null {
  const label = DECLARED.exec(head.toString('latin1', 0, DECLARATION_BYTES))?.[1];
  if (label === undefined) return null;
  try {
    return { label, encoding: new TextDecoder(label).encoding };
  } catch {
    return { label, encoding: null };
  }
}

/** Turns blocks of any size into UTF-8. */
export interface Transcoder {
  push(block: Buffer): Buffer;
  /** The bytes left over at the end. */
  end(): Buffer;
}

export function transcoderOf(encoding: Encoding): Transcoder {
  return encoding.startsWith('utf-16') ? new Utf16Decoder(encoding) : new DeclaredDecoder(encoding);
}

/**
 * Tools often write the same declaration whatever the encoding is. If the first bytes beyond ASCII are valid UTF-8, the text is
 * UTF-8.
 */
class DeclaredDecoder implements Transcoder {
  readonly #decoder: TextDecoder;
  /** null as long as all bytes are ASCII. */
  #isUtf8: boolean | null;
  /** Bytes that may be the beginning of the first character beyond ASCII. */
  #left: Buffer = Buffer.alloc(0);

  constructor(encoding: Encoding) {
    this.#decoder = new TextDecoder(encoding);
    // ISO-2022-JP uses only ASCII bytes, so the bytes cannot tell it from UTF-8.
    this.#isUtf8 = encoding === 'iso-2022-jp' ? false : null;
  }

  push(block: Buffer): Buffer {
    if (this.#isUtf8 !== null) return this.#decode(block);
    const bytes = this.#left.length === 0 ? block : Buffer.concat([this.#left, block]);
    const whole = withoutCutCharacter(bytes);
    if (isAscii(whole)) {
      this.#left = Buffer.from(bytes.subarray(whole.length));
      return whole;
    }
    this.#left = Buffer.alloc(0);
    this.#isUtf8 = isUtf8(whole);
    return this.#decode(bytes);
  }

  end(): Buffer {
    return Buffer.from(this.#decoder.decode(this.#left), 'utf8');
  }

  #decode(bytes: Buffer): Buffer {
    return this.#isUtf8 ? bytes : Buffer.from(this.#decoder.decode(bytes, { stream: true }), 'utf8');
  }
}

/** The block without the incomplete UTF-8 character at its end. */
function withoutCutCharacter(block: Buffer): Buffer {
  for (let length = 1; length <= 3 && length <= block.length; length++) {
    const byte = block[block.length - length]!;
    if (byte < 0x80) break;
    if (byte >= 0xc0) return length < bytesOfCharacter(byte) ? block.subarray(0, block.length - length) : block;
  }
  return block;
}

function bytesOfCharacter(first: number): number {
  return first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
}

/**
 * Where a log in UTF-16 continues in UTF-8, because another shell has appended to it with `>>`: the last character in UTF-16, in
 * either byte order, and then the start of a record in UTF-8. (Read as UTF-16, `{"` would be U+227B; `<E` and `<?` would be rare
 * letters of Chinese names.)
 */
const TO_UTF8 = /(?:[\n>}]\0|\0[\n>}])(?:\u00ef\u00bb\u00bf)?(?=\{"[\w:]|<Ev|<\?x|\[\{")/g;
/** The most bytes that {@link TO_UTF8} needs to see together. */
const DECIDING_BYTES = 8;

/** Turns UTF-16 blocks of any size into UTF-8 without a byte order mark. Lone surrogates become U+FFFD. */
class Utf16Decoder implements Transcoder {
  readonly #bigEndian: boolean;
  #left: Buffer = Buffer.alloc(0);
  #first = true;
  /** True once the log has continued in UTF-8. */
  #isUtf8 = false;

  constructor(encoding: Encoding) {
    this.#bigEndian = encoding === 'utf-16be';
  }

  push(block: Uint8Array): Buffer {
    if (this.#isUtf8) return Buffer.from(block);
    const bytes = Buffer.concat([this.#left, block]);
    const turn = utf8From(bytes);
    if (turn >= 0) {
      this.#isUtf8 = true;
      this.#left = Buffer.alloc(0);
      return Buffer.concat([this.#decode(Buffer.from(bytes.subarray(0, turn))), withoutMark(bytes.subarray(turn))]);
    }
    let length = Math.max(0, (bytes.length & ~1) - DECIDING_BYTES);
    // A surrogate pair must stay together, so its first half waits for the next block.
    if (length >= 2 && this.#isHighSurrogate(bytes, length - 2)) length -= 2;
    this.#left = Buffer.from(bytes.subarray(length));
    return this.#decode(bytes.subarray(0, length));
  }

  /** The rest at the end: an odd byte is dropped, a lone surrogate is replaced. A short rest cannot hold a record in UTF-8. */
  end(): Buffer {
    return this.#decode(this.#left.subarray(0, this.#left.length & ~1));
  }

  #isHighSurrogate(bytes: Buffer, at: number): boolean {
    return (bytes[this.#bigEndian ? at : at + 1]! & 0xfc) === 0xd8;
  }

  #decode(bytes: Buffer): Buffer {
    if (this.#bigEndian) bytes.swap16();
    let text = bytes.toString('utf16le');
    if (this.#first && text.length > 0) {
      this.#first = false;
      if (text.startsWith('\uFEFF')) text = text.slice(1);
    }
    return Buffer.from(text, 'utf8');
  }
}

/** Where text in UTF-16 continues in UTF-8; -1 when it does not. */
function utf8From(bytes: Buffer): number {
  // Checked first, because most blocks hold none of these bytes.
  if (!bytes.includes('{"') && !bytes.includes('<Ev') && !bytes.includes('<?x')) return -1;
  const text = bytes.toString('latin1');
  for (const found of text.matchAll(TO_UTF8)) if (found.index % 2 === 0) return found.index + 2;
  return -1;
}

/** The text without a byte order mark of UTF-8. */
export function withoutMark(bytes: Buffer): Buffer {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? bytes.subarray(3) : bytes;
}
