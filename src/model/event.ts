/**
 * An event as every later stage sees it, whatever format it came from: a `Shape` (which fields there are and where) and
 * slots (the values). Readers make them, the matcher reads them, nobody else looks behind them.
 *
 * Names follow the Sigma specification, section Field Usage: `System/Element` is `Element`, `System/Element/@Attribute` is
 * `Element_Attribute` (`Provider_Name`, `Execution_ProcessID`), `EventData/Data[@Name]` is that name without blanks, unnamed
 * `Data` is `Data`, `UserData/<wrapper>/<child>` is the child's local name. A repeated name is one multi-valued field.
 */

import { Atom } from './values/atom.ts';
import { plainDecimal } from './values/decimal.ts';
import { isoTime } from './values/time.ts';

/**
 * A field's value. Logs hold text: numbers, booleans, GUIDs and hex values come as Windows prints them in Event XML
 * (`4624`, `true`, `{UPPER-CASE}`, `0x3e7`). `null` is an explicit JSON null. An array is a repeated field; an empty array
 * counts as null. An absent field is `undefined` where a value is asked for.
 */
export type FieldScalar = string | null;
export type FieldValue = FieldScalar | readonly FieldScalar[];

/** The System fields that gating, ordering and reporting need: slot numbers, -1 when the event has no such field. */
export interface SystemSlots {
  readonly channel: number;
  readonly provider: number;
  readonly eventId: number;
  readonly computer: number;
  readonly time: number;
  readonly recordId: number;
}

/**
 * A layout: which fields a group of events has, and in which slots. Events with the same layout share the object, so it can be
 * the key of a cache.
 */
export interface Shape {
  /** A small number, unique within a thread. Matchers use it as an index into arrays. */
  readonly id: number;
  /** Rule field name -> slots, in document order. Where both have a name, EventData/UserData takes precedence over System. */
  readonly fields: ReadonlyMap<string, readonly number[]>;
  /** Names of the System fields, document order; includes those that EventData/UserData hides from `fields`. */
  readonly systemFields: ReadonlyMap<string, readonly number[]>;
  /** Names of the EventData/UserData fields, document order. */
  readonly dataFields: ReadonlyMap<string, readonly number[]>;
  readonly system: SystemSlots;
}

/** By place in the document: which name of `Shape.systemFields` and of `Shape.dataFields` stands there. Valid like its event. */
export interface FieldOrder {
  readonly system: Int32Array;
  readonly data: Int32Array;
}

/**
 * The event that a reader has just read. Readers reuse the object, so it is valid only until the sink returns. Keep
 * `snapshotEvent(event, file)`, never the event itself. Slots that are not read cost nothing.
 */
export interface EventRecord {
  readonly shape: Shape;
  /** 0-based position among the live records of its source (of the range, while a range is read). */
  readonly index: number;
  /** Byte offset of the record in the (decompressed) source. */
  readonly offset: number;
  /** True for a record found in slack space or in a damaged chunk: not known to be live. */
  readonly recovered: boolean;
  /** From the event's own System section, as written; '' when absent. */
  readonly channel: string;
  readonly provider: string;
  readonly computer: string;
  /** System/EventID as a number, -1 when absent, not a number, or repeated. */
  readonly eventId: number;
  /** System/TimeCreated in microseconds since 1970 UTC; NaN when absent or unreadable. */
  readonly timeUs: number;
  /** The seventh digit of a second in TimeCreated, where the reader has it at hand. Otherwise {@link hundredNsOf} reads it. */
  readonly hundredNs?: number | null;
  /**
   * When the layout is not in document order: gives the same event in that order. Only a sink that sets `anyOrder` gets such
   * events.
   */
  readonly inOrder?: (() => EventRecord) | null;
  /**
   * The order of the document alone, which costs less. Null where the events differ, or may differ, in more than the order of
   * their fields. Ask for it only where `inOrder` is there.
   */
  readonly fieldOrder?: (() => FieldOrder) | null;
  /**
   * A hash of what a record says; of a long value, only the length, the beginning and the end are hashed. Events that differ only
   * in their place have the same hash in one thread, unless it has forgotten their layout in between. Equal hashes prove nothing.
   * Only readers that know the hash at little cost have it.
   */
  readonly content?: number;
  /** The decoded value in a slot; undefined when the field is absent in this event. */
  value(slot: number): FieldValue | undefined;
  /** The same value as interned text, for the matcher: one atom, several of a multi-valued slot, null, or undefined. */
  atom(slot: number): Atom | readonly (Atom | null)[] | null | undefined;
}

/** What readers call: once per event, in file order, and once per fault. */
export interface EventSink {
  /**
   * True: fields may come in another order than in the document (`EventRecord.inOrder`). This is faster where that order
   * varies.
   */
  readonly anyOrder?: boolean;
  event(event: EventRecord): void;
  diagnostic(diagnostic: import('./diagnostic.ts').Diagnostic): void;
}

/** What identifies an event and places it in time. */
export interface EventHead {
  readonly offset: number;
  readonly recovered: boolean;
  readonly EventRecordID: number | null;
  /** ISO 8601 UTC with seven fractional digits, `2019-05-11T17:58:23.4185632Z`; null when the event has no readable time. */
  readonly TimeCreated: string | null;
  readonly timeUs: number;
  readonly Provider: string;
  readonly Channel: string;
  readonly EventID: number | null;
  readonly Computer: string;
}

/**
 * A copy of an event that stays valid after its reader: matches, windows and reports keep these. Plain data that can be sent
 * between threads.
 */
export interface EventSnapshot extends EventHead {
  readonly file: string;
  readonly index: number;
  /** Every System field by rule name. */
  readonly system: Readonly<Record<string, FieldValue>>;
  /** Every EventData/UserData field by rule name, document order. */
  readonly data: Readonly<Record<string, FieldValue>>;
}

/** The values of several slots as one field value: absent slots are left out, multi-valued slots are flattened. */
export function joinSlots(event: EventRecord, slots: readonly number[]): FieldValue | undefined {
  const first = slots[0];
  if (slots.length === 1 && first !== undefined) return event.value(first);
  const all: FieldScalar[] = [];
  let present = false;
  for (const slot of slots) {
    const value = event.value(slot);
    if (value === undefined) continue;
    present = true;
    if (value === null || typeof value === 'string') all.push(value);
    // Values are not passed as arguments, because there may be more of them than a call can have.
    else for (const each of value) all.push(each);
  }
  if (!present) return undefined;
  return all.length === 1 ? all[0] : all;
}

/** The same as interned text: one atom, several, null, or undefined when all slots are absent. */
export function atomsIn(event: EventRecord, slots: readonly number[]): Atom | readonly (Atom | null)[] | null | undefined {
  let all: (Atom | null)[] | undefined;
  for (const slot of slots) {
    const atoms = event.atom(slot);
    if (atoms === undefined) continue;
    all ??= [];
    if (atoms === null || atoms instanceof Atom) all.push(atoms);
    else for (const atom of atoms) all.push(atom);
  }
  return all?.length === 1 ? all[0] : all;
}

/** A rule field's value; undefined when the event has no such field. EventData/UserData wins over System. */
export function fieldValue(event: EventRecord, name: string): FieldValue | undefined {
  const slots = event.shape.fields.get(name);
  return slots === undefined ? undefined : joinSlots(event, slots);
}

/** A System field's value, even where EventData/UserData has a field of the same name. */
export function systemValue(event: EventRecord, name: string): FieldValue | undefined {
  const slots = event.shape.systemFields.get(name);
  return slots === undefined ? undefined : joinSlots(event, slots);
}

function valuesOf(event: EventRecord, fields: ReadonlyMap<string, readonly number[]>): Record<string, FieldValue> {
  // A null prototype: field names come from logs, `__proto__` must be a name like any other.
  const values: Record<string, FieldValue> = Object.create(null);
  for (const [name, slots] of fields) {
    const value = joinSlots(event, slots);
    if (value !== undefined) values[name] = value;
  }
  return values;
}

function scalarText(value: FieldValue | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string') return value;
  return value[0] ?? null;
}

/** EventRecordID; null when it is not a number. */
export function recordNumber(event: EventRecord): number | null {
  const slot = event.shape.system.recordId;
  const text = slot < 0 ? null : scalarText(event.value(slot));
  return text !== null && /^\d+$/.test(text) ? Number(text) : null;
}

/** TimeCreated as {@link EventHead} has it. */
export function timeCreated(event: EventRecord): string | null {
  const slot = event.shape.system.time;
  return Number.isNaN(event.timeUs) ? null : isoTime(slot < 0 ? null : scalarText(event.value(slot)), event.timeUs);
}

/** The seventh digit of a second in TimeCreated, which `timeUs` does not hold; 0 when it has none. */
export function hundredNsOf(event: EventRecord): number {
  return event.hundredNs ?? Number(timeCreated(event)?.at(-2) ?? 0);
}

export function eventHead(event: EventRecord): EventHead {
  return {
    offset: event.offset,
    recovered: event.recovered,
    EventRecordID: recordNumber(event),
    TimeCreated: timeCreated(event),
    timeUs: event.timeUs,
    Provider: event.provider,
    Channel: event.channel,
    EventID: event.eventId < 0 ? null : event.eventId,
    Computer: event.computer,
  };
}

/** Copies an event out of its reader. */
export function snapshotEvent(event: EventRecord, file: string): EventSnapshot {
  return {
    file,
    index: event.index,
    ...eventHead(event),
    system: valuesOf(event, event.shape.systemFields),
    data: valuesOf(event, event.shape.dataFields),
  };
}

/** The number that an EventID's text stands for, or -1. `1.0` is 1, because it equals 1 in rules as well. */
export function eventIdOf(text: string): number {
  const id = plainDecimal(text.trim());
  return id !== null && /^\d{1,9}$/.test(id) ? Number(id) : -1;
}
