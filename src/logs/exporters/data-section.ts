/**
 * EventData and UserData in JSON: a map, elements with attributes, or a list of names and values. In: the leaves inside the
 * section. Out: its fields.
 */
import { groupBy } from '../../model/values/maps.ts';
import { hexFields } from '../hex-fields.ts';
import { BRACE_GUID, GUID_STRINGS, HEX, STRINGS } from '../text/text-value.ts';
import { dataName, isAttribute, TEXT } from './element-names.ts';
import type { ExporterField, ExporterPlan, Leaf, SlotField } from './exporter.ts';
import { mergeNumbered, withoutNumbers } from './numbered.ts';

/** Keys that hold the text of a `Data` item, also of an item that is written as an object: no element in it is called `text`. */
const ITEM_TEXT = new Set([...TEXT, 'text', 'value', 'content', 'Text', 'Content']);
const NAME_KEYS = new Set(['@Name', 'Name', '_Name', '@name', '-Name', 'name', 'Key', 'key']);

/** An item whose field name is itself a value of the record. `value` is null when the item has no other value. */
interface NamedItem {
  readonly nameSlot: number;
  readonly valueSlot: number | null;
}

const last = ({ path }: Leaf): string => path[path.length - 1] ?? '';

/** An element that exists but is empty is written as null. */
const field = (name: string, slot: number, conversion?: number): SlotField => {
  return { section: 'data', name, slot, conversion, emptyNull: true };
};

/**
 * Reads `{"@Name": "Image", "#text": "C:\\a.exe"}`, in any order and with other keys beside. An item without a name is unnamed
 * data.
 */
function dataItems(leaves: readonly Leaf[]): { named: NamedItem[]; unnamed: SlotField[] } {
  const named: NamedItem[] = [];
  const unnamed: SlotField[] = [];
  for (const item of groupBy(leaves, (leaf) => leaf.item).values()) {
    const name = item.find((leaf) => NAME_KEYS.has(last(leaf)));
    const others = item.filter((leaf) => leaf !== name);
    const value = others.find((leaf) => ITEM_TEXT.has(last(leaf))) ?? others.find(({ path }) => !isAttribute(path));
    if (name !== undefined) named.push({ nameSlot: name.slot, valueSlot: value?.slot ?? null });
    else if (value !== undefined) unnamed.push({ section: 'data', name: 'Data', slot: value.slot, conversion: STRINGS });
  }
  return { named, unnamed };
}

/** The fields of named items. Which ones there are depends on the names in the record. */
export function dependentItems(items: readonly NamedItem[]): NonNullable<ExporterPlan['dependent']> {
  return {
    on: items.map(({ nameSlot }) => nameSlot),
    fields: (names) =>
      items.map(({ valueSlot }, i): ExporterField => {
        const name = names[i] ?? 'Data';
        return valueSlot === null ? { section: 'data', name, kind: 'text', compute: () => '' } : field(name, valueSlot);
      }),
  };
}

/** Marks the fields that hold numbers which Windows writes in hexadecimal. */
export function withHex(fields: readonly SlotField[]): SlotField[] {
  const hex = hexFields(fields.map(({ name }) => name));
  return fields.map((field) => (hex.has(field.name) ? { ...field, conversion: HEX } : field));
}

/** The leaves of a section, whose name may be in any case. `EventData: [{...}]` is read like `EventData: {Data: [{...}]}`. */
export function sectionLeaves(leaves: readonly Leaf[], depth: number, name: string): Leaf[] {
  return leaves.flatMap((leaf): Leaf[] => {
    const step = leaf.path[depth]?.toLowerCase();
    const rest = leaf.path.slice(depth + 1);
    if (rest.length === 0) return [];
    if (step === name) return [{ ...leaf, path: rest }];
    return step === `${name}[]` ? [{ ...leaf, path: ['Data[]', ...rest] }] : [];
  });
}

/** The fields of EventData. The leaves are given without the path that leads to it. */
export function eventData(leaves: readonly Leaf[]): { fields: SlotField[]; named: NamedItem[] } {
  const hasNames = leaves.some(({ path }) => path[0] === 'Data' && path.length > 1 && NAME_KEYS.has(path[path.length - 1]!));
  const isItem = ({ path }: Leaf): boolean => path.length > 1 && (path[0] === 'Data[]' || (hasNames && path[0] === 'Data'));
  const { named, unnamed } = dataItems(leaves.filter(isItem));
  const fields: SlotField[] = [];
  for (const leaf of withoutNumbers(leaves)) {
    if (isItem(leaf)) continue;
    const name = dataName(leaf.path);
    if (name !== null) fields.push(field(name, leaf.slot, name === 'Data' ? GUID_STRINGS : BRACE_GUID));
  }
  return { fields: [...withHex(mergeNumbered(fields)), ...unnamed], named };
}

export function userData(leaves: readonly Leaf[]): SlotField[] {
  const fields: SlotField[] = [];
  for (const { path, slot } of withoutNumbers(leaves)) {
    // The first step is the wrapper element, whose name is not a field.
    const name = path.length > 1 ? dataName(path) : null;
    if (name !== null) fields.push(field(name, slot, BRACE_GUID));
  }
  return withHex(mergeNumbered(fields));
}
