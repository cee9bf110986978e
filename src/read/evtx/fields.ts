/**
 * The fields of an element tree: which names there are, and where each value comes from. Naming is that of `model/event.ts`.
 * In: root elements. Out: entries for `makeShape` (slots count from 0 in document order) and, per slot, an access code.
 */
import { Atom } from '../../model/atom.ts';
import { ruleFieldName, type ShapeEntry } from '../shape.ts';
import { ABSENT_VALUE, type AttributeNode, type ElementNode, isDataElement, type Part } from './tree.ts';

/** A value made of more than one substitution, or of none. */
export interface Special {
  /** Set when the value is a literal. */
  readonly literal: Atom | null;
  /** Texts and value indexes, to be joined. */
  readonly parts: readonly (string | number)[];
  /** True: absent when every value in it is null. */
  readonly optional: boolean;
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

  add(section: 'system' | 'data', name: string, parts: readonly Part[]): void {
    const code = this.#accessOf(parts);
    if (code === null) return;
    this.entries.push({ name: ruleFieldName(name), section, slot: this.entries.length });
    this.access.push(code);
  }

  /** null: a value that is never there. */
  #accessOf(parts: readonly Part[]): number | null {
    const pieces: (string | number)[] = [];
    let values = 0;
    // An element or attribute of nothing but optional values that are null is not printed: no field either.
    let optional = true;
    for (const part of parts) {
      if (part.kind === 'text') pieces.push(part.text);
      if (part.kind === 'text' && part.text !== '') optional = false;
      if (part.kind !== 'value') continue;
      values++;
      if (!part.optional) optional = false;
      if (part.index !== ABSENT_VALUE) pieces.push(part.index);
    }
    if (values === 0 || pieces.every((piece) => typeof piece === 'string')) {
      if (values > 0 && optional) return null;
      return this.#special({ literal: new Atom(pieces.join('')), parts: [], optional: false });
    }
    const only = pieces[0];
    if (pieces.length === 1 && typeof only === 'number') return optional ? only | ABSENT_IF_NULL : only;
    return this.#special({ literal: null, parts: pieces, optional });
  }

  #special(special: Special): number {
    this.specials.push(special);
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

export function compileFields(roots: readonly Part[]): Fields {
  const list = new FieldList();
  for (const event of childElements(roots)) {
    for (const section of childElements(event.content)) {
      if (localName(section.name) === 'System') addSystem(list, section);
      else for (const element of childElements(section.content)) addData(list, element);
    }
  }
  return { entries: list.entries, access: Int32Array.from(list.access), specials: list.specials };
}

function addSystem(list: FieldList, system: ElementNode): void {
  for (const element of childElements(system.content)) {
    const name = localName(element.name);
    // `<Execution ProcessID="4"/>` has no text of its own; `<Message></Message>` would.
    if (element.content.length > 0) list.add('system', name, element.content);
    addAttributes(list, 'system', name, element);
  }
}

function addAttributes(list: FieldList, section: 'system' | 'data', name: string, element: ElementNode): void {
  for (const attribute of element.attributes) {
    if (!isNamespace(attribute)) list.add(section, `${name}_${attribute.name}`, attribute.parts);
  }
}

function addData(list: FieldList, element: ElementNode): void {
  const name = localName(element.name);
  const children = childElements(element.content);
  if (children.length > 0) {
    addAttributes(list, 'data', name, element);
    for (const child of children) addData(list, child);
    return;
  }
  if (!isDataElement(name)) {
    addAttributes(list, 'data', name, element);
    list.add('data', name, element.content);
    return;
  }
  // A name that is still a value here belongs to nothing the structure knows: it was no Data of a template.
  const parts = element.attributes.find((attribute) => attribute.name === 'Name')?.parts ?? [];
  const fieldName = parts.map((part) => (part.kind === 'text' ? part.text : '')).join('');
  list.add('data', fieldName === '' ? name : fieldName, element.content);
}
