/** Text encodings: told by the bytes, transcoded block by block to UTF-8. */

export type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Bytes looked at where there is no byte order mark. */
const SAMPLE_BYTES = 1024;
/** Share of zero bytes at odd (or even) places that only UTF-16 text in a Latin script has. */
const ZERO_SHARE = 0.4;
/** Too short to tell; no log is that short. */
const LEAST_BYTES = 16;

/** The encoding of text that begins with `head`: by byte order mark, else by where the zero bytes are. */
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
  if (sample.length < LEAST_BYTES) return 'utf-8';
  const least = (sample.length / 2) * ZERO_SHARE;
  if (odd > least && even * 8 < odd) return 'utf-16le';
  return even > least && odd * 8 < even ? 'utf-16be' : 'utf-8';
}

/** UTF-16 blocks of any size -> UTF-8 without a byte order mark. Lone surrogates become U+FFFD. */
export class Utf16Decoder {
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
