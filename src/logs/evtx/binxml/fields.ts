/**
 * The fields of an element tree: which names there are, and where each value comes from. Naming is that of `model/event.ts`.
 * In: root elements. Out: entries for `makeShape` (slots count from 0 in document order) and, per slot, an access code.
 */
import { Atom } from '../../../model/values/atom.ts';
import { ruleFieldName, type ShapeEntry } from '../../shape.ts';
import { neededByAttribute, neededByElement, neverAppears } from './optional.ts';
import { ABSENT_VALUE, type AttributeNode, type ElementNode, isDataElement, type Part } from './tree.ts';

/** A value made of more than one substitution, or of none, or that depends on others. */
export class Special {
  /** Set when the value is a literal. */
  readonly literal: Atom | null;
  /** The index when it is one value, else -1. */
  readonly value: number;
  /** Texts and value indexes, to be joined. */
  readonly parts: readonly (string | number)[];
  /** Absent when one of these values is null. */
  readonly needed: readonly number[];

  constructor(parts: readonly (string | number)[], needed: readonly number[]) {
    const [only] = parts;
    this.literal = parts.every((part) => typeof part === 'string') ? new Atom(parts.join('')) : null;
    this.value = parts.length === 1 && typeof only === 'number' ? only : -1;
    this.parts = parts;
    this.needed = needed;
  }
}

/** Access codes: `>= 0` a value index, perhaps with ABSENT_IF_NULL; `< 0` the complement of an index into `specials`. */
export const ABSENT_IF_NULL = 1 << 20;
export const VALUE_INDEX_MASK = ABSENT_IF_NULL - 1;

export interface Fields {
  readonly entries: readonly ShapeEntry[];
  readonly access: Int32Array;
  readonly specials: readonly Special[];
}

class FieldList {
  readonly entries: ShapeEntry[] = [];
  readonly access: number[] = [];
  readonly specials: Special[] = [];

  /** `needed`: values of which none may be null. */
  add(section: 'system' | 'data', name: string, parts: readonly Part[], needed: readonly number[]): void {
    if (neverAppears(needed)) return;
    this.entries.push({ name: ruleFieldName(name), section, slot: this.entries.length });
    this.access.push(this.#accessOf(parts, needed));
  }

  #accessOf(parts: readonly Part[], needed: readonly number[]): number {
    const pieces: (string | number)[] = [];
    for (const part of parts) {
      if (part.kind === 'text') pieces.push(part.text);
      else if (part.kind === 'value' && part.index !== ABSENT_VALUE) pieces.push(part.index);
    }
    const [only] = pieces;
    if (pieces.length === 1 && typeof only === 'number' && needed.every((index) => index === only)) {
      return needed.length > 0 ? only | ABSENT_IF_NULL : only;
    }
    this.specials.push(new Special(pieces, needed));
    return ~(this.specials.length - 1);
  }
}

/** `ns:Name` is `Name`. */
export function localName(name: string): string {
  const colon = name.indexOf(':');
  return colon < 0 ? name : name.slice(colon + 1);
}

export function childElements(parts: readonly Part[]): ElementNode[] {
  return parts.filter((part) => part.kind === 'element');
}

function isNamespace(attribute: AttributeNode): boolean {
  return attribute.name === 'xmlns' || attribute.name.startsWith('xmlns:');
}

/** Sections that say what Windows made of the event, not what is in it. */
const NOT_FIELDS = new Set(['RenderingInfo', 'SubscriptionBookmarkExtension']);

export function compileFields(roots: readonly Part[]): Fields {
  const list = new FieldList();
  for (const event of childElements(roots)) {
    for (const section of childElements(event.content)) {
      const name = localName(section.name);
      // The Event element depends on a value too (the channel); a record that is there is an event all the same.
      const needed = neededByElement(section);
      if (name === 'System') addSystem(list, section, needed);
      else if (!NOT_FIELDS.has(name)) for (const element of childElements(section.content)) addData(list, element, needed);
    }
  }
  return { entries: list.entries, access: Int32Array.from(list.access), specials: list.specials };
}

function addSystem(list: FieldList, system: ElementNode, outer: readonly number[]): void {
  for (const element of childElements(system.content)) {
    const name = localName(element.name);
    const needed = [...outer, ...neededByElement(element)];
    addAttributes(list, 'system', name, element, needed);
    // `<Execution ProcessID="4"/>` has no text of its own; `<Message></Message>` would.
    if (element.content.length > 0) list.add('system', name, element.content, needed);
  }
}

function addAttributes(
  list: FieldList,
  section: 'system' | 'data',
  name: string,
  element: ElementNode,
  outer: readonly number[],
): void {
  for (const attribute of element.attributes) {
    if (isNamespace(attribute)) continue;
    list.add(section, `${name}_${attribute.name}`, attribute.parts, [...outer, ...neededByAttribute(attribute)]);
  }
}

function addData(list: FieldList, element: ElementNode, outer: readonly number[]): void {
  const name = localName(element.name);
  const needed = [...outer, ...neededByElement(element)];
  const children = childElements(element.content);
  if (children.length > 0) {
    addAttributes(list, 'data', name, element, needed);
    for (const child of children) addData(list, child, needed);
    return;
  }
  if (!isDataElement(name)) {
    addAttributes(list, 'data', name, element, needed);
    list.add('data', name, element.content, needed);
    return;
  }
  // A name that is still a value here belongs to nothing the structure knows: it was no Data of a template.
  const parts = element.attributes.find((attribute) => attribute.name === 'Name')?.parts ?? [];
  const fieldName = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  list.add('data', fieldName === '' ? name : fieldName, element.content, needed);
}
