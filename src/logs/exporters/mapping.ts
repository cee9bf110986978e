/** Helpers for exporters that rename flat keys. In: keys and tables of names. Out: fields. */
import { GUID } from '../text/text-value.ts';
import type { ComputedField, Leaf, Leaves, Nested, SlotField } from './exporter.ts';

/**
 * From a field to the exporter's key for it, or to several, of which the first that exists counts. A number is a conversion of
 * `text-value.ts` for the keys behind it, where the exporter changes the form of the value.
 */
export type FieldNames = Readonly<Record<string, string | readonly (string | number)[]>>;

/** Exporters write them in either case, with and without braces. */
const GUIDS = new Set(['Provider_Guid', 'Correlation_ActivityID', 'Correlation_RelatedActivityID']);

/** The System fields whose keys exist. */
export function systemFields(leaves: Leaves, names: FieldNames): SlotField[] {
  return fieldsOf('system', leaves, names);
}

/** The same of data. */
export function dataFields(leaves: Leaves, names: FieldNames): SlotField[] {
  return fieldsOf('data', leaves, names);
}

function fieldsOf(section: SlotField['section'], leaves: Leaves, names: FieldNames): SlotField[] {
  return Object.entries(names).flatMap(([name, keys]): SlotField[] => {
    let conversion = GUIDS.has(name) ? GUID : undefined;
    for (const key of [keys].flat()) {
      if (typeof key === 'number') conversion = key;
      else if (leaves.has(key)) return [{ section, name, slot: leaves.get(key)!.slot, conversion }];
    }
    return [];
  });
}

/** A data field with the given name. */
export function dataField(leaf: Leaf, name: string, conversion?: number): SlotField {
  return { section: 'data', name, slot: leaf.slot, conversion };
}

/**
 * Beats and others number unnamed data: `param1`, `param2` and so on. Some providers have fields with these names, so rules may
 * use either form and both are given. `Binary` beside them is an element of its own.
 */
export function withUnnamed(fields: readonly SlotField[]): SlotField[] {
  const isParam = ({ name }: SlotField): boolean => /^param\d+$/.test(name);
  if (!fields.some(isParam) || !fields.every((field) => isParam(field) || field.name === 'Binary')) return [...fields];
  return fields.flatMap((field) => (isParam(field) ? [field, { ...field, name: 'Data' }] : [field]));
}

/** `tags[]`, `a.b[].c` -> `tags`, `a.b.c`. */
export function dottedName(name: string): string {
  return name.replaceAll('[]', '');
}

/** Leaves that can be looked up by name. */
export function leavesByName(all: readonly Leaf[]): Leaves {
  const byName = new Map<string, Leaf>();
  for (const leaf of all) if (!byName.has(leaf.name)) byName.set(leaf.name, leaf);
  return { all, get: (name) => byName.get(name), has: (name) => byName.has(name) };
}

/** The same leaves under other names. Leaves for which `rename` returns null are left out. */
export function renamedLeaves({ all }: Leaves, rename: (name: string) => string | null): Leaves {
  return leavesByName(
    all.flatMap((leaf) => {
      const name = rename(leaf.name);
      return name === null ? [] : [{ ...leaf, name, path: name.split('.') }];
    }),
  );
}

/**
 * For a flat record: keys of `system` are System fields, keys in `added` come from the exporter and are dropped, all others are
 * data.
 */
export function columns(
  leaves: Leaves,
  system: FieldNames,
  added: (name: string) => boolean,
): { system: SlotField[]; data: SlotField[] } {
  const found = systemFields(leaves, system);
  const taken = new Set(found.map(({ slot }) => slot));
  const keys = new Set(Object.values(system).flat());
  const rest = leaves.all.filter(({ slot, name }) => !taken.has(slot) && !keys.has(name) && !added(dottedName(name)));
  return { system: found, data: rest.map((leaf) => dataField(leaf, dottedName(leaf.name))) };
}

/** Those of the named values that exist, as values that may hold an event or its data. */
export function nestedIn(leaves: Leaves, holds: Nested['holds'], ...names: readonly string[]): Nested[] {
  return names.flatMap((name) => {
    const leaf = leaves.get(name);
    return leaf === undefined ? [] : [{ leaf, holds }];
  });
}

/** The names of the two audit keywords. Other keywords mean different bits for each provider, so they cannot be translated. */
const AUDIT_KEYWORDS: Readonly<Record<string, string>> = {
  'audit success': '0x8020000000000000',
  'audit failure': '0x8010000000000000',
};

/** The field Keywords, for exporters that write keywords by name. */
export function auditKeywords(leaves: Leaves, key: string): ComputedField[] {
  const leaf = leaves.get(key);
  if (leaf === undefined) return [];
  const compute = (text: (slot: number) => string | undefined): string | undefined => {
    const keyword = text(leaf.slot) ?? '';
    return /^0x[0-9a-f]+$/i.test(keyword) ? keyword : AUDIT_KEYWORDS[keyword.toLowerCase()];
  };
  return [{ section: 'system', name: 'Keywords', kind: 'text', compute }];
}
