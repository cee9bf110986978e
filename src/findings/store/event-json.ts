// HOT: writes every event that matches.
/**
 * A matched event as JSON text, made once however many rules hold for it. In: an event under a reader's cursor, or a snapshot.
 * Out: two parts that a report joins without parsing:
 *   head  what machine formats print after `file` and `index`: `"offset":0,"EventRecordID":1, ... ,"data":{...}`
 *   tail  what only the snapshot has: `,"recovered":false,"timeUs":1,"system":{...}`
 * Both are harmless as they are: what terminals act on is escaped here, once per distinct value, and not in every line.
 */

import { harmlessJson } from '../../bytes/json-text.ts';
import { type JsonPieces, type JsonWriter, jsonPieces, jsonText, NULL } from '../../bytes/json-writer.ts';
import type { Accelerator, ValueWriter } from '../../engine/contract.ts';
import {
  atomsIn,
  type EventRecord,
  type EventSnapshot,
  type FieldValue,
  recordNumber,
  type Shape,
  timeCreated,
} from '../../model/event.ts';
import type { Atom } from '../../model/values/atom.ts';
import { isoBytesUs } from '../../model/values/time.ts';

export interface EventJson {
  readonly head: string;
  readonly tail: string;
}

/** A section of a layout. Its names are stored as JSON keys, with the comma before and the colon after. */
interface Section {
  readonly keys: JsonPieces;
  /** For each name: all its slots, and its only slot (-1 where there are several). */
  readonly all: readonly (readonly number[])[];
  readonly slots: Int32Array;
}

interface ShapeText {
  readonly data: Section;
  readonly system: Section;
  /**
   * Provider, Channel and EventID of the last event with this layout, and their JSON. Nearly all events of a layout have the
   * same.
   */
  provider: string;
  channel: string;
  eventId: number;
  kind: JsonPieces;
}

/** How many layouts are remembered, and how many fields they may have together. All are forgotten when there are more. */
const REMEMBERED_SHAPES = 4096;
const REMEMBERED_FIELDS = 400_000;
const REMEMBERED_NAMES = 4096;

/** The length of `2019-05-11T17:58:23.4185632Z`, and the place of its T. */
const TIME_BYTES = 28;
const AT_T = 10;
const UPPER_T = 0x54;
const UPPER_Z = 0x5a;
const OPEN = 0x7b;
const CLOSE = 0x7d;

const HEAD = jsonPieces(['"offset":', ',"EventRecordID":', ',"TimeCreated":', ',"Computer":', ',"data":', ',"recovered":true']);
/**
 * The end of the head of a recovered record. Other heads end without it. It says where the record was found, nothing about the
 * record.
 */
export const RECOVERED_END = ',"recovered":true';
const [OFFSET, RECORD_ID, TIME, COMPUTER, DATA, RECOVERED] = [0, 1, 2, 3, 4, 5] as const;
const TAIL = jsonPieces([',"recovered":false', ',"timeUs":', ',"system":']);
const [NOT_RECOVERED, TIME_US, SYSTEM] = [0, 1, 2] as const;

export class EventJsonWriter {
  readonly #accelerator: Accelerator | null;
  /** The last event object and how to write its values. A reader uses the same object for all its events. */
  #event: EventRecord | null = null;
  #values: ValueWriter | null = null;
  readonly #shapes = new Map<number, ShapeText>();
  #fields = 0;
  /** Computer names as JSON, because a log has few. */
  readonly #names = new Map<string, JsonPieces>();
  #name = '';
  #nameJson = jsonPieces(['""']);

  constructor(accelerator: Accelerator | null = null) {
    this.#accelerator = accelerator;
  }

  /** Writes head and tail; returns where the tail starts. */
  write(event: EventRecord, out: JsonWriter): number {
    if (event !== this.#event) {
      this.#event = event;
      this.#values = this.#accelerator?.writer(event) ?? null;
    }
    const values = this.#values;
    const shape = event.shape;
    const order = event.inOrder ? event.fieldOrder?.() : null;
    const text = this.#shapeText(shape);
    const timeUs = event.timeUs;
    out.piece(HEAD, OFFSET);
    out.number(event.offset);
    out.piece(HEAD, RECORD_ID);
    writeRecordId(event, values, out);
    out.piece(HEAD, TIME);
    writeTime(event, values, timeUs, out);
    this.#writeKind(event, text, out);
    out.piece(HEAD, COMPUTER);
    this.#writeName(event.computer, out);
    out.piece(HEAD, DATA);
    writeSection(event, values, text.data, order?.data ?? null, out);
    if (event.recovered) out.piece(HEAD, RECOVERED);
    const tail = out.at;
    if (!event.recovered) out.piece(TAIL, NOT_RECOVERED);
    out.piece(TAIL, TIME_US);
    out.number(timeUs);
    out.piece(TAIL, SYSTEM);
    writeSection(event, values, text.system, order?.system ?? null, out);
    return tail;
  }

  #writeKind({ provider, channel, eventId }: EventRecord, text: ShapeText, out: JsonWriter): void {
    if (text.eventId !== eventId || text.channel !== channel || text.provider !== provider) {
      text.eventId = eventId;
      text.channel = channel;
      text.provider = provider;
      text.kind = jsonPieces([kindJson(provider, channel, eventId < 0 ? null : eventId)]);
    }
    out.piece(text.kind);
  }

  #writeName(name: string, out: JsonWriter): void {
    if (name !== this.#name) {
      let json = this.#names.get(name);
      if (json === undefined) {
        if (this.#names.size >= REMEMBERED_NAMES) this.#names.clear();
        json = jsonPieces([jsonText(name)]);
        this.#names.set(name, json);
      }
      this.#name = name;
      this.#nameJson = json;
    }
    out.piece(this.#nameJson);
  }

  #shapeText(shape: Shape): ShapeText {
    const known = this.#shapes.get(shape.id);
    if (known !== undefined) return known;
    const fields = shape.dataFields.size + shape.systemFields.size;
    if (this.#shapes.size >= REMEMBERED_SHAPES || this.#fields + fields > REMEMBERED_FIELDS) {
      this.#shapes.clear();
      this.#fields = 0;
    }
    const text = {
      data: sectionOf(shape.dataFields),
      system: sectionOf(shape.systemFields),
      provider: '',
      channel: '',
      eventId: -1,
      kind: jsonPieces([kindJson('', '', null)]),
    };
    this.#shapes.set(shape.id, text);
    this.#fields += fields;
    return text;
  }
}

const USER_ID_KEY = Buffer.from('"Security_UserID":"');
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** The JSON of the UserID in a tail; undefined where the event names no account, or several. */
export function userIdIn(tail: Uint8Array): Uint8Array | undefined {
  const bytes = Buffer.from(tail.buffer, tail.byteOffset, tail.length);
  // This never occurs inside a string, because a backslash would stand before the second quote there.
  const key = bytes.indexOf(USER_ID_KEY);
  if (key < 0) return undefined;
  const start = key + USER_ID_KEY.length - 1;
  let end = start + 1;
  while (bytes[end] !== QUOTE) end += bytes[end] === BACKSLASH ? 2 : 1;
  return end === start + 1 ? undefined : bytes.subarray(start, end + 1);
}

/** Head and tail of a snapshot, written plainly. {@link EventJsonWriter} must give the same result. */
export function snapshotJson(snapshot: EventSnapshot): EventJson {
  const { offset, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, data, recovered, timeUs, system } = snapshot;
  return {
    head:
      `"offset":${offset},"EventRecordID":${JSON.stringify(EventRecordID)},"TimeCreated":${harmlessJson(JSON.stringify(TimeCreated))}` +
      `${kindJson(Provider, Channel, EventID)},"Computer":${jsonText(Computer)},"data":${harmlessJson(JSON.stringify(data))}` +
      `${recovered ? ',"recovered":true' : ''}`,
    tail:
      `${recovered ? '' : ',"recovered":false'},"timeUs":${JSON.stringify(timeUs)},` +
      `"system":${harmlessJson(JSON.stringify(system))}`,
  };
}

function kindJson(provider: string, channel: string, eventId: number | null): string {
  return `,"Provider":${jsonText(provider)},"Channel":${jsonText(channel)},"EventID":${eventId}`;
}

function sectionOf(fields: ReadonlyMap<string, readonly number[]>): Section {
  const all = [...fields.values()];
  return {
    keys: jsonPieces([...fields.keys()].map((name) => `,${jsonText(name)}:`)),
    all,
    slots: Int32Array.from(all, (slots) => (slots.length === 1 ? slots[0]! : -1)),
  };
}

/** Writes `"name":value,...` in braces, for those names that the event has, in the given order or that of the section. */
function writeSection(
  event: EventRecord,
  values: ValueWriter | null,
  { keys, all, slots }: Section,
  order: Int32Array | null,
  out: JsonWriter,
): void {
  const { time, recordId } = event.shape.system;
  const start = out.at;
  for (let place = 0; place < slots.length; place++) {
    const i = order === null ? place : order[place]!;
    const slot = slots[i]!;
    const before = out.at;
    out.piece(keys, i);
    if (slot >= 0 && values !== null && values.write(slot, out)) continue;
    // These values hardly ever repeat. Kept among the atoms, they would push out others.
    if (slot >= 0 && (slot === time || slot === recordId)) {
      if (!writeValue(event.value(slot), out)) out.at = before;
    } else if (!writeAtoms(slot >= 0 ? event.atom(slot) : atomsIn(event, all[i]!), out)) out.at = before;
  }
  if (out.at === start) out.sign(OPEN);
  // Overwrites the comma of the first entry.
  else out.buffer[start] = OPEN;
  out.sign(CLOSE);
}

/** False when there is no value. */
function writeAtoms(atoms: Atom | readonly (Atom | null)[] | null | undefined, out: JsonWriter): boolean {
  if (atoms === undefined) return false;
  if (atoms === null) out.piece(NULL);
  else if (isList(atoms)) out.atoms(atoms);
  else out.atom(atoms);
  return true;
}

function writeValue(value: FieldValue | undefined, out: JsonWriter): boolean {
  if (value === undefined) return false;
  if (typeof value === 'string') out.string(value);
  else out.json(harmlessJson(JSON.stringify(value)));
  return true;
}

/** A number, or null. */
function writeRecordId(event: EventRecord, values: ValueWriter | null, out: JsonWriter): void {
  const slot = event.shape.system.recordId;
  const start = out.at;
  if (slot >= 0 && values?.write(slot, out) === true && out.unquote(start)) return;
  out.at = start;
  out.json(JSON.stringify(recordNumber(event)));
}

/** ISO 8601 with seven digits, or null. */
function writeTime(event: EventRecord, values: ValueWriter | null, timeUs: number, out: JsonWriter): void {
  const slot = event.shape.system.time;
  const start = out.at;
  if (slot >= 0 && values?.write(slot, out) === true && isTime(out, start, timeUs)) return;
  out.at = start;
  out.json(JSON.stringify(timeCreated(event)));
}

/** True when the JSON string at the end of the buffer is exactly this time in full, `"2019-05-11T17:58:23.4185632Z"`. */
function isTime({ buffer, at }: JsonWriter, start: number, timeUs: number): boolean {
  if (at - start !== TIME_BYTES + 2 || buffer[start + 1 + AT_T] !== UPPER_T || buffer[at - 2] !== UPPER_Z) return false;
  return Math.abs(isoBytesUs(buffer, start + 1, TIME_BYTES) - timeUs) <= 1;
}

function isList(atoms: Atom | readonly (Atom | null)[]): atoms is readonly (Atom | null)[] {
  return Array.isArray(atoms);
}

/** Restores what JSON cannot express: times that are NaN, and field maps without a prototype (field names come from logs). */
export function revived(event: EventSnapshot): EventSnapshot {
  Object.setPrototypeOf(event.system, null);
  Object.setPrototypeOf(event.data, null);
  return event.timeUs === null ? { ...event, timeUs: Number.NaN } : event;
}
