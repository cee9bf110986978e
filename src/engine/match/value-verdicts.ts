/**
 * What a single value settles. In: the program of a rule, and what is known of one field's (or several fields') only value. Out:
 * whether the rule cannot hold, whatever the other fields are. Asked once for every distinct value and the rules that it brings
 * up: rules that ask the same value for several things, or make exceptions for it, need not be evaluated for each event.
 */
import { type MatchPlan, NODE, PREDICATE } from '../../model/match-plan.ts';

const NO = 0;
const YES = 1;
/** Depends on other fields. */
const OPEN = 2;
type Verdict = typeof NO | typeof YES | typeof OPEN;

export class ValueVerdicts {
  readonly #plan: MatchPlan;
  /** The turn in which the field was known, and in which the predicate was found to hold. */
  readonly #known: Int32Array;
  readonly #holds: Int32Array;
  #turn = 0;

  constructor(plan: MatchPlan) {
    this.#plan = plan;
    this.#known = new Int32Array(plan.fields.length);
    this.#holds = new Int32Array(plan.field.length);
  }

  /** Forgets the value before. */
  begin(): void {
    if (this.#turn === 0x7fffffff) {
      this.#known.fill(0);
      this.#holds.fill(0);
      this.#turn = 0;
    }
    this.#turn++;
  }

  /** The value is the only one of `field` (one of the event's values, if that is 0: keywords), and satisfies these predicates. */
  learn(field: number, satisfied: Int32Array): void {
    this.#known[field] = this.#turn;
    for (let i = 0; i < satisfied.length; i++) this.#holds[satisfied[i]!] = this.#turn;
  }

  /** True when the program at `at` is false of every event with such a value. */
  refuted(at: number): boolean {
    return this.#node(at) === NO;
  }

  #node(at: number): Verdict {
    const code = this.#plan.program;
    const end = code[at + 1]!;
    switch (code[at]) {
      case NODE.some:
        return this.#join(at, end, YES);
      case NODE.every:
        return this.#join(at, end, NO);
      case NODE.or:
        return this.#joinNodes(at, end, YES);
      case NODE.and:
        return this.#joinNodes(at, end, NO);
      case NODE.not: {
        const inner = this.#node(at + 2);
        return inner === OPEN ? OPEN : inner === YES ? NO : YES;
      }
      default:
        return this.#node(code[at + 2]!);
    }
  }

  /** One part that is `decisive` decides. */
  #join(at: number, end: number, decisive: Verdict): Verdict {
    const code = this.#plan.program;
    let open = false;
    for (let i = at + 3; i < end; i++) {
      const verdict = this.#predicate(code[i]!);
      if (verdict === decisive) return decisive;
      if (verdict === OPEN) open = true;
    }
    return open ? OPEN : decisive === YES ? NO : YES;
  }

  #joinNodes(at: number, end: number, decisive: Verdict): Verdict {
    const code = this.#plan.program;
    let open = false;
    for (let child = at + 2; child < end; child = code[child + 1]!) {
      const verdict = this.#node(child);
      if (verdict === decisive) return decisive;
      if (verdict === OPEN) open = true;
    }
    return open ? OPEN : decisive === YES ? NO : YES;
  }

  #predicate(predicate: number): Verdict {
    const { field, kind } = this.#plan;
    const asked = field[predicate]!;
    if (this.#known[asked] !== this.#turn) return OPEN;
    if (kind[predicate]! <= PREDICATE.guarded) {
      if (this.#holds[predicate] === this.#turn) return YES;
      // Another value of the event may hold the keyword.
      return asked === 0 ? OPEN : NO;
    }
    if (kind[predicate] === PREDICATE.isNull) return NO;
    if (kind[predicate] === PREDICATE.exists) return YES;
    // Tests that no index answers are dear, and comparisons need the other field.
    return OPEN;
  }
}
