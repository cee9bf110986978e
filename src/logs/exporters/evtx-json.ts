/**
 * The event as a tree, as XML-to-JSON converters write it: evtx_dump (`Event.System.Provider.#attributes.Name`, also with
 * separate attributes, `Provider_attributes`), Velociraptor and python-evtx (`System.Provider.Name`, `EventID.Value`),
 * xml2json (`Data: [{"@Name": ..., "#text": ...}]`).
 */
import { BRACE_GUID, GUID, HEX, TIME } from '../text/text-value.ts';
import type { Dialect, DialectField, DialectPlan, Leaf, Leaves } from './dialect.ts';
import { mergeNumbered } from './numbered.ts';

/** Where the event starts. */
const ROOTS = ['Event.', '', 'Events.Event.'];
/** Steps of a path that stand for an element's attributes or its text. */
const ATTRIBUTES = new Set(['#attributes', '@attributes', '$', 'attributes']);
const TEXT = new Set(['#text', '_', '$t', '$value', 'Value', '#value']);
/** The text of a `Data` item, and of a System element: where that is an object, no element in it is called `text`. */
const ITEM_TEXT = new Set([...TEXT, 'text', 'value', 'content', 'Text', 'Content']);
const NAME_KEYS = new Set(['@Name', 'Name', '_Name', '@name', '-Name']);

/** How a System field is written that not every converter writes as Windows does. */
const CONVERSIONS: Readonly<Record<string, number>> = {
  Provider_Guid: GUID,
  Correlation_ActivityID: GUID,
  Correlation_RelatedActivityID: GUID,
  Keywords: HEX,
  TimeCreated_SystemTime: TIME,
};

/** `Provider`, `#attributes`, `Name` -> `Provider_Name`; null for a namespace declaration. */
function elementName(path: readonly string[]): string | null {
  const parts = path
    .filter((part, i) => !ATTRIBUTES.has(part) && !(i > 0 && TEXT.has(part)))
    .map((part) => part.replace(/^[@-]/, '').replace(/_attributes$|\[\]$/, ''));
  const name = parts.join('_');
  return /(?:^|_)xmlns(?::|$)/.test(name) ? null : name;
}

function systemField({ path, slot }: Leaf): DialectField | null {
  const isText = path.length > 1 && path[path.length - 1] === 'text';
  const name = elementName(isText ? path.slice(0, -1) : path);
  return name === null ? null : { section: 'system', name, slot, conversion: CONVERSIONS[name] };
}

/** A data field's name: that of the innermost element, as in XML; null for what is no field. */
function dataName(path: readonly string[]): string | null {
  const last = path[path.length - 1] ?? '';
  const holder = path[path.length - 2] ?? '';
  const elements = path
    .filter((part, i) => !ATTRIBUTES.has(part) && !(i > 0 && TEXT.has(part)))
    .map((part) => part.replace(/\[\]$/, ''));
  if (!ATTRIBUTES.has(holder) && !holder.endsWith('_attributes') && !/^[@-]/.test(last)) return elements.at(-1) ?? null;
  // An attribute, `Element_Attribute`: of an element that has text; those of sections and wrappers are `Name` and `xmlns`.
  return elements.length > 1 ? elementName(elements.slice(-2)) : null;
}

const within = (leaf: Leaf, prefix: string): boolean => leaf.name.startsWith(prefix);
const inside = (leaf: Leaf, skip: number): Leaf => ({ ...leaf, path: leaf.path.slice(skip) });

const last = ({ path }: Leaf): string => path[path.length - 1] ?? '';

/** `{"@Name": "Image", "#text": "C:\\a.exe"}`, in any order, with other keys beside; an item without a name is unnamed data. */
function dataItems(leaves: readonly Leaf[]): Required<Pick<DialectPlan, 'fields' | 'pairs'>> {
  const pairs: { nameSlot: number; valueSlot: number | null }[] = [];
  const unnamed: DialectField[] = [];
  const items = new Map<number, Leaf[]>();
  for (const leaf of leaves) {
    const item = items.get(leaf.item);
    if (item === undefined) items.set(leaf.item, [leaf]);
    else item.push(leaf);
  }
  for (const item of items.values()) {
    const name = item.find((leaf) => NAME_KEYS.has(last(leaf)));
    const others = item.filter((leaf) => leaf !== name);
    const value = others.find((leaf) => ITEM_TEXT.has(last(leaf))) ?? others.find((leaf) => !isAttribute(leaf));
    if (name !== undefined) pairs.push({ nameSlot: name.slot, valueSlot: value?.slot ?? null });
    else if (value !== undefined) unnamed.push({ section: 'data', name: 'Data', slot: value.slot });
  }
  return { pairs, fields: unnamed };
}

function isAttribute(leaf: Leaf): boolean {
  return /^[@-]/.test(last(leaf)) || ATTRIBUTES.has(leaf.path[leaf.path.length - 2] ?? '');
}

function eventData(leaves: readonly Leaf[]): Pick<DialectPlan, 'fields' | 'pairs'> {
  const hasNames = leaves.some(({ path }) => path[0] === 'Data' && path.length > 1 && NAME_KEYS.has(path[path.length - 1]!));
  const isItem = ({ path }: Leaf): boolean => path.length > 1 && (path[0] === 'Data[]' || (hasNames && path[0] === 'Data'));
  const { pairs, fields: unnamed } = dataItems(leaves.filter(isItem));
  const fields: DialectField[] = [];
  for (const leaf of leaves) {
    if (isItem(leaf)) continue;
    const name = dataName(leaf.path);
    if (name !== null) fields.push({ section: 'data', name, slot: leaf.slot, conversion: BRACE_GUID });
  }
  return { fields: [...mergeNumbered(fields), ...unnamed], pairs };
}

function userData(leaves: readonly Leaf[]): DialectField[] {
  const fields: DialectField[] = [];
  for (const { path, slot } of leaves) {
    // The first step is the wrapper, whose name is no field.
    const name = path.length > 1 ? dataName(path) : null;
    if (name !== null) fields.push({ section: 'data', name, slot, conversion: BRACE_GUID });
  }
  return mergeNumbered(fields);
}

function plan(leaves: Leaves): DialectPlan | null {
  const root = ROOTS.find((prefix) => leaves.all.some((leaf) => within(leaf, `${prefix}System.`)));
  if (root === undefined) return null;
  const depth = root.split('.').length - 1;
  const section = (name: string): Leaf[] => {
    return leaves.all.filter((leaf) => within(leaf, `${root}${name}.`)).map((leaf) => inside(leaf, depth + 1));
  };
  const system = section('System').map(systemField);
  const data = eventData(section('EventData'));
  const user = userData(section('UserData'));
  // Bare text under EventData, `null` when it is empty.
  const bare = [leaves.get(`${root}EventData`), leaves.get(`${root}EventData[]`)].filter((leaf) => leaf !== undefined);
  const others = ['ProcessingErrorData', 'DebugData'].flatMap((name) => eventData(section(name)).fields);
  const fields = [...system.filter((field) => field !== null), ...data.fields, ...user, ...others];
  const message = leaves.get(`${root}Message`);
  const named = data.fields.length + user.length + others.length + (data.pairs?.length ?? 0) > 0;
  if (!named && message !== undefined) fields.push({ section: 'data', name: 'Message', slot: message.slot });
  return { fields: bare.length === 0 ? fields : withBareData(fields, bare), pairs: data.pairs };
}

/** `EventData: null` is an empty section: no field, as in XML. */
function withBareData(fields: readonly DialectField[], bare: readonly Leaf[]): DialectField[] {
  return [...fields, ...bare.map(({ slot }): DialectField => ({ section: 'data', name: 'Data', slot, omitNull: true }))];
}

export const dialect: Dialect = { name: 'evtx-json', priority: 10, plan };
