/**
 * The fields of an element tree: their names, and where their values come from. The names follow `model/event.ts`. In: root
 * elements. Out: entries for `makeShape` (slots count from 0 in document order) and an access code for each slot.
 */
import { Atom } from '../../../model/values/atom.ts';
import { ruleFieldName, type ShapeEntry } from '../../shape.ts';
import { neededByAttribute, neededByElement, neverAppears } from './optional.ts';
import { ABSENT_VALUE, type AttributeNode, type ElementNode, isDataElement, type Part } from './tree.ts';

/** A value made of several substitutions or of none, or one that depends on other values. */
export class Special {
  /** The value itself when it is a literal; else null. */
  readonly literal: Atom | null;
  /** The index of the value when there is just one; else -1. */
  readonly value: number;
  /** Texts and indexes of values, to be joined. */
  readonly parts: readonly (string | number)[];
  /** The field is absent when one of these values is null. */
  readonly needed: readonly number[];

  constructor(parts: readonly (string | number)[], needed: readonly number[]) {
    const [only] = parts;
    this.literal = parts.every((part) => typeof part === 'string') ? new Atom(parts.join('')) : null;
    this.value = parts.length === 1 && typeof only === 'number' ? only : -1;
    this.parts = parts;
    this.needed = needed;
  }
}

/** Access codes. `>= 0`: the index of a value, perhaps with ABSENT_IF_NULL. `< 0`: the complement of an index into `specials`. */
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

  /** `needed`: the field is absent when one of these values is null. */
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

/** Sections that hold what Windows made from the event, not the event's own data. */
const NOT_FIELDS = new Set(['RenderingInfo', 'SubscriptionBookmarkExtension']);

export function compileFields(roots: readonly Part[]): Fields {
  const list = new FieldList();
  for (const event of childElements(roots)) {
    for (const section of childElements(event.content)) {
      const name = localName(section.name);
      // The Event element itself may depend on a value (the channel). This is ignored, because a record that exists is an event.
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
    // `<Execution ProcessID="4"/>` has no text, so it gives no field; `<Message></Message>` would give one.
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
  // A name that is still a substitution here does not belong to a Data element of a template, so the structure knows nothing
  // about it.
  const parts = element.attributes.find((attribute) => attribute.name === 'Name')?.parts ?? [];
  const fieldName = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  list.add('data', fieldName === '' ? name : fieldName, element.content, needed);
}
