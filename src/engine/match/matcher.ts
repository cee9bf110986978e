// HOT: called for every event.
/**
 * The fast matcher. In: a compiled rule set and events. Out: the rules that hold, each evaluated exactly: the index by channel
 * and EventID, anchors and literals only leave out rules that cannot hold. `match/interpret.ts` is the plain evaluator that it
 * must agree with.
 */

import { JsonWriter } from '../../bytes/json-writer.ts';
import type { EventRecord } from '../../model/event.ts';
import type { MatchedField } from '../../model/match.ts';
import type { Matcher, RuleSet } from '../../model/ruleset.ts';
import { Atom } from '../../model/values/atom.ts';
import { passesWhen } from '../../sigma/logsource/fields.ts';
import { RegexLimitError, regexWork } from '../../sigma/regex/lazy-dfa.ts';
import { type Accelerator, DONE, type Look, type Query } from '../contract.ts';
import { Evaluator } from './evaluator.ts';
import { Explainer } from './evidence/evidence.ts';
import type { Atoms } from './field-access.ts';
import { PlainLook } from './plain-look.ts';
import { type BoundConditions, type BoundView, Plans } from './plans/plans.ts';
import { type View, type ViewFields, Views } from './plans/views.ts';
import { decide } from './undecided.ts';
import { NumberLists } from './values/number-lists.ts';
import type { ValueMemo } from './values/value-memo.ts';

/** What matching cost, for benchmarks. */
export interface MatchCounts {
  /** Rules whose condition was evaluated. */
  evaluated: number;
}

class FastMatcher implements Matcher {
  readonly counts: MatchCounts = { evaluated: 0 };
  readonly #ruleSet: RuleSet;
  readonly #views: Views;
  readonly #evaluator: Evaluator;
  readonly #plans: Plans;
  readonly #explainer: Explainer;
  readonly #accelerator: Accelerator | null;
  readonly #plain = new PlainLook();
  readonly #lists = new NumberLists();
  /**
   * The last event, and the look for it. A reader shows all its events in the same object, so the look nearly always stays the
   * same.
   */
  #event: EventRecord | null = null;
  #look: Look = this.#plain;
  /** Candidates of the present view that hold or are still to be evaluated, and the hits of the present event. */
  readonly #entries: number[] = [];
  readonly #hits: number[] = [];
  #hitCount = 0;

  constructor(ruleSet: RuleSet, wanted: (rule: number) => boolean, accelerator: Accelerator | null, suppressions: boolean) {
    this.#ruleSet = ruleSet;
    const rules = ruleSet.rules.length;
    this.#accelerator = accelerator;
    this.#views = new Views(ruleSet, (number) =>
      number < rules ? wanted(number) : suppressions && wanted(ruleSet.suppressions[number - rules]!.rule),
    );
    this.#evaluator = new Evaluator(ruleSet.plan);
    this.#plans = new Plans(ruleSet, this.#views, this.#evaluator);
    this.#explainer = new Explainer(ruleSet.plan, this.#evaluator);
  }

  match(event: EventRecord, onMatch: (rule: number, source: number) => void, onUndecided?: (rule: number) => void): void {
    const { views } = this.#plans.of(event);
    if (views.length === 0) return;
    if (event !== this.#event) this.#turnTo(event);
    this.#hitCount = 0;
    try {
      for (let i = 0; i < views.length; i++) this.#matchView(event, views[i]!);
    } catch (error) {
      if (!(error instanceof RegexLimitError) || onUndecided === undefined) throw error;
      this.#matchWhatCanBe(event, views, onMatch, onUndecided);
      return;
    }
    if (this.#hitCount > 0) this.#report(views.length > 1, onMatch);
  }

  /**
   * The queries that must all find nothing, so that no rule holds for any event with the same shape, channel, provider and
   * EventID.
   */
  queries(event: EventRecord): readonly Query[] {
    return this.#plans.of(event).queries;
  }

  get regexVisits(): number {
    return regexWork.visits;
  }

  /**
   * For an event for which some predicate cannot be decided. Tries all rules one by one, and reports those that depend on such a
   * one.
   */
  #matchWhatCanBe(
    event: EventRecord,
    views: readonly BoundView[],
    onMatch: (rule: number, source: number) => void,
    onUndecided: (rule: number) => void,
  ): void {
    const { plan, sources } = this.#ruleSet;
    const evaluator = this.#evaluator;
    this.#hitCount = 0;
    const open = new Set<number>();
    evaluator.withoutLimits((undecided) => {
      for (const { view, binding } of views) {
        evaluator.turnTo(event, binding);
        for (let entry = 0; entry < view.rule.length; entry++) {
          const verdict = decide(plan, view.program[entry]!, (predicate) =>
            evaluator.holds(predicate) ? true : undecided.has(predicate) ? null : false,
          );
          const when = view.when[entry]!;
          if (verdict === false || (when >= 0 && !passesWhen(event, sources[when]!))) continue;
          if (verdict === null) open.add(view.rule[entry]!);
          else this.#hits.splice(this.#hitCount, 2, view.rule[entry]!, view.ruleSource[entry]!);
          if (verdict === true) this.#hitCount += 2;
        }
      }
      this.#report(true, (rule, source) => {
        open.delete(rule);
        onMatch(rule, source);
      });
    });
    for (const rule of open) onUndecided(rule);
  }

  /** Hits are pairs of rule and source; those of one view are in order already. */
  #report(several: boolean, onMatch: (rule: number, source: number) => void): void {
    // A copy, because `onMatch` may match another event. It costs little, because hits are rare.
    const pairs: [number, number][] = [];
    for (let i = 0; i < this.#hitCount; i += 2) pairs.push([this.#hits[i]!, this.#hits[i + 1]!]);
    if (several) pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let previous = -1;
    for (const [rule, source] of pairs) {
      if (rule !== previous) onMatch(rule, source);
      previous = rule;
    }
  }

  #turnTo(event: EventRecord): void {
    this.#event = event;
    this.#look = this.#accelerator?.look(event) ?? this.#plain;
  }

  #matchView(event: EventRecord, bound: BoundView): void {
    const look = this.#look;
    for (let place = look.first(bound.query); place !== DONE; ) place = look.learn(this.#answer(event, bound, place));
    if (look.found[0]! > 0) this.#evaluate(event, bound, look.found);
  }

  /** The answer to a look: the candidates that the value at a place makes, or the predicates that it satisfies. */
  #answer(event: EventRecord, { query, groups, accesses, binding }: BoundView, place: number): Int32Array {
    const { slots } = query;
    if (place < slots.length) {
      const slot = slots[place]!;
      return this.#entriesFor(groups[place]!, slot >= 0 ? event.atom(slot) : accesses[place]!.atoms(event));
    }
    const { fieldNumbers } = query.conditions() as BoundConditions;
    const field = fieldNumbers[place - slots.length]!;
    return this.#evaluator.satisfiedByAny(field, this.#evaluator.access(binding, field).atoms(event));
  }

  /**
   * The entries that the values of a group's fields make candidates. Several values are rare, so their result is not remembered.
   */
  #entriesFor(group: ViewFields, atoms: Atoms): Int32Array {
    if (atoms instanceof Atom) {
      const memo = this.#evaluator.memo(atoms);
      let entries = memo.get(group.key);
      if (entries === undefined) {
        entries = this.#entriesOf(group, atoms, memo);
        memo.set(group.key, entries);
      }
      return entries;
    }
    if (atoms === undefined || atoms === null) return NO_ENTRIES;
    const found = new Set<number>();
    for (const atom of atoms) {
      if (atom === null) continue;
      for (const entry of this.#entriesOf(group, atom, this.#evaluator.memo(atom))) found.add(entry);
    }
    return Int32Array.from(found);
  }

  /** The entries whose anchors a value satisfies. */
  #entriesOf(group: ViewFields, atom: Atom, memo: ValueMemo): Int32Array {
    const evaluator = this.#evaluator;
    const found = new Set<number>();
    for (const { field, entries, unguarded } of group.fields) {
      const satisfied = evaluator.satisfied(field, atom, memo);
      for (let i = 0; i < satisfied.length; i++) {
        for (const entry of entries.get(satisfied[i]!) ?? []) found.add(entry);
      }
      for (const anchor of unguarded) {
        if (evaluator.tested(anchor, atom, memo)) for (const entry of entries.get(anchor)!) found.add(entry);
      }
    }
    return this.#lists.of(found);
  }

  #evaluate(event: EventRecord, { view, binding }: BoundView, found: Int32Array): void {
    const count = this.#sorted(view, found);
    const entries = this.#entries;
    let turned = false;
    let previous = -1;
    for (let i = 0; i < count; i++) {
      const entry = entries[i]! >> 1;
      const rule = view.rule[entry]!;
      if (rule === previous) continue;
      if ((entries[i]! & CERTAIN) === 0) {
        if (!turned) this.#evaluator.turnTo(event, binding);
        turned = true;
        this.counts.evaluated++;
        if (!this.#evaluator.run(view.program[entry]!)) continue;
      }
      const when = view.when[entry]!;
      if (when >= 0 && !passesWhen(event, this.#ruleSet.sources[when]!)) continue;
      previous = rule;
      this.#hits[this.#hitCount++] = rule;
      this.#hits[this.#hitCount++] = view.ruleSource[entry]!;
    }
  }

  /** Puts what was found into `#entries`, each once, in rule order, which is part of the contract. Returns how many they are. */
  #sorted(view: View, found: Int32Array): number {
    const entries = this.#entries;
    const turn = this.#nextTurn(view);
    let count = 0;
    for (let i = 1, end = found[0]!; i <= end; i++) {
      const number = found[i]!;
      const entry = number < 0 ? ~number : number;
      if (view.foundIn[entry] === turn) continue;
      view.foundIn[entry] = turn;
      const coded = (entry << 1) | (number < 0 ? CERTAIN : 0);
      // An insertion sort, because there are only a handful.
      let at = count++;
      while (at > 0 && entries[at - 1]! > coded) {
        entries[at] = entries[at - 1]!;
        at--;
      }
      entries[at] = coded;
    }
    return count;
  }

  #nextTurn(view: View): number {
    if (view.turn === MOST_TURNS) {
      view.foundIn.fill(0);
      view.turn = 0;
    }
    return ++view.turn;
  }

  covers(channel: string): boolean {
    return this.#views.covers(channel);
  }

  evidence(event: EventRecord, rule: number, source: number): readonly MatchedField[] {
    const out = new JsonWriter(EVIDENCE_BYTES);
    this.writeEvidence(event, rule, source, out);
    return JSON.parse(out.buffer.toString('utf8', 0, out.at)) as MatchedField[];
  }

  writeEvidence(event: EventRecord, rule: number, source: number, out: JsonWriter): void {
    const number = this.#ruleSet.ruleSources[rule]![source]!;
    const shown = event.inOrder && this.#explainer.showsOrder(rule) ? event.inOrder() : event;
    const binding = this.#plans.binding(shown.shape, this.#views.mappingOf(number), number);
    this.#explainer.explain(shown, binding, rule, out);
  }
}

/** Room for the evidence of one match. The writer makes more where that is not enough. */
const EVIDENCE_BYTES = 1024;
const NO_ENTRIES = new Int32Array(0);
/** Stands beside an entry whose rule is certain to hold, so that it is not evaluated again. */
const CERTAIN = 1;
const MOST_TURNS = 0x7fff_ffff;

/**
 * Belongs to one thread, because it keeps what it learns about a value at the value. It finds the rules that are `wanted`, by
 * default all. `accelerator` makes it faster and changes nothing of what it finds. With `suppressions` it also finds those of
 * wanted rules; their numbers follow those of the rules.
 */
export function createMatcher(
  ruleSet: RuleSet,
  wanted: (rule: number) => boolean = () => true,
  accelerator: Accelerator | null = null,
  suppressions = false,
): Matcher & { readonly counts: Readonly<MatchCounts>; queries(event: EventRecord): readonly Query[] } {
  return new FastMatcher(ruleSet, wanted, accelerator, suppressions);
}
