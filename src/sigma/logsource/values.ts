/** Helpers for derivations: convert field values to other field values. An absent value stays absent. */

import type { FieldScalar, FieldValue } from '../../model/event.ts';
import type { FieldMapping } from '../../model/logsource.ts';

/** The texts of a value. A null or absent value has none. */
export function textsOf(value: FieldValue | undefined): readonly string[] {
  if (value === undefined || value === null) return [];
  if (typeof value === 'string') return [value];
  return value.filter((one): one is string => one !== null);
}

/** The first text of a value; undefined when there is none. */
export function textOf(value: FieldValue | undefined): string | undefined {
  return textsOf(value)[0];
}

/** The text, unless it is empty of meaning: Windows writes `-` for a part of an event that was not filled in. */
export function filledText(value: FieldValue | undefined): string | undefined {
  const text = textOf(value);
  return text === undefined || text === '' || text === '-' ? undefined : text;
}

/** Several spellings of one value, each once; a rule matches when one of them does. */
export function spellings(values: readonly FieldScalar[]): FieldValue | undefined {
  const distinct = [...new Set(values)];
  if (distinct.length === 0) return undefined;
  return distinct.length === 1 ? distinct[0] : distinct;
}

/** Applies a per-text conversion to each text of a value; null stays null, absent stays absent. */
export function eachText(value: FieldValue | undefined, convert: (text: string) => readonly string[]): FieldValue | undefined {
  if (value === undefined || value === null) return value;
  if (typeof value === 'string') return spellings(convert(value));
  return spellings(value.flatMap((one): readonly FieldScalar[] => (one === null ? [null] : convert(one))));
}

export function rename(from: string): FieldMapping {
  return { kind: 'rename', from };
}

export function derive(derivation: string, ...from: readonly string[]): FieldMapping {
  return { kind: 'derive', derivation, from };
}

export const ABSENT: FieldMapping = { kind: 'absent' };

/** `absent('User', 'ProcessGuid')`: entries for a field map. */
export function absent(...names: readonly string[]): Record<string, FieldMapping> {
  return Object.fromEntries(names.map((name) => [name, ABSENT]));
}
