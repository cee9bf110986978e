/** Turns a snapshot back into an event, so that log sources read its fields exactly as they read the original event's. */

import { makeShape, type ShapeEntry } from '../../logs/shape.ts';
import type { EventRecord, EventSnapshot, FieldValue, Shape } from '../../model/event.ts';
import { Atom } from '../../model/values/atom.ts';

/** How many layouts are remembered. All are forgotten when there are more. */
const REMEMBERED_SHAPES = 1024;
const shapes = new Map<string, Shape>();

class SnapshotRecord implements EventRecord {
  readonly shape: Shape;
  readonly index: number;
  readonly offset: number;
  readonly recovered: boolean;
  readonly channel: string;
  readonly provider: string;
  readonly computer: string;
  readonly eventId: number;
  readonly timeUs: number;
  readonly #values: readonly FieldValue[];

  constructor(snapshot: EventSnapshot) {
    const system = Object.keys(snapshot.system);
    const data = Object.keys(snapshot.data);
    this.shape = shapeOf(system, data);
    this.#values = [...system.map((name) => snapshot.system[name]!), ...data.map((name) => snapshot.data[name]!)];
    this.index = snapshot.index;
    this.offset = snapshot.offset;
    this.recovered = snapshot.recovered;
    this.channel = snapshot.Channel;
    this.provider = snapshot.Provider;
    this.computer = snapshot.Computer;
    this.eventId = snapshot.EventID ?? -1;
    this.timeUs = snapshot.timeUs;
  }

  value(slot: number): FieldValue | undefined {
    return this.#values[slot];
  }

  atom(slot: number): Atom | readonly (Atom | null)[] | null | undefined {
    const value = this.#values[slot];
    if (value === undefined || value === null) return value;
    return typeof value === 'string' ? new Atom(value) : value.map((part) => (part === null ? null : new Atom(part)));
  }
}

function shapeOf(system: readonly string[], data: readonly string[]): Shape {
  const key = JSON.stringify([system, data]);
  let shape = shapes.get(key);
  if (shape === undefined) {
    if (shapes.size >= REMEMBERED_SHAPES) shapes.clear();
    const entries: ShapeEntry[] = [
      ...system.map((name, slot): ShapeEntry => ({ name, section: 'system', slot })),
      ...data.map((name, slot): ShapeEntry => ({ name, section: 'data', slot: system.length + slot })),
    ];
    shape = makeShape(entries);
    shapes.set(key, shape);
  }
  return shape;
}

/** A snapshot does not change, so its event is made once and kept as long as the snapshot. */
const records = new WeakMap<EventSnapshot, EventRecord>();

export function snapshotRecord(snapshot: EventSnapshot): EventRecord {
  let record = records.get(snapshot);
  if (record === undefined) {
    record = new SnapshotRecord(snapshot);
    records.set(snapshot, record);
  }
  return record;
}
