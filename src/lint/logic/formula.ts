/**
 * Turns a rule into a formula. In: a detection rule. Out: its condition as one formula over atoms, each of which asks one
 * question about one field. Selections replace their names, and lists and maps become `or` and `and`, so that proofs need not
 * know Sigma's syntax. The formula means exactly what the rule means.
 */
import { assertNever } from '../../model/errors.ts';
import type { Condition, Detection, DetectionItem, DetectionRule, DetectionValue, Pattern } from '../../model/rule.ts';
import { remembered } from '../../model/values/maps.ts';
import { type Algebra, foldCondition, type Formula as RuleFormula } from '../../sigma/formula.ts';

/** A question about one field; `pattern` is never of kind `any`. */
export interface Atom {
  readonly kind: 'atom';
  /** null for a keyword, which is compared with every value of the event. */
  readonly field: string | null;
  readonly pattern: Pattern;
  readonly item: DetectionItem;
  readonly value: DetectionValue;
}

export type Formula = RuleFormula<Atom | { readonly kind: 'const'; readonly value: boolean }>;

export const TRUE: Formula = { kind: 'const', value: true };
export const FALSE: Formula = { kind: 'const', value: false };

/** `and`/`or` of formulas, flattened, constants folded. */
export function join(kind: 'and' | 'or', parts: readonly Formula[]): Formula {
  const neutral = kind === 'and';
  const of: Formula[] = [];
  for (const part of parts) {
    if (part.kind === 'const') {
      if (part.value !== neutral) return part;
    } else if (part.kind === kind) for (const inner of part.of) of.push(inner);
    else of.push(part);
  }
  if (of.length === 0) return neutral ? TRUE : FALSE;
  return of.length === 1 ? of[0]! : { kind, of };
}

export function negate(formula: Formula): Formula {
  if (formula.kind === 'const') return formula.value ? FALSE : TRUE;
  return formula.kind === 'not' ? formula.of : { kind: 'not', of: formula };
}

const normalForms = new WeakMap<Formula, Formula>();

/** The same formula with negation only at the atoms. Remembered, because a rule is compared with many others. */
export function normalise(formula: Formula): Formula {
  let normal = normalForms.get(formula);
  if (normal === undefined) {
    normal = pushedDown(formula, false);
    normalForms.set(formula, normal);
    normalForms.set(normal, normal);
  }
  return normal;
}

function pushedDown(formula: Formula, negated: boolean): Formula {
  switch (formula.kind) {
    case 'const':
    case 'atom':
      return negated ? negate(formula) : formula;
    case 'not':
      return pushedDown(formula.of, !negated);
    case 'and':
    case 'or': {
      const kind = (formula.kind === 'and') === negated ? 'or' : 'and';
      return rejoin(formula, kind, (part) => pushedDown(part, negated));
    }
    default:
      return assertNever(formula);
  }
}

const ALGEBRA: Algebra<Formula> = {
  atom: (item, value, pattern) => ({ kind: 'atom', field: item.field, pattern, item, value }),
  not: negate,
  join,
  missing: () => FALSE,
};

/** The whole rule as one formula. */
export function ruleFormula(rule: DetectionRule): Formula {
  return conditionFormula(rule.condition, rule.selections);
}

export function conditionFormula(condition: Condition, selections: Readonly<Record<string, Detection>>): Formula {
  return foldCondition(condition, selections, ALGEBRA);
}

/** Every atom, left to right. Remembered, because nearly every check asks for those of the rule. */
export const atomsOf = remembered((formula: Formula) => eachAtom(formula, []));

function eachAtom(formula: Formula, into: Atom[]): readonly Atom[] {
  if (formula.kind === 'atom') into.push(formula);
  else if (formula.kind === 'not') eachAtom(formula.of, into);
  else if (formula.kind === 'and' || formula.kind === 'or') for (const part of formula.of) eachAtom(part, into);
  return into;
}

/** Returns the same object where no part has changed, because most formulas have the wanted form already. */
function rejoin(
  formula: Extract<Formula, { kind: 'and' | 'or' }>,
  kind: 'and' | 'or',
  change: (part: Formula) => Formula,
): Formula {
  const parts = formula.of.map(change);
  return kind === formula.kind && parts.every((part, i) => part === formula.of[i]) ? formula : join(kind, parts);
}

/** Replaces atoms whose truth is known. `undefined` leaves an atom as it is. Returns the same object where none is known. */
export function assume(formula: Formula, known: (atom: Atom) => boolean | undefined): Formula {
  switch (formula.kind) {
    case 'const':
      return formula;
    case 'atom': {
      const value = known(formula);
      return value === undefined ? formula : value ? TRUE : FALSE;
    }
    case 'not': {
      const of = assume(formula.of, known);
      return of === formula.of ? formula : negate(of);
    }
    case 'and':
    case 'or':
      return rejoin(formula, formula.kind, (part) => assume(part, known));
    default:
      return assertNever(formula);
  }
}
