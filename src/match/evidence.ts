/** Why a rule holds for an event: the fields, values and patterns that made its condition true. For matches only. */
import { pooledText } from '../compile/text-pool.ts';
import { Atom } from '../model/atom.ts';
import type { EventRecord, FieldValue } from '../model/event.ts';
import type { MatchedField } from '../model/match.ts';
import { type MatchPlan, NODE, PREDICATE } from '../model/match-plan.ts';
import type { Binding, Evaluator } from './evaluator.ts';
import type { Atoms } from './field-access.ts';

/** A list of a hundred words may match many times over; more than this explains nothing. */
const MAX_FIELDS = 64;

function sameValue(a: FieldValue, b: FieldValue): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return a.length === b.length && a.every((part, i) => part === b[i]);
}

interface Finding {
  readonly eventField: string;
  readonly value: FieldValue;
}

class Explanation {
  readonly #plan: MatchPlan;
  readonly #evaluator: Evaluator;
  readonly #event: EventRecord;
  readonly #binding: Binding;
  readonly #fields: MatchedField[] = [];

  constructor(plan: MatchPlan, evaluator: Evaluator, event: EventRecord, binding: Binding) {
    this.#plan = plan;
    this.#evaluator = evaluator;
    this.#event = event;
    this.#binding = binding;
  }

  get fields(): readonly MatchedField[] {
    return this.#fields;
  }

  /**
   * Visits the parts of the node that make it true, given that it is. What stands under an odd number of `not` is true by not
   * matching: there is nothing to show.
   */
  visit(at: number, positive: boolean): void {
    const code = this.#plan.program;
    const end = code[at + 1]!;
    switch (code[at]) {
      case NODE.some:
      case NODE.every:
        if (positive) for (let i = at + 3; i < end; i++) this.#leaf(code[i]!, code[at + 2]! + i - at - 3);
        return;
      case NODE.or:
      case NODE.and:
        for (let child = at + 2; child < end; child = code[child + 1]!) {
          if (this.#evaluator.run(child) === positive) this.visit(child, positive);
        }
        return;
      case NODE.not:
        this.visit(at + 2, !positive);
        return;
      default:
        this.visit(code[at + 2]!, positive);
    }
  }

  #leaf(predicate: number, leaf: number): void {
    if (this.#fields.length >= MAX_FIELDS || !this.#evaluator.holds(predicate)) return;
    const plan = this.#plan;
    const field = plan.field[predicate]!;
    const name = field === 0 ? 'keyword' : plan.fields[field]!;
    const modifier = pooledText(plan.notes, plan.noteStart, plan.leafModifier[leaf]!);
    const pattern = pooledText(plan.notes, plan.noteStart, plan.leafSource[leaf]!);
    for (const { eventField, value } of this.#findings(predicate, field)) {
      if (this.#fields.length >= MAX_FIELDS || this.#known(name, value, modifier, pattern)) continue;
      const renamed = eventField !== name && eventField !== '';
      this.#fields.push(renamed ? { name, eventField, value, modifier, pattern } : { name, value, modifier, pattern });
    }
  }

  /** A rule may ask the same twice, and a keyword may stand in many fields. */
  #known(name: string, value: FieldValue, modifier: string, pattern: string): boolean {
    for (const field of this.#fields) {
      if (field.pattern === pattern && field.name === name && field.modifier === modifier && sameValue(field.value, value))
        return true;
    }
    return false;
  }

  #findings(predicate: number, field: number): readonly Finding[] {
    const kind = this.#plan.kind[predicate]!;
    if (field === 0) {
      const findings: Finding[] = [];
      for (const { name, slot } of this.#evaluator.everything(this.#binding)) {
        for (const value of this.#matching(predicate, this.#event.atom(slot))) findings.push({ eventField: name, value });
      }
      return findings;
    }
    const access = this.#evaluator.access(this.#binding, field);
    if (kind > PREDICATE.unguarded) return [{ eventField: access.from, value: this.#evaluator.value(field) ?? null }];
    return this.#matching(predicate, access.atoms(this.#event)).map((value) => ({ eventField: access.from, value }));
  }

  /** Those of a field's values that satisfy the predicate. */
  #matching(predicate: number, atoms: Atoms): readonly string[] {
    if (atoms === undefined || atoms === null) return [];
    const all = atoms instanceof Atom ? [atoms] : atoms.filter((atom) => atom !== null);
    return all.filter((atom) => this.#satisfies(predicate, atom)).map((atom) => atom.text);
  }

  #satisfies(predicate: number, atom: Atom): boolean {
    const memo = this.#evaluator.memo(atom);
    if (this.#plan.kind[predicate] === PREDICATE.unguarded) return this.#evaluator.tested(predicate, atom, memo);
    return this.#evaluator.satisfied(this.#plan.field[predicate]!, atom, memo).includes(predicate);
  }
}

export function explainMatch(
  plan: MatchPlan,
  evaluator: Evaluator,
  event: EventRecord,
  binding: Binding,
  rule: number,
): readonly MatchedField[] {
  const start = plan.programStart[rule] ?? -1;
  if (start < 0) return [];
  evaluator.turnTo(event, binding);
  const explanation = new Explanation(plan, evaluator, event, binding);
  explanation.visit(start, true);
  return explanation.fields;
}
