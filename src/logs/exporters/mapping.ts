/** Shared by dialects that rename flat keys. */
import type { DialectField, Leaf, Leaves } from './dialect.ts';

/** Exporter's key -> System field, with a conversion where the exporter writes the value in its own way. */
export type SystemNames = Readonly<Record<string, string | readonly [name: string, conversion: number]>>;

/** System fields for the keys that are there; the first key of the table wins where two mean the same field. */
export function systemFields(leaves: Leaves, names: SystemNames): DialectField[] {
  const fields: DialectField[] = [];
  for (const [key, target] of Object.entries(names)) {
    const leaf = leaves.get(key);
    if (leaf === undefined) continue;
    const [name, conversion] = typeof target === 'string' ? [target, undefined] : target;
    if (!fields.some((field) => field.name === name)) fields.push({ section: 'system', name, slot: leaf.slot, conversion });
  }
  return fields;
}

/** A data field under a name of its own. */
export function dataField(leaf: Leaf, name: string, conversion?: number): DialectField {
  return { section: 'data', name, slot: leaf.slot, conversion };
}

/** `tags[]`, `a.b[].c` -> `tags`, `a.b.c`. */
export function dottedName(name: string): string {
  return name.replaceAll('[]', '');
}
