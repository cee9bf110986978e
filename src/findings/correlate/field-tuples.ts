/** Values of one or several fields as keys: for groups and for distinct counts. */
import { createHash } from 'node:crypto';
import type { FieldScalar, FieldValue } from '../../model/event.ts';

/** Tuples made of one event's multi-valued fields; the rest is left out. */
export const MAX_TUPLES = 64;
/** Characters of a value that are kept: windows hold many of them. What is longer is told apart by a digest. */
const MAX_TEXT = 512;

/**
 * Every combination of the fields' values, one value of each field: an event with a multi-valued field belongs to several
 * groups. None when a field is absent or null: such events are in no group (SQL and SPL drop null groups as well).
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

/** A key that only equal tuples have. Case is folded: Windows names are case-insensitive, as Sigma comparisons are. */
export function tupleKey(tuple: readonly string[]): string {
  if (tuple.length === 1) return tuple[0]!.toLowerCase();
  // Lengths before texts: no text can pretend to be a separator.
  let key = '';
  for (const text of tuple) {
    const folded = text.toLowerCase();
    key += `${folded.length}:${folded}`;
  }
  return key;
}
