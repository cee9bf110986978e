/** Events that own their values and stay valid after their reader has moved on. In: an event. Out: a copy. */
import { type EventRecord, eventIdOf, type FieldValue, type Shape } from '../model/event.ts';
import { Atom } from '../model/values/atom.ts';
import { parseTimeUs } from '../model/values/time.ts';
import { makeShape, type ShapeEntry } from './shape.ts';

/** Shapes remembered. Beyond this number all are forgotten at once. */
const REMEMBERED_SHAPES = 4096;
/** Characters of all their names together. */
const REMEMBERED_CHARACTERS = 4 << 20;

export interface PlainPlace {
  readonly index?: number;
  readonly offset?: number;
}

/** An event that owns its values. */
export class PlainEvent implements EventRecord {
  readonly shape: Shape;
  readonly index: number;
  readonly offset: number;
  readonly recovered = false;
  readonly channel: string;
  readonly provider: string;
  readonly computer: string;
  readonly eventId: number;
  readonly timeUs: number;
  readonly #values: readonly (FieldValue | undefined)[];
  readonly #atoms: (Atom | readonly (Atom | null)[] | null | undefined)[] = [];

  constructor(shape: Shape, values: readonly (FieldValue | undefined)[], place: PlainPlace = {}) {
    this.shape = shape;
    this.#values = values;
    this.index = place.index ?? 0;
    this.offset = place.offset ?? 0;
    const text = (slot: number): string => {
      const value = slot < 0 ? undefined : values[slot];
      if (value === undefined || value === null) return '';
      return typeof value === 'string' ? value : (value[0] ?? '');
    };
    this.channel = text(shape.system.channel);
    this.provider = text(shape.system.provider);
    this.computer = text(shape.system.computer);
    // -1 for an event with several EventIDs: rules see all of them, but an event is looked up by a single one.
    this.eventId = Array.isArray(values[shape.system.eventId]) ? -1 : eventIdOf(text(shape.system.eventId));
    this.timeUs = parseTimeUs(text(shape.system.time));
  }

  value(slot: number): FieldValue | undefined {
    return this.#values[slot];
  }

  atom(slot: number): Atom | readonly (Atom | null)[] | null | undefined {
    const value = this.#values[slot];
    if (value === undefined || value === null) return value;
    this.#atoms[slot] ??=
      typeof value === 'string' ? new Atom(value) : value.map((part) => (part === null ? null : new Atom(part)));
    return this.#atoms[slot];
  }
}

/** Copies what a reader shows into an event that stays valid. */
export function keepEvent(event: EventRecord, place: PlainPlace = event): EventRecord {
  const values: (FieldValue | undefined)[] = [];
  for (const fields of [event.shape.systemFields, event.shape.dataFields]) {
    for (const slots of fields.values()) for (const slot of slots) values[slot] = event.value(slot);
  }
  return new PlainEvent(event.shape, values, place);
}

const shapes = new Map<string, Shape>();
let characters = 0;

/** The shape for a list of fields. Equal lists get the same shape while it is remembered. */
export function shapeFor(entries: readonly ShapeEntry[]): Shape {
  const key = entries.map(({ name, section, slot }) => `${slot} ${section} ${name}`).join('\n');
  let shape = shapes.get(key);
  if (shape === undefined) {
    characters += key.length;
    if (shapes.size >= REMEMBERED_SHAPES || characters > REMEMBERED_CHARACTERS) {
      shapes.clear();
      characters = key.length;
    }
    shape = makeShape(entries);
    shapes.set(key, shape);
  }
  return shape;
}
