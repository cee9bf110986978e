/**
 * Builds `Shape`s. Only this file decides which section wins when two have a field with the same name. In: fields. Out: a shape.
 */
import type { Shape, SystemSlots } from '../model/event.ts';
import { addTo } from '../model/values/maps.ts';

/** One field of a layout. Entries with the same section and name form one multi-valued field. */
export interface ShapeEntry {
  /** The name of the field in rules, with blanks removed. */
  readonly name: string;
  readonly section: 'system' | 'data';
  readonly slot: number;
}

let nextId = 0;

/** A new shape with an id of its own. Callers must reuse it for the same layout, because ids are used as array indexes. */
export function makeShape(entries: readonly ShapeEntry[]): Shape {
  const systemFields = new Map<string, number[]>();
  const dataFields = new Map<string, number[]>();
  for (const { name, section, slot } of entries) {
    addTo(section === 'system' ? systemFields : dataFields, name, slot);
  }
  // Data wins: two SigmaHQ rules need the Channel in the data of event 104 (the channel that was cleared), not System/Channel.
  const fields = new Map<string, readonly number[]>([...systemFields, ...dataFields]);
  const slotOf = (name: string): number => systemFields.get(name)?.[0] ?? -1;
  const system: SystemSlots = {
    channel: slotOf('Channel'),
    provider: slotOf('Provider_Name'),
    // -1 for an event with several EventIDs: rules see all of them, but an event is looked up by a single one.
    eventId: systemFields.get('EventID')?.length === 1 ? slotOf('EventID') : -1,
    computer: slotOf('Computer'),
    time: slotOf('TimeCreated_SystemTime'),
    recordId: slotOf('EventRecordID'),
  };
  return { id: nextId++, fields, systemFields, dataFields, system };
}

/** `Threat Name` in the XML is `ThreatName` in rules (Sigma specification, Field Usage). */
export function ruleFieldName(name: string): string {
  return name.includes(' ') ? name.replaceAll(' ', '') : name;
}
