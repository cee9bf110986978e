/** `fieldref`: one field of an event compared with another of the same event. */
import { foldCase } from '../model/case.ts';
import { InternalError } from '../model/errors.ts';
import type { FieldValue } from '../model/event.ts';
import type { Pattern } from '../model/rule.ts';

export interface FieldReference {
  /** Number of the other field. */
  readonly field: number;
  holds(value: FieldValue | undefined, other: FieldValue | undefined): boolean;
}

function texts(value: FieldValue | undefined, cased: boolean): readonly string[] {
  if (value === undefined || value === null) return [];
  const all = (typeof value === 'string' ? [value] : value).filter((one) => one !== null);
  return cased ? all : all.map(foldCase);
}

export function compileReference(pattern: Pattern, fields: readonly string[]): FieldReference {
  if (pattern.kind !== 'fieldref') throw new InternalError(`a ${pattern.kind} pattern is no field reference`);
  const { mode, cased } = pattern;
  const compare = (a: string, b: string): boolean => {
    if (mode === 'equals') return a === b;
    if (mode === 'contains') return a.includes(b);
    return mode === 'startswith' ? a.startsWith(b) : a.endsWith(b);
  };
  return {
    field: fields.indexOf(pattern.field),
    holds: (value, other) => {
      const others = texts(other, cased);
      return texts(value, cased).some((a) => others.some((b) => compare(a, b)));
    },
  };
}
