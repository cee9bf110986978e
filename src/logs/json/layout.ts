/** Layout of a JSON record: its keys -> the exporter's dialect -> shape. */

import type { Dialect, DialectPlan, Leaf, Leaves } from '../exporters/dialect.ts';
import { makeShape, ruleFieldName, type ShapeEntry } from '../shape.ts';
import { type LayoutNode, pathTo } from '../text/layout.ts';
import type { ComputedValue, TextLayout } from '../text/text-event.ts';
import { unescapeJson } from '../text/text-value.ts';
import { isIdentityKey } from './event-keys.ts';
import { ARRAY, END, ITEM_OBJECT, ITEM_SCALAR, OBJECT } from './steps.ts';

export interface JsonLayout extends TextLayout {
  readonly plan: DialectPlan;
  /** Layouts by the names that records hold in their values; null when no name is a value. */
  readonly variants: Map<string, TextLayout> | null;
}

/**
 * What stores put around the event they keep; the keys beside are theirs, unless they say which event it is. `fields` is one only
 * where `_index` says so.
 */
const ENVELOPES = ['_source', 'result', 'fields'];

/** The values of the record whose layout ends at `node`, in slot order. */
export function leavesOf(node: LayoutNode<JsonLayout>, count: number): Leaf[] {
  const leaves: Leaf[] = [];
  const path: string[] = [];
  /** By depth: the item that it is in. */
  const items: number[] = [];
  let lastItem = 0;
  const open = (name: string, item = items.at(-1) ?? 0): void => {
    path.push(name);
    items.push(item);
  };
  for (const { code, key } of pathTo(node)) {
    if (leaves.length === count) break;
    const name = unescapeJson(Buffer.from(key).toString('utf8'));
    if (code === END) {
      path.pop();
      items.pop();
    } else if (code === ITEM_OBJECT) open('', ++lastItem);
    else if (code === OBJECT) open(name);
    else if (code === ARRAY) open(`${name}[]`);
    else addLeaf(leaves, code === ITEM_SCALAR ? path : [...path, name], items.at(-1) ?? 0);
  }
  return leaves;
}

function addLeaf(leaves: Leaf[], keys: readonly string[], item: number): void {
  const path = keys.filter((key) => key !== '');
  leaves.push({ path, name: path.join('.'), slot: leaves.length, item });
}

function unwrap(leaves: readonly Leaf[]): readonly Leaf[] {
  if (leaves.some(({ path }) => isIdentityKey(path[0] ?? ''))) return leaves;
  const isStored = leaves.some(({ name }) => name === '_index');
  const holds = (key: string): boolean => leaves.some(({ path }) => path[0] === key && path.length > 1);
  const envelope = ENVELOPES.find((key) => (key !== 'fields' || isStored) && holds(key));
  if (envelope === undefined) return leaves;
  return leaves
    .filter(({ path }) => path[0] === envelope)
    .map((leaf) => ({ ...leaf, path: leaf.path.slice(1), name: leaf.path.slice(1).join('.') }));
}

function lookup(all: readonly Leaf[]): Leaves {
  const byName = new Map<string, Leaf>();
  for (const leaf of all) if (!byName.has(leaf.name)) byName.set(leaf.name, leaf);
  return { all, get: (name) => byName.get(name), has: (name) => byName.has(name) };
}

/** The layout of a record; the last dialect must accept anything. */
export function layoutOf(node: LayoutNode<JsonLayout>, count: number, dialects: readonly Dialect[]): JsonLayout {
  const leaves = lookup(unwrap(leavesOf(node, count)));
  let plan: DialectPlan | null = null;
  for (const dialect of dialects) {
    plan = dialect.plan(leaves);
    if (plan !== null) break;
  }
  plan ??= { fields: [] };
  const variants = plan.pairs === undefined || plan.pairs.length === 0 ? null : new Map<string, TextLayout>();
  return { ...textLayout(plan, count, []), plan, variants };
}

/** `names[i]` is the field name that the record holds for `plan.pairs[i]`. */
export function textLayout(plan: DialectPlan, count: number, names: readonly string[]): TextLayout {
  const conversions = new Uint8Array(count);
  const emptyNulls = new Uint8Array(count);
  const entries: ShapeEntry[] = [];
  for (const { section, name, slot, conversion, omitNull } of plan.fields) {
    entries.push({ section, name: ruleFieldName(name), slot });
    if (conversion !== undefined) conversions[slot] = conversion;
    if (section === 'system' || omitNull === true) emptyNulls[slot] = 1;
  }
  const computed: ComputedValue[] = [...(plan.computed ?? [])];
  for (const [i, { section, name }] of (plan.computed ?? []).entries()) entries.push({ section, name, slot: count + i });
  for (const [i, { valueSlot }] of (plan.pairs ?? []).entries()) {
    const name = names[i];
    if (name === undefined) continue;
    const slot = valueSlot ?? count + computed.push({ kind: 'text', compute: () => '' }) - 1;
    entries.push({ section: 'data', name: ruleFieldName(name), slot });
  }
  return { shape: makeShape(entries), conversions, emptyNulls, computed, places: [] };
}
