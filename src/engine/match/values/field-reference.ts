/** `fieldref`: compares one field of an event with another field of the same event. */
import { InternalError } from '../../../model/errors.ts';
import type { Pattern } from '../../../model/rule.ts';
import { Atom, lowerOf } from '../../../model/values/atom.ts';
import type { Atoms } from '../field-access.ts';

export interface FieldReference {
  /** Number of the other field. */
  readonly field: number;
  holds(value: Atoms, other: Atoms): boolean;
}

const NO_ATOMS: readonly Atom[] = [];

function atomsOf(atoms: Atoms): readonly Atom[] {
  if (atoms === undefined || atoms === null) return NO_ATOMS;
  return atoms instanceof Atom ? [atoms] : atoms.filter((atom) => atom !== null);
}

export function compileReference(pattern: Pattern, fields: readonly string[]): FieldReference {
  if (pattern.kind !== 'fieldref') throw new InternalError(`a ${pattern.kind} pattern is no field reference`);
  const { mode, cased } = pattern;
  const compare = (a: string, b: string): boolean => {
    if (mode === 'equals') return a === b;
    if (mode === 'contains') return a.includes(b);
    return mode === 'startswith' ? a.startsWith(b) : a.endsWith(b);
  };
  // Folded text is remembered at the atom, because the same two fields are compared in event after event.
  const compareAtoms = (a: Atom, b: Atom): boolean =>
    a === b || compare(cased ? a.text : lowerOf(a), cased ? b.text : lowerOf(b));
  return {
    field: fields.indexOf(pattern.field),
    holds: (value, other) => {
      if (value instanceof Atom && other instanceof Atom) return compareAtoms(value, other);
      const others = atomsOf(other);
      return atomsOf(value).some((a) => others.some((b) => compareAtoms(a, b)));
    },
  };
}
