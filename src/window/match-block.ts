/**
 * Matches on their way from a worker thread: the worker writes them into one buffer, the main thread copies numbers out of it
 * and never parses the rest. In: matches of one range. Out: a self-contained buffer. Refuses nothing.
 *
 * Layout, little-endian: header of 16 bytes (`WMB2`, rows u32, bytes of the name table u32, bytes of text u32), the name table
 * (JSON array of strings, padded with blanks to 8 bytes; the first is the file), the rows of {@link ROW_BYTES} each, the text: of
 * each event its head and its tail (event-json.ts), then of each of its matches the fields as JSON.
 * A row: time f64, then u32: rule, index, computer and via (into the name table), where the event's text starts, bytes of its
 * head, bytes of its tail, where the fields start, bytes of the fields, pad.
 */
import { InternalError } from '../model/errors.ts';
import { harmlessJson } from '../model/json-text.ts';
import type { Match } from '../model/match.ts';
import { type EventJson, snapshotJson } from './event-json.ts';

const MAGIC = 0x32424d57;
const HEADER_BYTES = 16;
export const ROW_BYTES = 48;
const ROW_NUMBERS = 9;
/** A writer asks to be flushed when it holds this many bytes of text. */
export const BLOCK_BYTES = 1024 * 1024;

/** Collects matches. `take()` when `full` and at the end of each range, before the next `event`, and hand the buffer over. */
export class MatchBlockWriter {
  readonly #times: number[] = [];
  readonly #numbers: number[] = [];
  #names: string[] = [''];
  #ids = new Map<string, number>();
  #text = Buffer.allocUnsafeSlow(2 * BLOCK_BYTES);
  #textBytes = 0;
  /** The event in hand. */
  #timeUs = Number.NaN;
  #index = 0;
  #computer = 0;
  #at = 0;
  #headBytes = 0;
  #tailBytes = 0;

  /** Matches not yet taken. */
  get count(): number {
    return this.#times.length;
  }

  get full(): boolean {
    return this.#textBytes >= BLOCK_BYTES;
  }

  /** The file that all events of the block are from. */
  start(file: string): void {
    this.#names[0] = file;
  }

  /** An event that matches; {@link match} follows for each rule that holds. */
  event(json: EventJson, timeUs: number, index: number, computer: string): void {
    this.#timeUs = timeUs;
    this.#index = index;
    this.#computer = this.#nameId(computer);
    this.#at = this.#textBytes;
    this.#headBytes = this.#write(json.head);
    this.#tailBytes = this.#write(json.tail);
  }

  /** `fields`: the evidence as a JSON array, harmless to print. */
  match(rule: number, via: string, fields: string): void {
    const at = this.#textBytes;
    const bytes = this.#write(fields);
    this.#times.push(this.#timeUs);
    this.#numbers.push(rule, this.#index, this.#computer, this.#nameId(via));
    this.#numbers.push(this.#at, this.#headBytes, this.#tailBytes, at, bytes);
  }

  /** A match that exists as an object. */
  add({ event, rule, via, fields }: Match): void {
    this.start(event.file);
    this.event(snapshotJson(event), event.timeUs, event.index, event.Computer);
    this.match(rule, via, harmlessJson(JSON.stringify(fields)));
  }

  /** Everything added since the last call, in a buffer of its own that may be transferred. */
  take(): Uint8Array {
    const table = JSON.stringify(this.#names);
    const tableBytes = Math.ceil(Buffer.byteLength(table) / 8) * 8;
    const rows = this.#times.length;
    const bytes = new Uint8Array(HEADER_BYTES + tableBytes + rows * ROW_BYTES + this.#textBytes);
    const buffer = Buffer.from(bytes.buffer);
    buffer.writeUInt32LE(MAGIC, 0);
    buffer.writeUInt32LE(rows, 4);
    buffer.writeUInt32LE(tableBytes, 8);
    buffer.writeUInt32LE(this.#textBytes, 12);
    buffer.fill(0x20, HEADER_BYTES, HEADER_BYTES + tableBytes);
    buffer.write(table, HEADER_BYTES);
    let at = HEADER_BYTES + tableBytes;
    for (let row = 0; row < rows; row++) {
      buffer.writeDoubleLE(this.#times[row]!, at);
      for (let i = 0; i < ROW_NUMBERS; i++) buffer.writeUInt32LE(this.#numbers[row * ROW_NUMBERS + i]!, at + 8 + 4 * i);
      at += ROW_BYTES;
    }
    this.#text.copy(buffer, at, 0, this.#textBytes);
    this.#times.length = 0;
    this.#numbers.length = 0;
    this.#names = [this.#names[0]!];
    this.#ids = new Map();
    this.#textBytes = 0;
    return bytes;
  }

  #write(text: string): number {
    // UTF-8 takes at most three bytes per UTF-16 unit.
    const room = this.#textBytes + 3 * text.length;
    if (room > this.#text.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(room, 2 * this.#text.length));
      this.#text.copy(larger, 0, 0, this.#textBytes);
      this.#text = larger;
    }
    const bytes = this.#text.write(text, this.#textBytes);
    this.#textBytes += bytes;
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

/** One row of a block; `names` resolves `computer` and `via`, places count from the start of `text`. */
export interface BlockRow {
  readonly timeUs: number;
  readonly rule: number;
  readonly index: number;
  readonly computer: number;
  readonly via: number;
  readonly eventAt: number;
  readonly headBytes: number;
  readonly tailBytes: number;
  readonly fieldsAt: number;
  readonly fieldsBytes: number;
}

export interface MatchBlock {
  /** The first is the file. */
  readonly names: readonly string[];
  readonly rows: number;
  row(number: number): BlockRow;
  /** A view into the block. */
  readonly text: Uint8Array;
}

export function readMatchBlock(bytes: Uint8Array): MatchBlock {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length < HEADER_BYTES || buffer.readUInt32LE(0) !== MAGIC) throw new InternalError('not a block of matches');
  const rows = buffer.readUInt32LE(4);
  const rowsAt = HEADER_BYTES + buffer.readUInt32LE(8);
  const textAt = rowsAt + rows * ROW_BYTES;
  if (buffer.length !== textAt + buffer.readUInt32LE(12)) {
    throw new InternalError(`block of matches: ${buffer.length} bytes, expected ${textAt + buffer.readUInt32LE(12)}`);
  }
  return {
    names: JSON.parse(buffer.toString('utf8', HEADER_BYTES, rowsAt)) as string[],
    rows,
    row: (number) => {
      const at = rowsAt + number * ROW_BYTES;
      const column = (i: number): number => buffer.readUInt32LE(at + 8 + 4 * i);
      return {
        timeUs: buffer.readDoubleLE(at),
        rule: column(0),
        index: column(1),
        computer: column(2),
        via: column(3),
        eventAt: column(4),
        headBytes: column(5),
        tailBytes: column(6),
        fieldsAt: column(7),
        fieldsBytes: column(8),
      };
    },
    text: bytes.subarray(textAt),
  };
}
