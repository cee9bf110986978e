/**
 * Joins repeated elements that a converter has numbered: `LogonGuid_1`, `LogonGuid_2`, `LogonGuid` become one multi-valued
 * field.
 */
import type { Leaf, SlotField } from './exporter.ts';

const NUMBERED = /^(.+)_([1-9]\d{0,3})$/;

/**
 * Gives numbered fields the name of their element back, with the values in document order. evtx_dump gives the last element the
 * bare name and numbers the others from 1. A name that only looks numbered (there is no bare name, or no `_1`) is kept.
 */
export function mergeNumbered(fields: readonly SlotField[]): SlotField[] {
  const names = new Set(fields.map(({ name }) => name));
  const ranked = fields.map((field, position) => {
    const parts = NUMBERED.exec(field.name);
    const isNumbered = parts !== null && names.has(parts[1]!) && names.has(`${parts[1]}_1`);
    return isNumbered
      ? { field: { ...field, name: parts[1]! }, number: Number(parts[2]), position }
      : { field, number: Infinity, position };
  });
  // Fields are ordered by the first place of their name, and values of one name by their numbers.
  const first = new Map<string, number>();
  for (const { field, position } of ranked) if (!first.has(field.name)) first.set(field.name, position);
  ranked.sort((a, b) => first.get(a.field.name)! - first.get(b.field.name)! || a.number - b.number || a.position - b.position);
  return ranked.map(({ field }) => field);
}

/**
 * Gives numbered elements that contain others (`EKU_1: {"#attributes": ...}`) their name back. The leaves of numbered elements
 * come first, because their elements did.
 */
export function withoutNumbers(leaves: readonly Leaf[]): readonly Leaf[] {
  const steps = new Set(leaves.flatMap(({ path }) => path.slice(0, -1).map((_, i) => path.slice(0, i + 1).join('\0'))));
  if (![...steps].some((step) => NUMBERED.test(step))) return leaves;
  const ranked = leaves.map((leaf) => {
    let number = Infinity;
    const path = leaf.path.map((step, i) => {
      const parts = i === leaf.path.length - 1 ? null : NUMBERED.exec(step);
      const before = [...leaf.path.slice(0, i), ''].join('\0');
      if (parts === null || !steps.has(before + parts[1]) || !steps.has(`${before}${parts[1]}_1`)) return step;
      number = Number(parts[2]);
      return parts[1]!;
    });
    return { leaf: { ...leaf, path }, number };
  });
  return ranked.sort((a, b) => a.number - b.number).map(({ leaf }) => leaf);
}
