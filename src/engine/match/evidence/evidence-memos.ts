// HOT: asked for every match.
/**
 * The evidence of a rule follows from the values of the fields that the rule reads: the same rule over the same values gives the
 * same text. In: a match. Out: the text that was written the last time, for the last few values of each rule. Refuses rules that
 * look at every value (keywords) or compare fields, and fields with several values: those are explained anew.
 */

import { jsonArena } from '../../../bytes/json-arena.ts';
import type { JsonWriter } from '../../../bytes/json-writer.ts';
import type { EventRecord } from '../../../model/event.ts';
import { type MatchPlan, PREDICATE } from '../../../model/match-plan.ts';
import { Atom } from '../../../model/values/atom.ts';
import type { Binding, Evaluator } from '../evaluator.ts';
import type { Atoms, FieldAccess } from '../field-access.ts';
import { everyPredicate } from '../program-predicates.ts';

/** Sets of values remembered per rule and layout. */
const SETS = 4;
/** Rules and layouts remembered, and UTF-16 units of their values; forgotten all at once when there are more. */
const MOST_MEMOS = 4096;
const MOST_UNITS = 4 << 20;
/** Rules that read more are not remembered. */
const MOST_FIELDS = 32;

/** What is known of a rule in events of one layout. */
class Memo {
  readonly accesses: readonly FieldAccess[];
  /** Of each set one after the other. */
  readonly values: Atoms[];
  /** Per set, where its evidence is in the arena. */
  readonly places: number[] = new Array<number>(SETS).fill(-1);
  /** The set that gives way next. */
  next = 0;

  constructor(accesses: readonly FieldAccess[]) {
    this.accesses = accesses;
    this.values = new Array<Atoms>(SETS * accesses.length).fill(null);
  }

  /** The set that holds `values`; -1 when there is none. */
  find(values: readonly Atoms[]): number {
    const count = this.accesses.length;
    for (let set = 0; set < SETS; set++) {
      if (!jsonArena.has(this.places[set]!)) continue;
      let i = 0;
      while (i < count && this.values[set * count + i] === values[i]) i++;
      if (i === count) return set;
    }
    return -1;
  }

  /** Returns how many UTF-16 units the values have. */
  keep(values: readonly Atoms[], place: number): number {
    const count = this.accesses.length;
    let units = 0;
    for (let i = 0; i < count; i++) {
      const value = values[i];
      this.values[this.next * count + i] = value;
      if (value instanceof Atom) units += value.text.length;
    }
    this.places[this.next] = place;
    this.next = (this.next + 1) % SETS;
    return units;
  }
}

export class EvidenceMemos {
  readonly #plan: MatchPlan;
  readonly #evaluator: Evaluator;
  /** Per rule: the fields that it reads; null for rules that are not remembered. */
  readonly #fields: (readonly number[] | null | undefined)[] = [];
  readonly #memos = new Map<Binding, (Memo | undefined)[]>();
  #count = 0;
  #units = 0;
  /** Of the match in hand. */
  #memo: Memo | null = null;
  readonly #values: Atoms[] = [];

  constructor(plan: MatchPlan, evaluator: Evaluator) {
    this.#plan = plan;
    this.#evaluator = evaluator;
  }

  /** Writes the evidence when it is remembered; else false: {@link keep} may follow. */
  write(event: EventRecord, binding: Binding, rule: number, out: JsonWriter): boolean {
    const memo = this.#memoOf(binding, rule);
    this.#memo = null;
    if (memo === null) return false;
    const { accesses } = memo;
    for (let i = 0; i < accesses.length; i++) {
      const atoms = accesses[i]!.atoms(event);
      if (atoms !== undefined && atoms !== null && !(atoms instanceof Atom)) return false;
      this.#values[i] = atoms;
    }
    const set = memo.find(this.#values);
    if (set >= 0) {
      out.kept(memo.places[set]!);
      return true;
    }
    this.#memo = memo;
    return false;
  }

  /** Remembers what has been written from `start` on for the match that {@link write} did not know. */
  keep(out: JsonWriter, start: number): void {
    if (this.#memo === null) return;
    const place = jsonArena.copy(out.buffer, start, out.at);
    if (place < 0) return;
    this.#units += this.#memo.keep(this.#values, place);
    if (this.#units > MOST_UNITS) this.#forget();
  }

  #forget(): void {
    this.#memos.clear();
    this.#count = 0;
    this.#units = 0;
  }

  #memoOf(binding: Binding, rule: number): Memo | null {
    let fields = this.#fields[rule];
    if (fields === null) return null;
    const known = this.#memos.get(binding)?.[rule];
    if (known !== undefined) return known;
    fields ??= fieldsRead(this.#plan, this.#plan.programStart[rule]!);
    this.#fields[rule] = fields;
    if (fields === null) return null;
    if (this.#count >= MOST_MEMOS) this.#forget();
    this.#count++;
    const memo = new Memo(fields.map((field) => this.#evaluator.access(binding, field)));
    const memos = this.#memos.get(binding);
    if (memos !== undefined) memos[rule] = memo;
    else {
      const first: Memo[] = [];
      first[rule] = memo;
      this.#memos.set(binding, first);
    }
    return memo;
  }
}

/** The fields that a program reads; null when they are too many or not all there is to it. */
function fieldsRead(plan: MatchPlan, start: number): readonly number[] | null {
  const fields = new Set<number>();
  const isAll = everyPredicate(plan, start, (predicate) => {
    const field = plan.field[predicate]!;
    if (field === 0 || plan.kind[predicate] === PREDICATE.fieldref) return false;
    fields.add(field);
    return fields.size <= MOST_FIELDS;
  });
  return isAll ? [...fields] : null;
}
