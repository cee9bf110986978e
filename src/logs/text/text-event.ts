// HOT: the event that the XML and JSON readers show; one object per decoder, reused for every event.
/**
 * An event of a text log: a shape, the block that holds the record, and for each slot where its value stands and how it is
 * written. In: slots, filled by a reader. Out: an `EventRecord`. Nothing is decoded before it is asked for. Values are interned
 * by their bytes.
 */

import type { ValuePlaces } from '../../engine/contract.ts';
import type { ThreadContext } from '../../engine/thread-context.ts';
import {
  type EventRecord,
  eventIdOf,
  type FieldOrder,
  type FieldScalar,
  type FieldValue,
  type Shape,
} from '../../model/event.ts';
import { Atom } from '../../model/values/atom.ts';
import { isoBytesHundredNs, isoBytesUs, isoFromUs, parseTimeUs } from '../../model/values/time.ts';
import { AtomTable } from '../atom-table.ts';
import { listItems } from '../json/list.ts';
import { hasBackslash } from './byte-words.ts';
import { TextPlace } from './text-place.ts';
import {
  AS_WRITTEN,
  convert,
  decodeValue,
  JSON_ESCAPED,
  JSON_NESTED,
  JSON_NULL,
  JSON_STRING,
  PLAIN,
  STRINGS,
  sliceUtf8,
  stringItems,
  valueKind,
} from './text-value.ts';

/** Fields of one event. The fields beyond it are left out, and the reader reports that. */
export const MAX_FIELDS = 4096;
/** The time has not been read yet. Another number than NaN, which means that the time cannot be read. */
const TIME_UNREAD = Number.NEGATIVE_INFINITY;
/** Characters of the longest text that is remembered. */
const LONGEST_KEPT = 4096;
/**
 * Bytes of the longest value kept at its place after its record. Limited, because there is a place for every field of every
 * layout.
 */
const LONGEST_AT_PLACE = 256;
const EVENT_ID_UNREAD = -2;
const LESS_THAN = 0x3c;
const AMPERSAND = 0x26;

/** What a JSON null may mean: the field is absent, or it is there and empty. */
export const NULL_ABSENT = 1;
export const NULL_EMPTY = 2;
/** Bytes with which XML, JSON or a Splunk time begins, and also a blank and a backslash. */
const BEGINS_TEXT = new Uint8Array(256);
for (const char of '<{[01 \\') BEGINS_TEXT[char.charCodeAt(0)] = 1;

/** A field that the exporter does not write but that is computed from others. */
export type ComputedValue =
  | {
      readonly kind: 'text';
      /** `text(slot)` is the text of a slot. The result is undefined when the event has no such field. */
      compute(text: (slot: number) => string | undefined): string | undefined;
    }
  | {
      readonly kind: 'time';
      /** Microseconds; NaN when there is no time. Called for every event, so it should avoid making strings. */
      timeUs(times: SlotTimes): number;
    };

/** Times in slots, read without making strings of them. */
export interface SlotTimes {
  /** NaN when there is no time. A time without a zone is taken as UTC. */
  timeOf(slot: number): number;
  /** True when the time states its zone. */
  hasZone(slot: number): boolean;
}

/** What all records of one layout have in common. */
export interface TextLayout {
  readonly shape: Shape;
  /** By slot: its conversion (`text-value.ts`). Null when no slot has one. */
  readonly conversions: Uint8Array | null;
  /** By slot: what a JSON null means, if not just null: NULL_ABSENT or NULL_EMPTY. Null when no slot needs it. */
  readonly nulls: Uint8Array | null;
  /** The values of the slots that follow those of the record. */
  readonly computed: readonly ComputedValue[];
  /** By slot: the value that was last found there. Filled by the events of the layout. */
  readonly places: (TextPlace | undefined)[];
}

/**
 * Shared by the text events of a thread: what one range learned about values serves the next. The events count records together,
 * because they share layouts.
 */
class TextState {
  readonly atoms = new AtomTable();
  records = 0;
}

const newTextState = (): TextState => new TextState();

export class TextEvent implements EventRecord, SlotTimes, ValuePlaces {
  layout!: TextLayout;
  index = 0;
  offset = 0;
  readonly recovered = false;
  inOrder: (() => EventRecord) | null = null;
  fieldOrder: (() => FieldOrder) | null = null;
  buffer: Buffer = Buffer.alloc(0);
  readonly starts = new Int32Array(MAX_FIELDS);
  readonly lengths = new Int32Array(MAX_FIELDS);
  /** By slot: a form of `text-value.ts`. */
  readonly forms = new Uint8Array(MAX_FIELDS);
  /** By slot: two slots with the same number hold the same bytes in the same form. 0 says nothing. */
  readonly ids = new Float64Array(MAX_FIELDS);
  /** How many slots hold values of the record. */
  count = 0;
  readonly #state: TextState;
  readonly #atoms: AtomTable;
  view: DataView = new DataView(new ArrayBuffer(0));
  #record = -1;
  /** Places whose values must not stay after the record, because their size has no limit. */
  readonly #heavy: TextPlace[] = [];
  #channel: string | null = null;
  #provider: string | null = null;
  #computer: string | null = null;
  #eventId = EVENT_ID_UNREAD;
  #timeUs = TIME_UNREAD;

  constructor(thread: ThreadContext) {
    this.#state = thread.own(newTextState);
    this.#atoms = this.#state.atoms;
  }

  /** Call after the slots have been filled anew. */
  begin(layout: TextLayout, buffer: Buffer, index: number, offset: number): void {
    if (buffer !== this.buffer) {
      this.buffer = buffer;
      this.view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    }
    if (this.#heavy.length > 0) this.#drop();
    this.layout = layout;
    this.index = index;
    this.offset = offset;
    this.#record = this.#state.records++;
    this.#channel = null;
    this.#provider = null;
    this.#computer = null;
    this.#eventId = EVENT_ID_UNREAD;
    this.#timeUs = TIME_UNREAD;
  }

  #drop(): void {
    for (const place of this.#heavy) {
      place.record = -1;
      place.id = 0;
      place.current = null;
    }
    this.#heavy.length = 0;
  }

  get shape(): Shape {
    return this.layout.shape;
  }

  get channel(): string {
    this.#channel ??= this.text(this.layout.shape.system.channel) ?? '';
    return this.#channel;
  }

  get provider(): string {
    this.#provider ??= this.text(this.layout.shape.system.provider) ?? '';
    return this.#provider;
  }

  get computer(): string {
    this.#computer ??= this.text(this.layout.shape.system.computer) ?? '';
    return this.#computer;
  }

  get eventId(): number {
    if (this.#eventId === EVENT_ID_UNREAD) this.#eventId = this.#readEventId(this.layout.shape.system.eventId);
    return this.#eventId;
  }

  get timeUs(): number {
    if (this.#timeUs === TIME_UNREAD) this.#timeUs = this.#readTime(this.layout.shape.system.time);
    return this.#timeUs;
  }

  get hundredNs(): number | null {
    const slot = this.layout.shape.system.time;
    if (slot >= this.count) return this.layout.computed[slot - this.count]?.kind === 'time' ? 0 : null;
    if (slot < 0 || this.form(slot) !== PLAIN) return null;
    return isoBytesHundredNs(this.buffer, this.starts[slot]!, this.lengths[slot]!);
  }

  atom(slot: number): Atom | readonly (Atom | null)[] | null | undefined {
    const place = this.place(slot);
    // Rules ask for the same few values of a record repeatedly.
    if (place.record === this.#record) return place.current;
    place.record = this.#record;
    if (slot >= this.count) {
      place.current = this.#computedAtom(slot - this.count);
      this.#heavy.push(place);
      return place.current;
    }
    const id = this.ids[slot]!;
    if (id !== 0 && id === place.id) return place.current;
    place.current = this.#readAtom(slot, place);
    place.id = id;
    if (this.lengths[slot]! > LONGEST_AT_PLACE) this.#heavy.push(place);
    return place.current;
  }

  /** What is known about the last value in a slot. */
  place(slot: number): TextPlace {
    const { places } = this.layout;
    let place = places[slot];
    if (place === undefined) {
      place = new TextPlace();
      places[slot] = place;
    }
    return place;
  }

  #readAtom(slot: number, place: TextPlace): Atom | readonly (Atom | null)[] | null | undefined {
    const form = this.form(slot);
    const { conversions, nulls } = this.layout;
    if (form === JSON_NULL) return this.#nullAtom(nulls === null ? 0 : nulls[slot]!);
    const conversion = conversions === null ? AS_WRITTEN : conversions[slot]!;
    if (form === JSON_NESTED) return this.#nestedAtom(slot, conversion);
    const start = this.starts[slot]!;
    const length = this.lengths[slot]!;
    if (conversion >= STRINGS && this.beginsMarkup(slot)) return this.#stringAtoms(decodeValue(this.buffer, start, length, form));
    const kind = conversion === STRINGS ? form : valueKind(form, conversion);
    if (length > LONGEST_AT_PLACE) return this.#atoms.bytes(this.buffer, start, length, kind, decodeValue);
    return this.#atoms.bytesAt(place, this.buffer, start, length, kind, decodeValue);
  }

  #nullAtom(meaning: number): Atom | null | undefined {
    if (meaning === NULL_ABSENT) return undefined;
    return meaning === NULL_EMPTY ? this.#atoms.text('') : null;
  }

  /** How the value in a slot of the record is written. */
  form(slot: number): number {
    const form = this.forms[slot]!;
    if (form !== JSON_STRING) return form;
    const start = this.starts[slot]!;
    const found = hasBackslash(this.view, start, start + this.lengths[slot]!) ? JSON_ESCAPED : PLAIN;
    this.forms[slot] = found;
    return found;
  }

  value(slot: number): FieldValue | undefined {
    const atom = this.atom(slot);
    if (atom === undefined || atom === null) return atom;
    if (atom instanceof Atom) return atom.text;
    return atom.map((part): FieldScalar => (part === null ? null : part.text));
  }

  /** True for a string that may hold an event: it begins like XML, JSON or a Splunk time, or with an escape or a blank. */
  beginsAsText(slot: number): boolean {
    const form = this.forms[slot]!;
    if (this.lengths[slot] === 0 || form === JSON_NULL || form === JSON_NESTED) return false;
    return BEGINS_TEXT[this.buffer[this.starts[slot]!]!] === 1;
  }

  /** The text of a single value; undefined for null and for an absent field. */
  readonly text = (slot: number): string | undefined => {
    const atom = slot < 0 ? undefined : this.atom(slot);
    if (atom === undefined || atom === null) return undefined;
    return atom instanceof Atom ? atom.text : atom[0]?.text;
  };

  #computedAtom(index: number): Atom | undefined {
    const computed = this.layout.computed[index];
    if (computed === undefined) return undefined;
    if (computed.kind === 'time') {
      const timeUs = computed.timeUs(this);
      // Not interned, because nearly every event has a time of its own.
      return Number.isNaN(timeUs) ? undefined : new Atom(isoFromUs(timeUs));
    }
    const text = computed.compute(this.text);
    return text === undefined ? undefined : this.#textAtom(text);
  }

  /** True for a value that may begin with `<string>`. */
  beginsMarkup(slot: number): boolean {
    const first = this.buffer[this.starts[slot]!];
    return first === LESS_THAN || first === AMPERSAND;
  }

  #stringAtoms(text: string): Atom | readonly Atom[] {
    const items = stringItems(text);
    if (items === null || items.length === 1) return this.#textAtom(items?.[0] ?? text);
    return items.map((item) => this.#textAtom(item));
  }

  /** A JSON array becomes a multi-valued field, or a single value if it has one item. An object stays JSON text. */
  #nestedAtom(slot: number, conversion: number): Atom | readonly (Atom | null)[] {
    const start = this.starts[slot]!;
    const text = sliceUtf8(this.buffer, start, start + this.lengths[slot]!);
    if (!text.startsWith('[')) return this.#textAtom(text);
    const atoms = listItems(text).map((item) => (item === null ? null : this.#textAtom(convert(item, conversion))));
    const only = atoms.length === 1 ? atoms[0] : undefined;
    return only ?? atoms;
  }

  /** Long texts are not kept, because the table limits the number of texts, not their bytes. */
  #textAtom(text: string): Atom {
    return text.length > LONGEST_KEPT ? new Atom(text) : this.#atoms.text(text);
  }

  #readTime(slot: number): number {
    if (slot < this.count) return this.timeOf(slot);
    const computed = this.layout.computed[slot - this.count];
    if (computed?.kind === 'time') return computed.timeUs(this);
    return parseTimeUs(this.text(slot) ?? '');
  }

  hasZone(slot: number): boolean {
    if (slot < 0) return false;
    const end = this.starts[slot]! + this.lengths[slot]!;
    const last = this.buffer[end - 1];
    // In `+02:00` and `-0500` the sign stands five or six bytes before the end, after the time of day.
    const sign = (byte: number | undefined): boolean => byte === 0x2b || byte === 0x2d;
    return last === 0x5a || (this.lengths[slot]! > 20 && (sign(this.buffer[end - 6]) || sign(this.buffer[end - 5])));
  }

  timeOf(slot: number): number {
    if (slot >= 0 && slot < this.count && this.form(slot) === PLAIN) {
      const timeUs = isoBytesUs(this.buffer, this.starts[slot]!, this.lengths[slot]!);
      if (!Number.isNaN(timeUs)) return timeUs;
    }
    return parseTimeUs(this.text(slot) ?? '');
  }

  #readEventId(slot: number): number {
    if (slot < 0) return -1;
    if (slot < this.count && this.form(slot) === PLAIN) {
      const eventId = digits(this.buffer, this.starts[slot]!, this.lengths[slot]!);
      if (eventId >= 0) return eventId;
    }
    // -1 for an event with several EventIDs: rules see all of them, but an event is looked up by a single one.
    const atom = this.atom(slot);
    return atom instanceof Atom ? eventIdOf(atom.text) : -1;
  }
}

/** The number written with at most nine digits, with blanks allowed around them; else -1. */
function digits(buffer: Buffer, start: number, length: number): number {
  let at = start;
  let end = start + length;
  while (at < end && buffer[at]! <= 0x20) at++;
  while (at < end && buffer[end - 1]! <= 0x20) end--;
  if (at === end || end - at > 9) return -1;
  let value = 0;
  for (; at < end; at++) {
    const digit = buffer[at]! - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}
