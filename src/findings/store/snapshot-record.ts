/** Turns a snapshot back into an event, so that log sources read its fields exactly as they read the original event's. */

import { shapeFor } from '../../logs/kept-event.ts';
import type { ShapeEntry } from '../../logs/shape.ts';
import type { EventRecord, EventSnapshot, FieldValue, Shape } from '../../model/event.ts';
import { Atom } from '../../model/values/atom.ts';
import { remembered } from '../../model/values/maps.ts';

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
    this.shape = shapeFor([
      ...system.map((name, slot): ShapeEntry => ({ name, section: 'system', slot })),
      ...data.map((name, slot): ShapeEntry => ({ name, section: 'data', slot: system.length + slot })),
    ]);
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

/** A snapshot does not change, so its event is made once and kept as long as the snapshot. */
export const snapshotRecord = remembered((snapshot: EventSnapshot): EventRecord => new SnapshotRecord(snapshot));
