// HOT: writes every event that matches.
/**
 * A matched event as JSON text, made once however many rules hold for it. In: an event under a reader's cursor, or a snapshot.
 * Out: two parts that a report joins without parsing:
 *   head  what machine formats print after `file` and `index`: `"offset":0,"EventRecordID":1, ... ,"data":{...}`
 *   tail  what only the snapshot has: `,"recovered":false,"timeUs":1,"system":{...}`
 * Both are harmless as they are: what terminals act on is escaped here, once per distinct value, and not in every line.
 */
import { type Atom, jsonOf } from '../model/atom.ts';
import { type EventHead, type EventRecord, type EventSnapshot, eventHead, type Shape } from '../model/event.ts';
import { harmlessJson } from '../model/json-text.ts';

export interface EventJson {
  readonly head: string;
  readonly tail: string;
}

/** A section of a shape: its names as JSON keys, each with its slots. */
interface Section {
  readonly keys: readonly string[];
  readonly slots: readonly (readonly number[])[];
  /** Slots whose values hardly ever repeat (time, record number): to keep them among the atoms would push out others. */
  readonly unique: readonly number[];
}

interface ShapeText {
  readonly data: Section;
  readonly system: Section;
}

/** Layouts remembered; forgotten all at once when there are more. */
const REMEMBERED_SHAPES = 4096;
const REMEMBERED_NAMES = 4096;

export class EventJsonWriter {
  readonly #shapes = new Map<number, ShapeText>();

  /** Names as JSON: a log has few providers, channels and computers. */
  readonly #names = new Map<string, string>();

  write(event: EventRecord): EventJson {
    const { data, system } = this.#shapeText(event.shape);
    return join(eventHead(event), sectionJson(event, data), sectionJson(event, system), (name) => this.#nameJson(name));
  }

  #nameJson(name: string): string {
    let json = this.#names.get(name);
    if (json === undefined) {
      if (this.#names.size >= REMEMBERED_NAMES) this.#names.clear();
      json = textJson(name);
      this.#names.set(name, json);
    }
    return json;
  }

  #shapeText(shape: Shape): ShapeText {
    let text = this.#shapes.get(shape.id);
    if (text === undefined) {
      if (this.#shapes.size >= REMEMBERED_SHAPES) this.#shapes.clear();
      const { time, recordId } = shape.system;
      text = { data: sectionOf(shape.dataFields, []), system: sectionOf(shape.systemFields, [time, recordId]) };
      this.#shapes.set(shape.id, text);
    }
    return text;
  }
}

/** The same of a snapshot. */
export function snapshotJson(snapshot: EventSnapshot): EventJson {
  return join(snapshot, harmlessJson(JSON.stringify(snapshot.data)), harmlessJson(JSON.stringify(snapshot.system)), textJson);
}

function join(head: EventHead, data: string, system: string, nameJson: (name: string) => string): EventJson {
  const { offset, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, recovered, timeUs } = head;
  return {
    head:
      `"offset":${offset},"EventRecordID":${EventRecordID},"TimeCreated":${TimeCreated === null ? 'null' : JSON.stringify(TimeCreated)},` +
      `"Provider":${nameJson(Provider)},"Channel":${nameJson(Channel)},"EventID":${EventID},` +
      `"Computer":${nameJson(Computer)},"data":${data}${recovered ? ',"recovered":true' : ''}`,
    tail: `${recovered ? '' : ',"recovered":false'},"timeUs":${Number.isNaN(timeUs) ? 'null' : timeUs},"system":${system}`,
  };
}

function textJson(text: string): string {
  return harmlessJson(JSON.stringify(text));
}

function sectionOf(fields: ReadonlyMap<string, readonly number[]>, unique: readonly number[]): Section {
  return { keys: [...fields.keys()].map((name) => `${textJson(name)}:`), slots: [...fields.values()], unique };
}

function sectionJson(event: EventRecord, { keys, slots, unique }: Section): string {
  let json = '{';
  for (let i = 0; i < keys.length; i++) {
    const value = valueJson(event, slots[i]!, unique);
    if (value === null) continue;
    json += json.length === 1 ? keys[i]! : `,${keys[i]}`;
    json += value;
  }
  return `${json}}`;
}

/** As `fieldValue`: absent slots are left out, several values are an array, one is not. null when all are absent. */
function valueJson(event: EventRecord, slots: readonly number[], unique: readonly number[]): string | null {
  if (slots.length === 1) {
    if (unique.includes(slots[0]!)) {
      const value = event.value(slots[0]!);
      return value === undefined ? null : harmlessJson(JSON.stringify(value));
    }
    const atoms = event.atom(slots[0]!);
    if (atoms === undefined) return null;
    if (atoms === null) return 'null';
    if (!isList(atoms)) return jsonOf(atoms);
    return `[${atoms.map(scalarJson).join(',')}]`;
  }
  const all: string[] = [];
  let present = false;
  for (const slot of slots) {
    const atoms = event.atom(slot);
    if (atoms === undefined) continue;
    present = true;
    if (atoms !== null && isList(atoms)) for (const atom of atoms) all.push(scalarJson(atom));
    else all.push(scalarJson(atoms));
  }
  if (!present) return null;
  return all.length === 1 ? all[0]! : `[${all.join(',')}]`;
}

function isList(atoms: Atom | readonly (Atom | null)[]): atoms is readonly (Atom | null)[] {
  return Array.isArray(atoms);
}

function scalarJson(atom: Atom | null): string {
  return atom === null ? 'null' : jsonOf(atom);
}
