/**
 * Matches on their way from a worker thread: the worker turns them into one buffer, the main thread copies numbers out of it
 * and never parses the rest. In: matches of one task. Out: a self-contained buffer. Refuses nothing.
 *
 * Layout, little-endian: header of 16 bytes (`WMB1`, rows u32, bytes of the name table u32, bytes of JSON u32), the name table
 * (JSON array of strings, padded with blanks to 8 bytes), the rows of {@link ROW_BYTES} each, the matches as JSON, back to back.
 * A row: time f64, rule u32, index u32, computer u32 and via u32 (both into the name table), length of its JSON u32, pad u32.
 */
import { InternalError } from '../model/errors.ts';
import type { Match } from '../model/match.ts';

const MAGIC = 0x31424d57;
const HEADER_BYTES = 16;
export const ROW_BYTES = 32;
/** A writer asks to be flushed when it holds this many bytes of JSON. */
export const BLOCK_BYTES = 1024 * 1024;

/** Collects matches in a worker. Add matches; `take()` when `full` and at the end of each task, and post the buffer. */
export class MatchBlockWriter {
  #rows: number[] = [];
  #names: string[] = [];
  #ids = new Map<string, number>();
  #json: Buffer[] = [];
  #jsonBytes = 0;

  /** Matches not yet taken. */
  get count(): number {
    return this.#json.length;
  }

  get full(): boolean {
    return this.#jsonBytes >= BLOCK_BYTES;
  }

  add(match: Match): void {
    const json = Buffer.from(JSON.stringify(match));
    const { event } = match;
    this.#rows.push(event.timeUs, match.rule, event.index, this.#nameId(event.Computer), this.#nameId(match.via), json.length);
    this.#json.push(json);
    this.#jsonBytes += json.length;
  }

  /** Everything added since the last call, in a buffer of its own that may be transferred. */
  take(): Uint8Array {
    const table = JSON.stringify(this.#names);
    const tableBytes = Math.ceil(Buffer.byteLength(table) / 8) * 8;
    const rows = this.#json.length;
    const bytes = new Uint8Array(HEADER_BYTES + tableBytes + rows * ROW_BYTES + this.#jsonBytes);
    const buffer = Buffer.from(bytes.buffer);
    buffer.writeUInt32LE(MAGIC, 0);
    buffer.writeUInt32LE(rows, 4);
    buffer.writeUInt32LE(tableBytes, 8);
    buffer.writeUInt32LE(this.#jsonBytes, 12);
    buffer.fill(0x20, HEADER_BYTES, HEADER_BYTES + tableBytes);
    buffer.write(table, HEADER_BYTES);
    let at = HEADER_BYTES + tableBytes;
    for (let i = 0; i < this.#rows.length; i += 6) {
      buffer.writeDoubleLE(this.#rows[i]!, at);
      for (let column = 1; column < 6; column++) buffer.writeUInt32LE(this.#rows[i + column]!, at + 4 + 4 * column);
      at += ROW_BYTES;
    }
    for (const json of this.#json) at += json.copy(buffer, at);
    this.#rows = [];
    this.#names = [];
    this.#ids = new Map();
    this.#json = [];
    this.#jsonBytes = 0;
    return bytes;
  }

  #nameId(name: string): number {
    let id = this.#ids.get(name);
    if (id === undefined) {
      id = this.#names.length;
      this.#names.push(name);
      this.#ids.set(name, id);
    }
    return id;
  }
}

/** One row of a block; `names` resolves `computer` and `via`. */
export interface BlockRow {
  readonly timeUs: number;
  readonly rule: number;
  readonly index: number;
  readonly computer: number;
  readonly via: number;
  readonly jsonBytes: number;
}

export interface MatchBlock {
  readonly names: readonly string[];
  readonly rows: number;
  row(number: number): BlockRow;
  /** The matches as JSON, back to back, in row order. A view into the block. */
  readonly json: Uint8Array;
}

export function readMatchBlock(bytes: Uint8Array): MatchBlock {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEADER_BYTES || buffer.readUInt32LE(0) !== MAGIC) throw new InternalError('not a block of matches');
  const rows = buffer.readUInt32LE(4);
  const rowsAt = HEADER_BYTES + buffer.readUInt32LE(8);
  const jsonAt = rowsAt + rows * ROW_BYTES;
  if (buffer.length !== jsonAt + buffer.readUInt32LE(12)) {
    throw new InternalError(`block of matches: ${buffer.length} bytes, expected ${jsonAt + buffer.readUInt32LE(12)}`);
  }
  return {
    names: JSON.parse(buffer.toString('utf8', HEADER_BYTES, rowsAt)) as string[],
    rows,
    row: (number) => {
      const at = rowsAt + number * ROW_BYTES;
      return {
        timeUs: buffer.readDoubleLE(at),
        rule: buffer.readUInt32LE(at + 8),
        index: buffer.readUInt32LE(at + 12),
        computer: buffer.readUInt32LE(at + 16),
        via: buffer.readUInt32LE(at + 20),
        jsonBytes: buffer.readUInt32LE(at + 24),
      };
    },
    json: bytes.subarray(jsonAt),
  };
}
