// HOT: every byte of a CSV log passes here.
/** Writes the cells of rows as JSON, one line per row. In: cells as they stand in the log. Out: bytes for the JSON reader. */

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** The most bytes that one byte of a cell becomes: `\u001f`. */
const MOST_ESCAPED = 6;

/** By byte: the letter of its escape, `u` for a byte without a short escape, 0 for a byte that is written as it is. */
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

  /** What has been written since the last call. Valid until the next write. */
  take(): Buffer {
    const taken = this.#bytes.subarray(0, this.#at);
    this.#at = 0;
    return taken;
  }

  /** Removes everything written after `length`. */
  cut(length: number): void {
    this.#at = length;
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#at + more, this.#bytes.length * 2));
    this.#bytes.copy(grown, 0, 0, this.#at);
    this.#bytes = grown;
  }

  /** Writes bytes unchanged. */
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

  /** Writes the cell in [start, end) as the inside of a JSON string. */
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

  /** Writes a cell that already is JSON. */
  raw(from: Buffer, start: number, end: number, doubled: number): void {
    this.#reserve(end - start);
    const to = this.#bytes;
    let at = this.#at;
    for (let i = start; i < end; i++) {
      const byte = from[i]!;
      // Line ends between JSON tokens become blanks, because one line is one row here.
      to[at++] = Math.max(byte, 0x20);
      if (byte === QUOTE) i += doubled;
    }
    this.#at = at;
  }
}
