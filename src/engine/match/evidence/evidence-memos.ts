// HOT: asked for every match.
/**
 * Remembers evidence. The evidence of a rule depends only on the values of the fields that the rule reads, so the same rule over
 * the same values gives the same text. In: a match. Out: the text written last time, for the last few sets of values of each
 * rule. Refuses rules that look at every value (keywords) or compare fields, and events in which one of the fields has several
 * values: their evidence is made anew.
 */

import { jsonArena } from '../../../bytes/json-arena.ts';
import type { JsonWriter } from '../../../bytes/json-writer.ts';
import type { EventRecord } from '../../../model/event.ts';
import { type MatchPlan, PREDICATE } from '../../../model/match-plan.ts';
import { Atom } from '../../../model/values/atom.ts';
import { getOrInsert } from '../../../model/values/maps.ts';
import type { Binding, Evaluator } from '../evaluator.ts';
import type { Atoms, FieldAccess } from '../field-access.ts';
import { everyPredicate } from '../program-predicates.ts';

/** Sets of values remembered for each rule and layout. */
const SETS = 4;
/** Limits: rules and layouts remembered, and UTF-16 units of their values. Beyond one of them everything is forgotten at once. */
const MOST_MEMOS = 4096;
const MOST_UNITS = 4 << 20;
/** A rule that reads more fields is not remembered. */
const MOST_FIELDS = 32;

/** What is known of a rule in events of one layout. */
class Memo {
  readonly accesses: readonly FieldAccess[];
  /** The values of all sets, one set after the other. */
  readonly values: Atoms[];
  /** By set: where its evidence is in the arena. */
  readonly places: number[] = new Array<number>(SETS).fill(-1);
  /** The set that is replaced next. */
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

  /** Remembers the values. Returns how many UTF-16 units they have. */
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
  /** By rule: the fields that it reads; null for a rule that is not remembered. */
  readonly #fields: (readonly number[] | null | undefined)[] = [];
  readonly #memos = new Map<Binding, (Memo | undefined)[]>();
  #count = 0;
  #units = 0;
  /** Belongs to the match that `write` was last asked about. */
  #memo: Memo | null = null;
  readonly #values: Atoms[] = [];

  constructor(plan: MatchPlan, evaluator: Evaluator) {
    this.#plan = plan;
    this.#evaluator = evaluator;
  }

  /** Writes the evidence if it is remembered and returns true. After false, {@link keep} may follow. */
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

  /** Remembers the evidence written from `start` on, for the match that {@link write} did not know. */
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
    getOrInsert(this.#memos, binding, () => [])[rule] = memo;
    return memo;
  }
}

/** The fields that a program reads. Null when they are too many, or when the evidence depends on more than these fields. */
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
