/**
 * Why a rule holds for an event: the fields, values and patterns that made its condition true. In: an event and a rule that holds
 * for it. Out: an array of `MatchedField` as JSON text, because that is what matches are kept as. Refuses nothing.
 */
import { pooledText } from '../compile/text-pool.ts';
import { Atom, jsonOf } from '../model/atom.ts';
import type { EventRecord } from '../model/event.ts';
import { harmlessJson } from '../model/json-text.ts';
import { type MatchPlan, NODE, PREDICATE } from '../model/match-plan.ts';
import type { Binding, Evaluator } from './evaluator.ts';
import type { Atoms } from './field-access.ts';

/** A list of a hundred words may match many times over; more than this explains nothing. */
const MAX_FIELDS = 64;

export class Explainer {
  readonly #plan: MatchPlan;
  readonly #evaluator: Evaluator;
  /** Per leaf: what stands behind the value, `,"modifier":"contains","pattern":"x"`. As many as leaves have been shown. */
  readonly #patterns: (string | undefined)[] = [];
  /** Per field: what stands before the value. */
  readonly #names: (string | undefined)[] = [];
  #event!: EventRecord;
  #binding!: Binding;
  /** Of the rule in hand: what has been found, as JSON objects. */
  readonly #found: string[] = [];

  constructor(plan: MatchPlan, evaluator: Evaluator) {
    this.#plan = plan;
    this.#evaluator = evaluator;
  }

  explain(event: EventRecord, binding: Binding, rule: number): string {
    const start = this.#plan.programStart[rule] ?? -1;
    if (start < 0) return '[]';
    this.#evaluator.turnTo(event, binding);
    this.#event = event;
    this.#binding = binding;
    this.#found.length = 0;
    this.#visit(start, true);
    return this.#found.length === 1 ? `[${this.#found[0]}]` : `[${this.#found.join(',')}]`;
  }

  /**
   * Visits the parts of the node that make it true, given that it is. What stands under an odd number of `not` is true by not
   * matching: there is nothing to show.
   */
  #visit(at: number, positive: boolean): void {
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
          if (this.#evaluator.run(child) === positive) this.#visit(child, positive);
        }
        return;
      case NODE.not:
        this.#visit(at + 2, !positive);
        return;
      default:
        this.#visit(code[at + 2]!, positive);
    }
  }

  #leaf(predicate: number, leaf: number): void {
    if (this.#found.length >= MAX_FIELDS || !this.#evaluator.holds(predicate)) return;
    const field = this.#plan.field[predicate]!;
    if (field === 0) {
      for (const { name, slot } of this.#evaluator.everything(this.#binding)) {
        this.#addMatching(predicate, leaf, field, name, this.#event.atom(slot));
      }
      return;
    }
    const access = this.#evaluator.access(this.#binding, field);
    if (this.#plan.kind[predicate]! <= PREDICATE.unguarded) {
      this.#addMatching(predicate, leaf, field, access.from, access.atoms(this.#event));
    } else {
      const value = harmlessJson(JSON.stringify(this.#evaluator.value(field) ?? null));
      this.#add(leaf, field, access.from, value);
    }
  }

  /** Adds those of a field's values that satisfy the predicate. */
  #addMatching(predicate: number, leaf: number, field: number, from: string, atoms: Atoms): void {
    if (atoms === undefined || atoms === null) return;
    if (atoms instanceof Atom) {
      if (this.#satisfies(predicate, atoms)) this.#add(leaf, field, from, jsonOf(atoms));
      return;
    }
    for (const atom of atoms) {
      if (atom !== null && this.#satisfies(predicate, atom)) this.#add(leaf, field, from, jsonOf(atom));
    }
  }

  #add(leaf: number, field: number, from: string, value: string): void {
    const name = field === 0 ? 'keyword' : this.#plan.fields[field]!;
    const eventField = from === name || from === '' ? '' : `,"eventField":${textJson(from)}`;
    const found = `${this.#nameJson(field, name)}${value}${this.#patternJson(leaf)}${eventField}}`;
    if (this.#found.length < MAX_FIELDS && !this.#found.includes(found)) this.#found.push(found);
  }

  #nameJson(field: number, name: string): string {
    this.#names[field] ??= `{"name":${textJson(name)},"value":`;
    return this.#names[field];
  }

  #patternJson(leaf: number): string {
    let json = this.#patterns[leaf];
    if (json === undefined) {
      const plan = this.#plan;
      const modifier = pooledText(plan.notes, plan.noteStart, plan.leafModifier[leaf]!);
      const pattern = pooledText(plan.notes, plan.noteStart, plan.leafSource[leaf]!);
      json = `,"modifier":${textJson(modifier)},"pattern":${textJson(pattern)}`;
      this.#patterns[leaf] = json;
    }
    return json;
  }

  #satisfies(predicate: number, atom: Atom): boolean {
    const memo = this.#evaluator.memo(atom);
    if (this.#plan.kind[predicate] === PREDICATE.unguarded) return this.#evaluator.tested(predicate, atom, memo);
    return this.#evaluator.satisfied(this.#plan.field[predicate]!, atom, memo).includes(predicate);
  }
}

function textJson(text: string): string {
  return harmlessJson(JSON.stringify(text));
}
