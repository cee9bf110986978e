/**
 * Proves facts about formulas: "this can never hold" and "whenever this holds, that holds". Every proof is correct, but not
 * every fact is proven. What is not proven within the limit of steps counts as possible.
 */
import { type Atom, type Formula, join, normalise, TRUE } from './formula.ts';
import { patternImplies, patternsExclude } from './pattern.ts';

/** Whether a field has one value per event; then two different literals exclude each other. */
export type SingleValued = (field: string) => boolean;

/**
 * Limits on the steps: for one proof (real rules need a few thousand), and for all proofs of one prover (whole sets need a few
 * million).
 */
const BUDGET = 200_000;
const TOTAL_BUDGET = 200_000_000;

class OutOfBudget extends Error {}
/** A single error object, because making a stack trace for each proof that gives up took a fifth of the time of a large set. */
const OUT_OF_BUDGET = new OutOfBudget();

export class Prover {
  readonly #singleValued: SingleValued;
  #steps = 0;
  #total = 0;

  constructor(singleValued: SingleValued) {
    this.#singleValued = singleValued;
  }

  /** Proves that no event satisfies the formula. */
  neverHolds(formula: Formula): boolean {
    return this.#within(() => this.#unsatisfiable(normalise(formula)));
  }

  /** Proves that every event that satisfies `a` satisfies `b`. */
  implies(a: Formula, b: Formula): boolean {
    return this.#within(() => this.#implies(normalise(a), normalise(b), 0));
  }

  #within(proof: () => boolean): boolean {
    this.#steps = 0;
    try {
      return proof();
    } catch (error) {
      if (error instanceof OutOfBudget) return false;
      throw error;
    }
  }

  #step(): void {
    if (++this.#steps > BUDGET || ++this.#total > TOTAL_BUDGET) throw OUT_OF_BUDGET;
  }

  /** Unit propagation: literals exclude alternatives of `or`; an `or` without alternatives left is a contradiction. */
  #unsatisfiable(formula: Formula): boolean {
    const literals: Formula[] = [];
    const open: Formula[] = [formula];
    let choices: (readonly Formula[])[] = [];
    for (;;) {
      while (open.length > 0) {
        const part = open.pop()!;
        if (part.kind === 'const') {
          if (!part.value) return true;
        } else if (part.kind === 'and') for (const inner of part.of) open.push(inner);
        else if (part.kind === 'or') choices.push(part.of);
        else {
          if (this.#excluded(part, literals)) return true;
          literals.push(part);
        }
      }
      const left: (readonly Formula[])[] = [];
      for (const alternatives of choices) {
        const possible = alternatives.filter((part) => !this.#excluded(part, literals));
        if (possible.length === 0) return true;
        if (possible.length === 1) open.push(possible[0]!);
        else left.push(possible);
      }
      choices = left;
      if (open.length === 0) return false;
    }
  }

  /** True when a formula cannot hold together with literals that hold. */
  #excluded(formula: Formula, literals: readonly Formula[]): boolean {
    this.#step();
    switch (formula.kind) {
      case 'const':
        return !formula.value;
      case 'and':
        return formula.of.some((part) => this.#excluded(part, literals));
      case 'or':
        return formula.of.every((part) => this.#excluded(part, literals));
      default:
        return literals.some((literal) => this.#conflict(formula, literal));
    }
  }

  /** True when two literals (atoms, or negated atoms) cannot both hold. */
  #conflict(a: Formula, b: Formula): boolean {
    this.#step();
    if (a.kind === 'atom' && b.kind === 'atom') return this.#exclude(a, b);
    if (a.kind === 'atom' && b.kind === 'not' && b.of.kind === 'atom') return atomImplies(a, b.of);
    if (a.kind === 'not' && a.of.kind === 'atom' && b.kind === 'atom') return atomImplies(b, a.of);
    return false;
  }

  #exclude(a: Atom, b: Atom): boolean {
    if (a.field === null || a.field !== b.field) return false;
    if (isAbsenceTest(a) || isAbsenceTest(b)) return patternsExclude(a.pattern, b.pattern);
    return this.#singleValued(a.field) && patternsExclude(a.pattern, b.pattern);
  }

  /** True when `b` cannot hold because `a` holds. */
  #refutes(a: Atom, b: Formula): boolean {
    return b.kind === 'not' && b.of.kind === 'atom' && this.#exclude(a, b.of);
  }

  #implies(a: Formula, b: Formula, depth: number): boolean {
    this.#step();
    if (a.kind === 'const') return !a.value || (b.kind === 'const' && b.value);
    if (b.kind === 'const') return b.value;
    if (a.kind === 'or') return a.of.every((part) => this.#implies(part, b, depth + 1));
    if (b.kind === 'and') return b.of.every((part) => this.#implies(a, part, depth + 1));
    if (a.kind === 'and') {
      if (a.of.some((part) => this.#implies(part, b, depth + 1))) return true;
    }
    if (b.kind === 'or') return b.of.some((part) => this.#implies(a, part, depth + 1));
    if (a.kind === 'and') return false;
    if (a.kind === 'atom') return b.kind === 'atom' ? atomImplies(a, b) : this.#refutes(a, b);
    return a.kind === 'not' && b.kind === 'not' && a.of.kind === 'atom' && b.of.kind === 'atom' && atomImplies(b.of, a.of);
  }
}

function isAbsenceTest(atom: Atom): boolean {
  return atom.pattern.kind === 'null' || atom.pattern.kind === 'exists';
}

export function atomImplies(a: Atom, b: Atom): boolean {
  if (a.field !== b.field) {
    // A keyword is compared with every value, so a field with that value satisfies it.
    return b.field === null && a.field !== null && a.pattern.kind === 'text' && patternImplies(a.pattern, b.pattern);
  }
  return patternImplies(a.pattern, b.pattern);
}

/** The formula without its negated parts. Whenever the formula holds, this holds as well. */
export function positivePart(formula: Formula): Formula {
  if (formula.kind === 'not') return TRUE;
  if (formula.kind !== 'and' && formula.kind !== 'or') return formula;
  return join(formula.kind, formula.of.map(positivePart));
}
