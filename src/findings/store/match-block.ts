/**
 * Carries matches from a worker thread to the main thread. The worker writes them into one buffer; the main thread copies
 * numbers out of it and never parses the rest. In: the matches of one range. Out: a self-contained block. Refuses nothing.
 *
 * Layout, little-endian: the text (of each event its head and its tail, see event-json.ts, then of each of its matches the fields
 * as JSON), the rows of {@link ROW_BYTES} each, the name table (JSON array of strings, the first of which is the file), and what
 * tells where these are, {@link END_BYTES}: `WMB4`, rows u32, bytes of the name table u32, bytes of text u32. The text comes first
 * so that nothing has to be moved when its length is known.
 * A row: time f64, then u32: rule, index, computer and via (into the name table), where the event's text starts, bytes of its
 * head, bytes of its tail, where the fields start, bytes of the fields, whether the event has notes of its own (0 or 1),
 * EventRecordID (its lowest 32 bits; 0 for none), a hash of the head without its place.
 */

import { harmlessJson } from '../../bytes/json-text.ts';
import { JsonWriter } from '../../bytes/json-writer.ts';
import { InternalError } from '../../model/errors.ts';
import type { EventRecord } from '../../model/event.ts';
import type { Match } from '../../model/match.ts';
import { wmiPartOf } from '../wmi/wmi-names.ts';
import { type EventIdentity, readIdentity } from './event-identity.ts';
import { RECOVERED_END, snapshotJson } from './event-json.ts';
import { Names } from './names.ts';
import { snapshotRecord } from './snapshot-record.ts';

const MAGIC = 0x34424d57;
export const END_BYTES = 16;
export const ROW_BYTES = 56;
/** At this many bytes of text, the writer reports that it is full. */
export const BLOCK_BYTES = 1024 * 1024;

/** How many rows there is room for at first. */
const FIRST_ROWS = 1024;

/** What a block keeps of an event besides its text. */
type WrittenEvent = Pick<EventRecord, 'timeUs' | 'index' | 'computer' | 'channel' | 'provider' | 'eventId' | 'recovered'>;

/** Collects matches. Call `take()` before the next event when it is `full`, and at the end of each range. */
export class MatchBlockWriter {
  /** The text so far. After adding to it, call {@link event} or {@link match} to say what the new part is. */
  readonly text = new JsonWriter(2 * BLOCK_BYTES);
  #rows = new DataView(new ArrayBuffer(FIRST_ROWS * ROW_BYTES));
  #rowsAt = 0;
  #file = '';
  /** Computers and event sources. In the block, the file comes before them. */
  #names = new Names();
  /** The current event. */
  #timeUs = Number.NaN;
  #index = 0;
  #computer = 0;
  #at = 0;
  #headBytes = 0;
  #tailBytes = 0;
  #notable = 0;
  #identity: EventIdentity = { record: 0, content: 0 };

  /** How many matches have not been taken yet. */
  get count(): number {
    return this.#rowsAt / ROW_BYTES;
  }

  get full(): boolean {
    return this.text.at >= BLOCK_BYTES;
  }

  /** Begins a block. All its events must be from this file. */
  start(file: string): void {
    this.#file = file;
  }

  /**
   * Adds an event that matches, whose head and tail have been written. {@link match} must follow for each rule that matches it.
   */
  event(head: number, tail: number, event: WrittenEvent): void {
    this.#timeUs = event.timeUs;
    this.#index = event.index;
    this.#computer = 1 + this.#names.id(event.computer);
    this.#notable = wmiPartOf(event) === null ? 0 : 1;
    this.#at = head;
    this.#headBytes = tail - head;
    this.#tailBytes = this.text.at - tail;
    readIdentity(this.text, head, event.recovered ? tail - RECOVERED_END.length : tail, this.#identity);
  }

  /** Adds a match whose fields have been written, from `fields` on. */
  match(rule: number, via: string, fields: number): void {
    if (this.#rowsAt === this.#rows.byteLength) this.#growRows();
    const rows = this.#rows;
    const at = this.#rowsAt;
    rows.setFloat64(at, this.#timeUs, true);
    rows.setUint32(at + 8, rule, true);
    rows.setUint32(at + 12, this.#index, true);
    rows.setUint32(at + 16, this.#computer, true);
    rows.setUint32(at + 20, 1 + this.#names.id(via), true);
    rows.setUint32(at + 24, this.#at, true);
    rows.setUint32(at + 28, this.#headBytes, true);
    rows.setUint32(at + 32, this.#tailBytes, true);
    rows.setUint32(at + 36, fields, true);
    rows.setUint32(at + 40, this.text.at - fields, true);
    rows.setUint32(at + 44, this.#notable, true);
    rows.setUint32(at + 48, this.#identity.record, true);
    rows.setUint32(at + 52, this.#identity.content, true);
    this.#rowsAt = at + ROW_BYTES;
  }

  /** A match that exists as an object. */
  add({ event, rule, via, fields }: Match): void {
    this.start(event.file);
    const { head, tail } = snapshotJson(event);
    const headAt = this.text.at;
    this.text.json(head);
    const tailAt = this.text.at;
    this.text.json(tail);
    this.event(headAt, tailAt, snapshotRecord(event));
    const fieldsAt = this.text.at;
    this.text.json(harmlessJson(JSON.stringify(fields)));
    this.match(rule, via, fieldsAt);
  }

  /** Everything added since the last call. Valid until the next event is written. */
  take(): Uint8Array {
    const { text } = this;
    const textBytes = text.at;
    const rows = this.count;
    text.bytes(new Uint8Array(this.#rows.buffer, 0, this.#rowsAt));
    const namesAt = text.at;
    text.json(JSON.stringify([this.#file, ...this.#names.list]));
    const namesBytes = text.at - namesAt;
    text.ensure(END_BYTES);
    const { buffer, at } = text;
    buffer.writeUInt32LE(MAGIC, at);
    buffer.writeUInt32LE(rows, at + 4);
    buffer.writeUInt32LE(namesBytes, at + 8);
    buffer.writeUInt32LE(textBytes, at + 12);
    this.#rowsAt = 0;
    this.#names = new Names();
    text.at = 0;
    return buffer.subarray(0, at + END_BYTES);
  }

  #growRows(): void {
    const larger = new ArrayBuffer(2 * this.#rows.byteLength);
    new Uint8Array(larger).set(new Uint8Array(this.#rows.buffer));
    this.#rows = new DataView(larger);
  }
}

/** One row of a block. `names` has the texts of `computer` and `via`; places count from the start of `text`. */
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
  /** Whether the event has notes of its own, as parts of a WMI subscription have. */
  readonly notable: boolean;
  readonly record: number;
  readonly content: number;
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
  const end = buffer.length - END_BYTES;
  if (end < 0 || buffer.readUInt32LE(end) !== MAGIC) throw new InternalError('not a block of matches');
  const rows = buffer.readUInt32LE(end + 4);
  const namesAt = end - buffer.readUInt32LE(end + 8);
  const rowsAt = buffer.readUInt32LE(end + 12);
  if (rowsAt + rows * ROW_BYTES !== namesAt) {
    throw new InternalError(`block of matches: ${rows} rows from ${rowsAt} to ${namesAt}`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset + rowsAt, rows * ROW_BYTES);
  return {
    names: JSON.parse(buffer.toString('utf8', namesAt, end)) as string[],
    rows,
    row: (number) => {
      const at = number * ROW_BYTES;
      return {
        timeUs: view.getFloat64(at, true),
        rule: view.getUint32(at + 8, true),
        index: view.getUint32(at + 12, true),
        computer: view.getUint32(at + 16, true),
        via: view.getUint32(at + 20, true),
        eventAt: view.getUint32(at + 24, true),
        headBytes: view.getUint32(at + 28, true),
        tailBytes: view.getUint32(at + 32, true),
        fieldsAt: view.getUint32(at + 36, true),
        fieldsBytes: view.getUint32(at + 40, true),
        notable: view.getUint32(at + 44, true) === 1,
        record: view.getUint32(at + 48, true),
        content: view.getUint32(at + 52, true),
      };
    },
    text: bytes.subarray(0, rowsAt),
  };
}
