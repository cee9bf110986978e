/** Layout of a JSON record: its keys -> its exporter -> shape. */

import type { Exporter, ExporterField, ExporterPlan, Leaf } from '../exporters/exporter.ts';
import { leavesByName } from '../exporters/mapping.ts';
import { makeShape, ruleFieldName, type ShapeEntry } from '../shape.ts';
import { type LayoutNode, pathTo } from '../text/layout.ts';
import { type ComputedValue, NULL_ABSENT, NULL_EMPTY, type TextLayout } from '../text/text-event.ts';
import { unescapeJson } from '../text/text-value.ts';
import { isIdentityKey } from './event-keys.ts';
import { ARRAY, END, ITEM_OBJECT, ITEM_SCALAR, OBJECT } from './steps.ts';

export interface JsonLayout extends TextLayout {
  /** Name of the exporter, and the list that it was found in. */
  readonly exporter: string;
  readonly exporters: readonly Exporter[];
  readonly plan: ExporterPlan;
  /** Layouts by the texts that fields depend on; null when none do. */
  readonly variants: Map<string, TextLayout> | null;
}

/**
 * What stores put around the event they keep; the keys beside are theirs, unless they say which event it is. Some are one only
 * where another key is there: Elasticsearch's `fields`, `event` of Splunk's collector.
 */
const ENVELOPES: Readonly<Record<string, string | null>> = { _source: null, result: null, fields: '_index', event: 'sourcetype' };

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
  const has = (name: string): boolean => leaves.some((leaf) => leaf.name === name);
  const holds = (key: string): boolean => leaves.some(({ path }) => path[0] === key && path.length > 1);
  const envelope = Object.keys(ENVELOPES).find((key) => holds(key) && (ENVELOPES[key] === null || has(ENVELOPES[key]!)));
  if (envelope === undefined) return leaves;
  return leaves
    .filter(({ path }) => path[0] === envelope)
    .map((leaf) => ({ ...leaf, path: leaf.path.slice(1), name: leaf.path.slice(1).join('.') }));
}

/** The layout of a record; the last exporter must accept anything. */
export function layoutOf(node: LayoutNode<JsonLayout>, count: number, exporters: readonly Exporter[]): JsonLayout {
  const leaves = leavesByName(unwrap(leavesOf(node, count)));
  let plan: ExporterPlan | null = null;
  let name = '';
  for (const exporter of exporters) {
    plan = exporter.plan(leaves);
    name = exporter.name;
    if (plan !== null) break;
  }
  plan ??= { fields: [] };
  const variants = (plan.dependent?.on.length ?? 0) === 0 ? null : new Map<string, TextLayout>();
  return { ...textLayout(plan.fields, count), exporter: name, exporters, plan, variants };
}

/** `count` is how many slots hold values of the record. */
export function textLayout(fields: readonly ExporterField[], count: number): TextLayout {
  const conversions = new Uint8Array(count);
  const nulls = new Uint8Array(count);
  const entries: ShapeEntry[] = [];
  const computed: ComputedValue[] = [];
  for (const field of fields) {
    const { section } = field;
    const name = ruleFieldName(field.name);
    if ('kind' in field) {
      entries.push({ section, name, slot: count + computed.push(field) - 1 });
      continue;
    }
    const { slot, conversion, omitNull, emptyNull } = field;
    entries.push({ section, name, slot });
    if (conversion !== undefined) conversions[slot] = conversion;
    if (section === 'system' || omitNull === true) nulls[slot] = NULL_ABSENT;
    else if (emptyNull === true) nulls[slot] = NULL_EMPTY;
  }
  return { shape: makeShape(entries), conversions, nulls, computed, places: [] };
}
