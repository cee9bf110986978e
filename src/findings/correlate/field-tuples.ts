/**
 * Turns the values of one or several fields into keys, for groups and for distinct counts. An event that lacks one of the
 * fields has no key.
 */
import { createHash } from 'node:crypto';
import type { FieldScalar, FieldValue } from '../../model/event.ts';

/** Limit on the tuples from one event with several values per field. Further ones are left out. */
export const MAX_TUPLES = 64;
/** How many characters of a value are kept, because windows hold many values. Longer ones are told apart by a digest. */
const MAX_TEXT = 512;

/**
 * Every combination of the fields' values, with one value of each field: an event with several values in a field belongs to
 * several groups. Empty when a field is absent or null: such events are in no group (SQL and SPL drop null groups as well).
 */
export function fieldTuples(values: readonly (FieldValue | undefined)[]): readonly (readonly string[])[] {
  let tuples: (readonly string[])[] = [[]];
  for (const value of values) {
    const texts = scalars(value).filter((text): text is string => text !== null);
    const longer: (readonly string[])[] = [];
    for (const tuple of tuples) {
      for (const text of texts) if (longer.length < MAX_TUPLES) longer.push([...tuple, bounded(text)]);
    }
    tuples = longer;
  }
  return tuples;
}

function bounded(text: string): string {
  if (text.length <= MAX_TEXT) return text;
  const digest = createHash('sha256').update(text.toLowerCase()).digest('hex');
  return `${text.slice(0, MAX_TEXT)}... (${text.length} characters, SHA-256 ${digest})`;
}

export function scalars(value: FieldValue | undefined): readonly FieldScalar[] {
  if (value === undefined || value === null) return [];
  return typeof value === 'string' ? [value] : value;
}

/** A key that is equal only for equal tuples. Case is folded, because Sigma comparisons ignore it as Windows does. */
export function tupleKey(tuple: readonly string[]): string {
  if (tuple.length === 1) return tuple[0]!.toLowerCase();
  // Each text has its length in front, so that no text can be taken for a separator.
  let key = '';
  for (const text of tuple) {
    const folded = text.toLowerCase();
    key += `${folded.length}:${folded}`;
  }
  return key;
}
