/**
 * Makes events without a file: from a flat map, from Event XML text, or from a JSON value. Used by the library, by rule tests
 * and by test vectors. The events stay valid after the call.
 */
import { plainThread } from '../engine/thread-context.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { InputError } from '../model/errors.ts';
import type { EventRecord, EventSink, FieldScalar, FieldValue } from '../model/event.ts';
import type { Decoder } from '../model/reader.ts';
import type { RecordShape } from '../model/record-shape.ts';
import { SYSTEM_FIELDS } from '../model/system-fields.ts';
import { JsonDecoder } from './json/decoder.ts';
import { keepEvent, PlainEvent, type PlainPlace, shapeFor } from './kept-event.ts';
import { ruleFieldName, type ShapeEntry } from './shape.ts';
import { XmlDecoder } from './xml/decoder.ts';

export { keepEvent, PlainEvent, type PlainPlace } from './kept-event.ts';

/** Maps nested deeper than this stay JSON text. */
const MAX_DEPTH = 32;

function scalarOf(value: unknown): FieldScalar {
  if (value === null || value === undefined) return null;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

/**
 * An event from rule field names and values, as rule tests and test vectors write it: `{ EventID: 1, Image: 'C:\\a.exe' }`.
 * Names of System elements (`Channel`, `Provider_Name`, `Execution_ProcessID` ...) become System fields, `@timestamp` becomes
 * the event's time, everything else becomes event data. Numbers, bigints and booleans become text, arrays become multi-valued
 * fields, nested maps become dotted names; a field that is undefined is left out.
 */
export function plainEvent(fields: Readonly<Record<string, unknown>>, place: PlainPlace = {}): EventRecord {
  const entries: ShapeEntry[] = [];
  const values: FieldValue[] = [];
  const add = (name: string, value: unknown, depth: number): void => {
    if (value === undefined) return;
    if (value !== null && typeof value === 'object' && !Array.isArray(value) && depth < MAX_DEPTH) {
      for (const [key, inner] of Object.entries(value)) add(`${name}.${key}`, inner, depth + 1);
      return;
    }
    const time = name === '@timestamp' && fields.TimeCreated_SystemTime === undefined;
    const section = time || SYSTEM_FIELDS.has(name) ? 'system' : 'data';
    entries.push({ name: time ? 'TimeCreated_SystemTime' : ruleFieldName(name), section, slot: values.length });
    values.push(Array.isArray(value) ? value.map(scalarOf) : scalarOf(value));
  };
  for (const [name, value] of Object.entries(fields)) add(name, value, 0);
  return new PlainEvent(shapeFor(entries), values, place);
}

/**
 * An event from the keys and values of a record whose shape a user has described. Null when the record has none of the shapes.
 * `place` becomes the event's place.
 */
export function shapedEvent(
  record: Readonly<Record<string, unknown>>,
  shapes: readonly RecordShape[] | undefined,
  place: PlainPlace = {},
): EventRecord | null {
  if (shapes === undefined || shapes.length === 0) return null;
  const names = new Set(shapes.map(({ name }) => name));
  let found: EventRecord | null = null;
  const decoder = new JsonDecoder(
    '',
    { event: (event) => (found ??= keepEvent(event, place)), diagnostic: () => undefined },
    plainThread,
    undefined,
    shapes,
  );
  decoder.push(Buffer.from(jsonText(record), 'utf8'));
  decoder.end();
  return Object.keys(decoder.stats.exporters ?? {}).some((name) => names.has(name)) ? found : null;
}

/** JSON has no bigint. Its digits in quotes give the same text. */
function jsonText(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? inner.toString() : inner));
}

/** Runs a decoder over a text. */
function eventsOf(text: string, decoder: (sink: EventSink) => Decoder): EventRecord[] {
  const events: EventRecord[] = [];
  const faults: Diagnostic[] = [];
  const reader = decoder({ event: (event) => events.push(keepEvent(event)), diagnostic: (fault) => faults.push(fault) });
  reader.push(Buffer.from(text, 'utf8'));
  reader.end();
  const fault = faults.find(({ severity }) => severity !== 'info');
  if (fault !== undefined) throw new InputError(`${fault.code}: ${fault.message}`);
  return events;
}

/** The events in Event XML text, with or without a root element. Throws `InputError` when something in it cannot be read. */
export function eventsFromXml(text: string): EventRecord[] {
  return eventsOf(text, (sink) => new XmlDecoder('', sink, plainThread));
}

/** The only event in XML text. */
export function eventFromXml(text: string): EventRecord {
  return only(eventsFromXml(text));
}

/** The events in JSON text in any exporter's form: an object, an array or lines. */
export function eventsFromJsonText(text: string): EventRecord[] {
  return eventsOf(text, (sink) => new JsonDecoder('', sink, plainThread));
}

/**
 * The event of a JSON value in any exporter's form (`{ Event: { System: ... } }`, `{ winlog: ... }`, a flat map). An array, or a
 * wrapper around one, gives an array of events. Pass numbers beyond 2^53 as bigints to keep them exact.
 */
export function eventFromJson(value: unknown): EventRecord | EventRecord[] {
  const events = eventsFromJsonText(jsonText(value));
  return Array.isArray(value) || events.length !== 1 ? events : only(events);
}

function only(events: readonly EventRecord[]): EventRecord {
  const [event] = events;
  if (event === undefined || events.length > 1) throw new InputError(`expected one event, found ${events.length}`);
  return event;
}
