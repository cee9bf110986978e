// HOT: every byte of a CSV log passes here.
/** Cells of rows written as JSON, a line for each row. In: cells as they stand in the log. Out: bytes for the JSON reader. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What one byte of a cell becomes at most: `\u001f`. */
const MOST_ESCAPED = 6;

/** By byte: the letter of its escape, `u` for those that have none of their own; 0: written as it is. */
const ESCAPES = new Uint8Array(256);
for (let byte = 0; byte < 0x20; byte++) ESCAPES[byte] = 'u'.charCodeAt(0);
for (const [char, letter] of Object.entries({ '\n': 'n', '\r': 'r', '\t': 't', '\b': 'b', '\f': 'f', '"': '"', '\\': '\\' })) {
  ESCAPES[char.charCodeAt(0)] = letter.charCodeAt(0);
}
const HEX = Buffer.from('0123456789abcdef');
const UNICODE = 'u'.charCodeAt(0);

export class JsonLines {
  #bytes = Buffer.allocUnsafe(1 << 19);
  #at = 0;

  get length(): number {
    return this.#at;
  }

  /** What has been written since the last time; valid until the next write. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#at = 0;
    return taken;
  }

  /** Forgets what was written behind `length`. */
  cut(length: number): void {
    this.#at = length;
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#at + more, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }

  /** Bytes as they are. */
  bytes(written: Uint8Array): void {
    this.#reserve(written.length);
    const to = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < written.length; i++) to[at++] = written[i]!;
    this.#at = at;
  }

  json(text: string): void {
    this.#reserve(text.length * 3);
    this.#at += this.#bytes.write(text, this.#at);
  }

  /** The inside of a JSON string for the cell in [start, end). */
  cell(from: Buffer, start: number, end: number, doubled: number): void {
    this.#reserve((end - start) * MOST_ESCAPED);
    const to = this.#bytes;
    let at = this.#at;
    for (let i = start; i < end; i++) {
      const byte = from[i]!;
      const letter = ESCAPES[byte]!;
      if (letter === 0) {
        to[at++] = byte;
        continue;
      }
      to[at++] = BACKSLASH;
      to[at++] = letter;
      if (letter === UNICODE) {
        to[at] = to[at + 1] = HEX[0]!;
        to[at + 2] = HEX[byte >> 4]!;
        to[at + 3] = HEX[byte & 15]!;
        at += 4;
      } else if (byte === QUOTE) i += doubled;
    }
    this.#at = at;
  }

  /** A cell that is JSON itself. */
  raw(from: Buffer, start: number, end: number, doubled: number): void {
    this.#reserve(end - start);
    const to = this.#bytes;
    let at = this.#at;
    for (let i = start; i < end; i++) {
      const byte = from[i]!;
      // Line ends between its tokens: a line is a row here.
      to[at++] = Math.max(byte, 0x20);
      if (byte === QUOTE) i += doubled;
    }
    this.#at = at;
  }
}
