/** Text encodings: told by the bytes or declared by XML, transcoded block by block to UTF-8. */
import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** `utf-8`, `utf-16le`, `utf-16be`, or another one that an XML declaration names, as the Encoding Standard of WHATWG calls it. */
export type Encoding = string;

/** In the XML declaration, which may stand behind a line of text. */
const DECLARED = /^[^<{]{0,200}<\?xml\s[^<>]*?\sencoding\s*=\s*["']([\w.:-]{1,40})["']/;
const DECLARATION_BYTES = 512;

/** Bytes looked at where there is no byte order mark. */
const SAMPLE_BYTES = 1024;
/** Share of zero bytes at odd (or even) places that only UTF-16 text in a Latin script has. */
const ZERO_SHARE = 0.4;
/** Too short to tell; no log is that short. */
const LEAST_BYTES = 16;

/** The encoding of text that begins with `head`: by byte order mark, else by where the zero bytes are, else as declared. */
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
  // A record in UTF-8 may come first: logs begin with ASCII.
  if (head[1] === 0 && odd > least && even * 8 < odd) return 'utf-16le';
  if (head[0] === 0 && even > least && odd * 8 < even) return 'utf-16be';
  return declaredEncoding(head) ?? 'utf-8';
}

/** null: none, one that is not known, or Unicode, which the bytes would have shown. */
function declaredEncoding(head: Buffer): Encoding | null {
  const label = DECLARED.exec(head.toString('latin1', 0, DECLARATION_BYTES))?.[1];
  if (label === undefined) return null;
  try {
    const { encoding } = new TextDecoder(label);
    return encoding.startsWith('utf-') ? null : encoding;
  } catch {
    return null;
  }
}

/** Blocks of any size -> UTF-8. */
export interface Transcoder {
  push(block: Buffer): Buffer;
  /** What is left at the end. */
  end(): Buffer;
}

export function transcoderOf(encoding: Encoding): Transcoder {
  return encoding.startsWith('utf-16') ? new Utf16Decoder(encoding) : new DeclaredDecoder(encoding);
}

/** A declaration is often what a tool always writes: text that is valid UTF-8 where it first leaves ASCII is UTF-8. */
class DeclaredDecoder implements Transcoder {
  readonly #decoder: TextDecoder;
  /** null as long as all is ASCII. */
  #isUtf8: boolean | null;
  /** What may be the beginning of the first character that tells. */
  #left: Buffer = Buffer.alloc(0);

  constructor(encoding: Encoding) {
    this.#decoder = new TextDecoder(encoding);
    // Its bytes are all ASCII.
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

/** Without the UTF-8 character that the block's end cuts. */
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

/** UTF-16 blocks of any size -> UTF-8 without a byte order mark. Lone surrogates become U+FFFD. */
class Utf16Decoder implements Transcoder {
  readonly #bigEndian: boolean;
  #left: Buffer = Buffer.alloc(0);
  #first = true;

  constructor(encoding: Encoding) {
    this.#bigEndian = encoding === 'utf-16be';
  }

  push(block: Uint8Array): Buffer {
    const bytes = Buffer.concat([this.#left, block]);
    let length = bytes.length & ~1;
    // A pair of surrogates must not be torn apart.
    if (length >= 2 && this.#isHighSurrogate(bytes, length - 2)) length -= 2;
    this.#left = Buffer.from(bytes.subarray(length));
    return this.#decode(bytes.subarray(0, length));
  }

  /** What is left at the end: an odd byte is dropped, a lone surrogate replaced. */
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
