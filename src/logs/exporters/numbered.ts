/** Repeated elements that a converter has numbered: `LogonGuid_1`, `LogonGuid_2`, `LogonGuid` -> one multi-valued field. */
import type { DialectField } from './dialect.ts';

const NUMBERED = /^(.+)_([1-9]\d{0,3})$/;

/**
 * Gives numbered names their element's name back, values in document order. evtx_dump leaves the bare name to the last
 * element and numbers those before it from 1; a name that only looks numbered (no bare one, or no `_1`) is kept.
 */
export function mergeNumbered(fields: readonly DialectField[]): DialectField[] {
  const names = new Set(fields.map(({ name }) => name));
  const ranked = fields.map((field, position) => {
    const parts = NUMBERED.exec(field.name);
    const isNumbered = parts !== null && names.has(parts[1]!) && names.has(`${parts[1]}_1`);
    return isNumbered
      ? { field: { ...field, name: parts[1]! }, number: Number(parts[2]), position }
      : { field, number: Infinity, position };
  });
  // The first place of each name keeps the order of fields; within a name the numbers decide.
  const first = new Map<string, number>();
  for (const { field, position } of ranked) if (!first.has(field.name)) first.set(field.name, position);
  ranked.sort((a, b) => first.get(a.field.name)! - first.get(b.field.name)! || a.number - b.number || a.position - b.position);
  return ranked.map(({ field }) => field);
}
