/** What is not printed: an element or attribute whose values are all optional substitutions and all null. */
import { ABSENT_VALUE, type Part } from './tree.ts';

/** Indexes of the values in some content; those that no record has are left out. */
export function valueIndexes(parts: readonly Part[]): number[] {
  const indexes: number[] = [];
  for (const part of parts) if (part.kind === 'value' && part.index !== ABSENT_VALUE) indexes.push(part.index);
  return indexes;
}

/** The values that must all be null for the content to vanish; null when it never does, empty when it always does. */
export function optionalValues(parts: readonly Part[]): readonly number[] | null {
  let values = 0;
  for (const part of parts) {
    if (part.kind === 'element' || part.kind === 'pi') return null;
    if (part.kind === 'text') {
      if (part.text !== '') return null;
      continue;
    }
    if (!part.optional) return null;
    values++;
  }
  return values === 0 ? null : valueIndexes(parts);
}
