/** The layout of a JSON record. In: its keys. Out: its exporter, and the shape of its event. */

import type { FieldOrder } from '../../model/event.ts';
import type { Exporter, ExporterField, ExporterPlan, Leaf } from '../exporters/exporter.ts';
import { leavesByName } from '../exporters/mapping.ts';
import { makeShape, ruleFieldName, type ShapeEntry } from '../shape.ts';
import { type LayoutNode, pathTo } from '../text/layout.ts';
import { type ComputedValue, NULL_ABSENT, NULL_EMPTY, type TextLayout } from '../text/text-event.ts';
import { unescapeJson } from '../text/text-value.ts';
import { isIdentityKey } from './event-keys.ts';
import { ARRAY, END, ITEM_OBJECT, ITEM_SCALAR, OBJECT } from './steps.ts';
import { isArrayKey } from './wrapper.ts';

/** The order of the fields in one record, from where its values stand. The answer is valid until the next one. */
export interface RecordOrder {
  of(starts: Int32Array): FieldOrder;
}

export interface JsonLayout extends TextLayout {
  /** The name of the exporter, and the list of exporters that contains it. */
  readonly exporter: string;
  readonly exporters: readonly Exporter[];
  readonly plan: ExporterPlan;
  /** Slots of arrays that may hold rows, as their keys suggest. An object that holds rows is a table, not a record. */
  readonly lists: readonly number[];
  /** Layouts for the texts that fields depend on; null when no field depends on texts. */
  readonly variants: Map<string, TextLayout> | null;
  /** The order of fields in records with the same keys in another order. Undefined until it is asked for. */
  order: RecordOrder | null | undefined;
}

/**
 * Envelopes that databases put around an event. The keys beside an envelope belong to the database, unless they identify the
 * event. A name with a second key is an envelope only if that key exists: `fields` of Elasticsearch, `event` of Splunk's
 * collector.
 */
const ENVELOPES: Readonly<Record<string, string | null>> = { _source: null, result: null, fields: '_index', event: 'sourcetype' };

/** The values of the record whose layout ends at `node`, in slot order. */
export function leavesOf(node: LayoutNode<JsonLayout>, count: number): Leaf[] {
  const leaves: Leaf[] = [];
  const path: string[] = [];
  /** By depth: the array item that the value is in. */
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

/** The layout of a record. The last exporter must accept any record. */
export function layoutOf(node: LayoutNode<JsonLayout>, count: number, exporters: readonly Exporter[]): JsonLayout {
  const all = leavesOf(node, count);
  const lists = all.filter(({ path }) => path.every(isArrayKey)).map(({ slot }) => slot);
  const { exporter, plan } = planOf(all, exporters);
  const variants = (plan.dependent?.on.length ?? 0) === 0 ? null : new Map<string, TextLayout>();
  return { ...textLayout(plan.fields, count), exporter, exporters, plan, lists, variants, order: undefined };
}

/** What the first exporter that accepts the values makes of them, and its name. */
export function planOf(all: readonly Leaf[], exporters: readonly Exporter[]): { exporter: string; plan: ExporterPlan } {
  const leaves = leavesByName(unwrap(all));
  let plan: ExporterPlan | null = null;
  let name = '';
  for (const exporter of exporters) {
    plan = exporter.plan(leaves);
    name = exporter.name;
    if (plan !== null) break;
  }
  return { exporter: name, plan: plan ?? { fields: [] } };
}

/** `count`: how many slots hold values of the record. */
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
