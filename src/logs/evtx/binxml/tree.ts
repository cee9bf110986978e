/**
 * The element tree of a layout. It is built once per layout from its structure; fields, JSON and XML are then compiled from it.
 * In: structure and plans. Out: root elements whose values are indexes of the record's values. Refuses trees of more than
 * MAX_TREE_NODES nodes.
 */
import { MAX_TREE_DEPTH, MAX_TREE_NODES } from '../limits.ts';
import type { Names } from './names.ts';
import * as op from './ops.ts';

export interface ElementNode {
  readonly kind: 'element';
  readonly name: string;
  readonly attributes: readonly AttributeNode[];
  readonly content: readonly Part[];
  /** True: printed as `<a/>`, not as `<a></a>`. */
  readonly empty: boolean;
  /** The index of the value without which the element does not appear; -1 when it depends on none. */
  readonly depends: number;
}

export interface AttributeNode {
  readonly name: string;
  readonly parts: readonly Part[];
}

export type Part =
  | ElementNode
  | { readonly kind: 'text'; readonly text: string }
  /** `optional`: when the value is null, the element or attribute around it does not appear ([MS-EVEN6] 3.1.4.7.2). */
  | { readonly kind: 'value'; readonly index: number; readonly optional: boolean }
  | { readonly kind: 'pi'; readonly target: string; readonly data: string };

interface Instance {
  readonly base: number;
  readonly count: number;
  /** From the index of a value to the content of its BinXML. */
  readonly nested: ReadonlyMap<number, readonly Part[]>;
  /** From the index of a value to the name of its field. */
  readonly dynamicNames: ReadonlyMap<number, string>;
}

export type RootsOfPlan = (plan: number) => readonly Part[];

export class TreeBuilder {
  readonly #names: Names;
  readonly #rootsOfPlan: RootsOfPlan;
  #ops: Int32Array = new Int32Array(0);
  #at = 0;
  #nodes = 0;

  constructor(names: Names, rootsOfPlan: RootsOfPlan) {
    this.#names = names;
    this.#rootsOfPlan = rootsOfPlan;
  }

  /** Nodes of the tree built last. */
  get nodes(): number {
    return this.#nodes;
  }

  /** null when the tree is too large. */
  build(ops: Int32Array): readonly Part[] | null {
    this.#ops = ops;
    this.#at = 0;
    this.#nodes = 0;
    const content = this.#content();
    return this.#nodes > MAX_TREE_NODES || isDeeper(content, MAX_TREE_DEPTH) ? null : content;
  }

  /** The parts up to the end of the element, of the nested value, or of everything. */
  #content(): Part[] {
    const parts: Part[] = [];
    const ops = this.#ops;
    while (this.#at < ops.length && this.#nodes <= MAX_TREE_NODES) {
      const code = ops[this.#at++]!;
      if (code === op.END || code === op.NESTED_END) return parts;
      if (code === op.OPEN) parts.push(this.#element());
      else if (code === op.INSTANCE) parts.push(...this.#instance());
      else this.#leaf(code, parts);
    }
    return parts;
  }

  #leaf(code: number, parts: Part[]): void {
    const ops = this.#ops;
    this.#nodes++;
    if (code === op.TEXT) addText(parts, this.#names.text(ops[this.#at++]!));
    else if (code === op.VALUE || code === op.OPTIONAL) {
      parts.push({ kind: 'value', index: ops[this.#at++]!, optional: code === op.OPTIONAL });
    } else if (code === op.PI) {
      const target = this.#names.text(ops[this.#at++]!);
      parts.push({ kind: 'pi', target, data: this.#names.text(ops[this.#at++]!) });
    }
  }

  #element(): ElementNode {
    this.#nodes++;
    const ops = this.#ops;
    const name = this.#names.text(ops[this.#at++]!);
    const attributes: { name: string; parts: Part[] }[] = [];
    let depends = -1;
    while (this.#at < ops.length) {
      const code = ops[this.#at++]!;
      if (code === op.CLOSE_EMPTY) return { kind: 'element', name, attributes, content: [], empty: true, depends };
      if (code === op.CLOSE_START) break;
      if (code === op.DEPENDS) {
        depends = ops[this.#at++]!;
        continue;
      }
      if (code === op.ATTRIBUTE) {
        this.#nodes++;
        attributes.push({ name: this.#names.text(ops[this.#at++]!), parts: [] });
      } else this.#leaf(code, attributes.at(-1)?.parts ?? []);
    }
    return { kind: 'element', name, attributes, content: this.#content(), empty: false, depends };
  }

  #instance(): readonly Part[] {
    const ops = this.#ops;
    const plan = ops[this.#at]!;
    const base = ops[this.#at + 1]!;
    const count = ops[this.#at + 2]!;
    this.#at += 3;
    const nested = new Map<number, readonly Part[]>();
    const dynamicNames = new Map<number, string>();
    while (this.#at < ops.length && this.#nodes <= MAX_TREE_NODES) {
      const code = ops[this.#at++]!;
      if (code === op.INSTANCE_END) break;
      const value = ops[this.#at++]!;
      if (code === op.NESTED) nested.set(value, this.#content());
      else if (code === op.DYNAMIC_NAME) dynamicNames.set(value, this.#names.text(ops[this.#at++]!));
    }
    return this.#resolve(this.#rootsOfPlan(plan), { base, count, nested, dynamicNames });
  }

  /** A plan's parts with the indexes of the record's values, and nested content in its place. */
  #resolve(parts: readonly Part[], instance: Instance): Part[] {
    const resolved: Part[] = [];
    for (const part of parts) {
      if (++this.#nodes > MAX_TREE_NODES) break;
      if (part.kind === 'element') {
        resolved.push({
          kind: 'element',
          name: part.name,
          attributes: part.attributes.map((attribute) => this.#attribute(part.name, attribute, instance)),
          content: this.#resolve(part.content, instance),
          empty: part.empty,
          depends: part.depends < 0 ? -1 : valueIndex(part.depends, instance),
        });
      } else if (part.kind === 'value') {
        const index = part.index + instance.base;
        const nested = instance.nested.get(index);
        // Nested content that is used twice counts twice; a hostile template could multiply its size in this way.
        if (nested !== undefined) this.#nodes += countNodes(nested, MAX_TREE_NODES);
        if (nested !== undefined) resolved.push(...nested);
        else resolved.push(this.#value(part.index, part.optional, instance));
      } else resolved.push(part);
    }
    return resolved;
  }

  #attribute(element: string, attribute: AttributeNode, instance: Instance): AttributeNode {
    this.#nodes++;
    const parts: Part[] = [];
    for (const part of attribute.parts) {
      if (part.kind !== 'value') {
        parts.push(part);
        continue;
      }
      const name =
        attribute.name === 'Name' && isDataElement(element) ? instance.dynamicNames.get(part.index + instance.base) : undefined;
      if (name !== undefined) addText(parts, name);
      else parts.push(this.#value(part.index, part.optional, instance));
    }
    return { name: attribute.name, parts };
  }

  #value(index: number, optional: boolean, instance: Instance): Part {
    return { kind: 'value', index: valueIndex(index, instance), optional };
  }
}

/** A record may have fewer values than its template uses. The missing ones count as null. */
function valueIndex(index: number, instance: Instance): number {
  return index < instance.count ? index + instance.base : ABSENT_VALUE;
}

/** The index of a value that the record does not have. No record has this many values. */
export const ABSENT_VALUE = 0x7fff_ffff;

/** True for elements whose `Name` attribute is the name of the field. */
export function isDataElement(name: string): boolean {
  return name === 'Data' || name === 'ComplexData';
}

function addText(parts: Part[], text: string): void {
  const last = parts.at(-1);
  if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + text };
  else parts.push({ kind: 'text', text });
}

/** Does not recurse itself, because it decides whether the tree is flat enough for later code that does. */
function isDeeper(parts: readonly Part[], limit: number): boolean {
  let level: (readonly Part[])[] = [parts];
  for (let depth = 0; depth < limit && level.length > 0; depth++) {
    level = level.flatMap((list) => list.filter((part) => part.kind === 'element').map((element) => element.content));
  }
  return level.length > 0;
}

function countNodes(parts: readonly Part[], limit: number): number {
  let count = 0;
  const pending: (readonly Part[])[] = [parts];
  for (let next = pending.pop(); next !== undefined && count <= limit; next = pending.pop()) {
    count += next.length;
    for (const part of next) if (part.kind === 'element') pending.push(part.content);
  }
  return count;
}
