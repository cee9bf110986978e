// HOT: called for every event.
/**
 * The fast matcher. In: a compiled rule set and events. Out: the rules that hold, each evaluated exactly: the index by channel
 * and EventID, anchors and literals only leave out rules that cannot hold. `match/interpret.ts` is the plain evaluator that it
 * must agree with.
 */

import { JsonWriter } from '../../bytes/json-writer.ts';
import { Atom } from '../../model/atom.ts';
import type { EventRecord, Shape } from '../../model/event.ts';
import type { MatchedField } from '../../model/match.ts';
import type { Matcher, RuleSet } from '../../model/ruleset.ts';
import { ABSENT, newSieveKey, type Sieve, type SieveRules, type Sifter, UNCLEAR, UNDECIDED } from '../../model/sieve.ts';
import { gateChannel, passesWhen } from '../../sigma/logsource/fields.ts';
import { RegexLimitError, regexWork } from '../../sigma/regex/lazy-dfa.ts';
import { Binding, Evaluator } from './evaluator.ts';
import { Explainer } from './evidence.ts';
import type { Atoms, FieldAccess } from './field-access.ts';
import { decide } from './undecided.ts';
import type { ValueMemo } from './value-memo.ts';
import { ValueVerdicts } from './value-verdicts.ts';
import type { View, ViewField, ViewFields } from './views.ts';
import { Views } from './views.ts';

/** Layouts, buckets and results at values are forgotten together when there are more of them than this: logs are hostile. */
const MAX_PLANS = 4096;
const MAX_VIEW_FIELDS = 50_000;
/** Channels (or providers) with the same layout and EventID: they are searched one by one. */
const MAX_PLANS_PER_EVENT_ID = 32;

/** Sifters have 16 bits for the number of a field. */
const MOST_NUMBERED = 1 << 16;

/** Those of a view bound to a shape; `fields` by place. */
interface BoundRules extends SieveRules {
  readonly fields: Uint16Array;
}

interface BoundSieve extends Sieve {
  rules(): BoundRules;
}

/** A view bound to a shape. */
interface BoundView {
  readonly view: View;
  readonly binding: Binding;
  /**
   * The slots whose values may bring up rules, and the fields that each is. Entries that come up by themselves are those of the
   * view, and those whose home such events do not have.
   */
  readonly sieve: BoundSieve;
  readonly groups: readonly ViewFields[];
  /** Fields that are derived or lie in several slots. */
  readonly accesses: readonly FieldAccess[];
  readonly accessGroups: readonly ViewFields[];
}

/** What to do with events of one shape, channel and EventID. */
interface Plan {
  readonly channel: string;
  readonly eventId: number;
  /** null where it makes no difference. */
  readonly provider: string | null;
  readonly views: readonly BoundView[];
}

function isFor(plan: Plan, event: EventRecord): boolean {
  return (
    plan.eventId === event.eventId &&
    plan.channel === event.channel &&
    (plan.provider === null || plan.provider === event.provider)
  );
}

/** The plans of one shape. Nearly always one: templates belong to an event. */
interface ShapePlans {
  last: Plan;
  readonly byEventId: Map<number, Plan[]>;
}

const NO_VIEWS: readonly BoundView[] = [];

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
  readonly #explainer: Explainer;
  readonly #verdicts: ValueVerdicts;
  /** By shape id. */
  #plans = new Map<number, ShapePlans>();
  #planCount = 0;
  #bindings = new Map<string, Binding>();
  readonly #buckets = new Map<string, readonly View[]>();
  /** By field: the key under which sifters remember the predicates that values satisfy, 0 where none was needed yet. */
  readonly #fieldKeys: Int32Array;
  /** Fields have numbers that sifters can take. */
  readonly #numbered: boolean;
  /** Entries of the present view that were brought up, and the hits of the present event. */
  readonly #entries: number[] = [];
  #entryCount = 0;
  readonly #hits: number[] = [];
  #hitCount = 0;

  constructor(ruleSet: RuleSet, wanted: (rule: number) => boolean) {
    this.#ruleSet = ruleSet;
    this.#views = new Views(ruleSet, wanted);
    this.#evaluator = new Evaluator(ruleSet.plan);
    this.#verdicts = new ValueVerdicts(ruleSet.plan);
    this.#explainer = new Explainer(ruleSet.plan, this.#evaluator);
    this.#fieldKeys = new Int32Array(ruleSet.plan.fields.length);
    this.#numbered = ruleSet.plan.fields.length < MOST_NUMBERED;
  }

  match(event: EventRecord, onMatch: (rule: number, source: number) => void, onUndecided?: (rule: number) => void): void {
    const { views } = this.#planFor(event);
    if (views.length === 0) return;
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

  get regexVisits(): number {
    return regexWork.visits;
  }

  /** For an event for which a predicate cannot be decided: all rules one by one, and those that depend on it are told. */
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

  sieves(event: EventRecord): readonly Sieve[] | null {
    const { views, provider } = this.#planFor(event);
    if (!this.#numbered || provider !== null || views.some(({ accesses }) => accesses.length > 0)) return null;
    return views.map(({ sieve }) => sieve);
  }

  #planFor(event: EventRecord): Plan {
    const plans = this.#plans.get(event.shape.id);
    return plans !== undefined && isFor(plans.last, event) ? plans.last : this.#plan(event);
  }

  /** Hits are pairs of rule and source; those of one view are in order already. */
  #report(several: boolean, onMatch: (rule: number, source: number) => void): void {
    // A copy: `onMatch` may match another event. Hits are rare.
    const pairs: [number, number][] = [];
    for (let i = 0; i < this.#hitCount; i += 2) pairs.push([this.#hits[i]!, this.#hits[i + 1]!]);
    if (several) pairs.sort((a, b) => a[0] - b[0] || a[1] - b[1]);
    let previous = -1;
    for (const [rule, source] of pairs) {
      if (rule !== previous) onMatch(rule, source);
      previous = rule;
    }
  }

  #matchView(event: EventRecord, bound: BoundView): void {
    const { view, binding, sieve, groups, accesses } = bound;
    if (event.sifter?.held(sieve) === true) {
      this.#entryCount = 0;
      const { found } = event.sifter;
      for (let i = 1, end = found[0]!; i <= end; i++) this.#entries[this.#entryCount++] = found[i]!;
      this.#evaluate(event, bound, true);
      return;
    }
    const epoch = this.#evaluator.turnTo(event, binding);
    this.#entryCount = 0;
    this.#bringUpAll(view, sieve.always, epoch);
    const { slots, filters } = sieve;
    const sifter = event.sifter;
    if (sifter != null) this.#sift(event, sifter, bound, epoch);
    else {
      const looks = event.nextThatMayHold !== undefined;
      for (let i = 0; ; i++) {
        if (looks) i = event.nextThatMayHold!(slots, i, filters);
        if (i >= slots.length) break;
        this.#bringUpByAtoms(view, groups[i]!, event.atom(slots[i]!), epoch);
      }
    }
    for (let i = 0; i < accesses.length; i++) {
      this.#bringUpByAtoms(view, bound.accessGroups[i]!, accesses[i]!.atoms(event), epoch);
    }
    if (this.#entryCount > 0) this.#evaluate(event, bound, false);
  }

  /** Brings up entries by what the reader remembers of values. */
  #sift(event: EventRecord, sifter: Sifter, { view, sieve, groups }: BoundView, epoch: number): void {
    for (let i = sifter.begin(sieve); i >= 0; i = sifter.next()) {
      const entries = this.#entriesFor(view, groups[i]!, event.atom(sieve.slots[i]!));
      sifter.learn(entries);
      this.#bringUpAll(view, entries, epoch);
    }
    const { found } = sifter;
    for (let i = 1, end = found[0]!; i <= end; i++) this.#bringUp(view, found[i]!, epoch);
  }

  /** The entries that the values of a group's fields bring up; only a single value can refute some. */
  #entriesFor(view: View, group: ViewFields, atoms: Atoms): Int32Array {
    if (atoms instanceof Atom) return this.#unrefuted(view, group, atoms, this.#evaluator.memo(atoms));
    if (atoms === undefined || atoms === null) return group.home;
    const found = new Set(group.home);
    for (const atom of atoms) {
      if (atom === null) continue;
      for (const entry of this.#entriesOf(group, atom, this.#evaluator.memo(atom))) found.add(entry);
    }
    return Int32Array.from(found);
  }

  #bringUpByAtoms(view: View, group: ViewFields, atoms: Atoms, epoch: number): void {
    if (atoms instanceof Atom) {
      const memo = this.#evaluator.memo(atoms);
      let entries = memo.get(group.key);
      if (entries === undefined) {
        entries = this.#unrefuted(view, group, atoms, memo);
        memo.set(group.key, entries);
      }
      this.#bringUpAll(view, entries, epoch);
      return;
    }
    // Several values are rare: what they bring up is not remembered.
    this.#bringUpAll(view, this.#entriesFor(view, group, atoms), epoch);
  }

  #bringUpAll(view: View, entries: Int32Array, epoch: number): void {
    for (let i = 0; i < entries.length; i++) this.#bringUp(view, entries[i]!, epoch);
  }

  #bringUp(view: View, entry: number, epoch: number): void {
    if (view.broughtUp[entry] === epoch) return;
    view.broughtUp[entry] = epoch;
    this.#entries[this.#entryCount++] = entry;
  }

  /** The entries that the only value of a group's fields brings up and does not refute. Once per distinct value. */
  #unrefuted(view: View, group: ViewFields, atom: Atom, memo: ValueMemo): Int32Array {
    const found = this.#entriesOf(group, atom, memo);
    if (found.length === 0 && group.home.length === 0) return NO_ENTRIES;
    const verdicts = this.#verdicts;
    verdicts.begin();
    for (const { field } of group.fields) verdicts.learn(field, this.#evaluator.satisfied(field, atom, memo));
    const left = [...group.home, ...found].filter((entry) => !verdicts.refuted(view.program[entry]!));
    return left.length === 0 ? NO_ENTRIES : Int32Array.from(left);
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
    return found.size === 0 ? NO_ENTRIES : Int32Array.from(found);
  }

  /** `held`: the entries hold, whatever else is asked of the event. */
  #evaluate(event: EventRecord, { view, sieve }: BoundView, held: boolean): void {
    const sifter = this.#numbered ? (event.sifter ?? null) : null;
    if (!held) sifter?.turn();
    const entries = this.#entries;
    const count = this.#entryCount;
    this.counts.evaluated += count;
    // Insertion sort: a handful of entries, and rule order is part of the contract.
    for (let i = 1; i < count; i++) {
      const entry = entries[i]!;
      let at = i;
      while (at > 0 && entries[at - 1]! > entry) {
        entries[at] = entries[at - 1]!;
        at--;
      }
      entries[at] = entry;
    }
    let previous = -1;
    for (let i = 0; i < count; i++) {
      const entry = entries[i]!;
      const rule = view.rule[entry]!;
      if (rule === previous) continue;
      if (!held && !this.#holds(event, sifter, sieve, view.program[entry]!)) continue;
      const when = view.when[entry]!;
      if (when >= 0 && !passesWhen(event, this.#ruleSet.sources[when]!)) continue;
      previous = rule;
      this.#hits[this.#hitCount++] = rule;
      this.#hits[this.#hitCount++] = view.ruleSource[entry]!;
    }
  }

  #holds(event: EventRecord, sifter: Sifter | null, sieve: BoundSieve, program: number): boolean {
    let result = sifter === null ? UNDECIDED : sifter.holds(program);
    while (result < 0) {
      this.#teach(event, sifter!, sieve.rules(), ~result);
      result = sifter!.holds(program);
    }
    return result === UNDECIDED ? this.#evaluator.run(program) : result === 1;
  }

  /** Tells the sifter which predicates the value of a field satisfies. */
  #teach(event: EventRecord, sifter: Sifter, { fields, slots }: BoundRules, place: number): void {
    const slot = slots[place]!;
    const atoms = slot === ABSENT ? undefined : event.atom(slot);
    const satisfied = this.#evaluator.satisfiedByAny(fields[place]!, atoms);
    sifter.learnField(place, satisfied);
  }

  #plan(event: EventRecord): Plan {
    const known = this.#plans
      .get(event.shape.id)
      ?.byEventId.get(event.eventId)
      ?.find((plan) => isFor(plan, event));
    const plan = known ?? this.#makePlan(event);
    const plans = this.#plans.get(event.shape.id);
    if (plans !== undefined) plans.last = plan;
    return plan;
  }

  #makePlan(event: EventRecord): Plan {
    if (this.#planCount >= MAX_PLANS || this.#views.size >= MAX_VIEW_FIELDS) this.#forget();
    const { shape, channel, eventId } = event;
    const provider = this.#views.providersMatter || gateChannel(channel) === '' ? event.provider : null;
    const views = this.#bucket(shape, channel, provider ?? '', eventId).map((view) => this.#bind(shape, view));
    const plan: Plan = { channel, eventId, provider, views: views.length === 0 ? NO_VIEWS : views };
    this.#planCount++;
    const plans = this.#plans.get(shape.id);
    const others = plans?.byEventId.get(eventId);
    if (plans === undefined) this.#plans.set(shape.id, { last: plan, byEventId: new Map([[eventId, [plan]]]) });
    else if (others === undefined) plans.byEventId.set(eventId, [plan]);
    else if (others.push(plan) > MAX_PLANS_PER_EVENT_ID) others.splice(0, others.length - 1);
    return plan;
  }

  #bucket(shape: Shape, channel: string, provider: string, eventId: number): readonly View[] {
    // Rules may be filed under their EventID conditions only where field `EventID` is the event's System/EventID.
    const slots = shape.fields.get('EventID');
    const filed = eventId >= 0 && slots?.length === 1 && slots[0] === shape.system.eventId;
    const key = `${filed}\n${eventId}\n${channel}\n${provider}`;
    let views = this.#buckets.get(key);
    if (views === undefined) {
      views = this.#views.bucket(channel, provider, eventId, filed);
      this.#buckets.set(key, views);
    }
    return views;
  }

  #bind(shape: Shape, view: View): BoundView {
    const binding = this.#binding(shape, view.mapping, view.source);
    const bySlot = new Map<number, ViewField[]>();
    const add = (slot: number, field: ViewField): void => {
      const fields = bySlot.get(slot);
      if (fields === undefined) bySlot.set(slot, [field]);
      else fields.push(field);
    };
    const always = [...view.always];
    const accesses: FieldAccess[] = [];
    const accessGroups: ViewFields[] = [];
    for (const field of view.fields) {
      if (field.field === 0) for (const { slot } of this.#evaluator.everything(binding)) add(slot, field);
      else {
        const access = this.#evaluator.access(binding, field.field);
        if (access.slot >= 0) add(access.slot, field);
        else if (access.absent) always.push(...field.home);
        else {
          accesses.push(access);
          accessGroups.push(this.#views.group(view, [field]));
        }
      }
    }
    const slots = [...bySlot].sort(([a], [b]) => a - b);
    const groups = slots.map(([, fields]) => this.#views.group(view, fields));
    return {
      view,
      binding,
      sieve: {
        id: newSieveKey(),
        rules: this.#rulesOf(binding, view),
        slots: Int32Array.from(slots, ([slot]) => slot),
        filters: groups.map(({ filter }) => filter),
        keys: Int32Array.from(groups, ({ sieveKey }) => sieveKey),
        always: Int32Array.from(always),
        programs: view.program,
      },
      groups,
      accesses,
      accessGroups,
    };
  }

  /** What the sifter needs to evaluate the rules of a view; made once, when it is asked for. */
  #rulesOf(binding: Binding, view: View): () => BoundRules {
    let rules: BoundRules | null = null;
    return () => {
      if (rules === null) {
        const { places, fields } = this.#views.asked(view);
        const slots = Int32Array.from(fields, (field) => this.#slotOf(binding, field));
        const keys = Int32Array.from(fields, (field) => this.#fieldKey(field));
        rules = { plan: this.#ruleSet.plan, places, fields, slots, keys };
      }
      return rules;
    };
  }

  /** Field 0, keywords, is every slot. */
  #slotOf(binding: Binding, field: number): number {
    if (field === 0) return UNCLEAR;
    const { slot, absent } = this.#evaluator.access(binding, field);
    return absent ? ABSENT : slot >= 0 ? slot : UNCLEAR;
  }

  #fieldKey(field: number): number {
    this.#fieldKeys[field] ||= newSieveKey();
    return this.#fieldKeys[field]!;
  }

  #binding(shape: Shape, mapping: number, source: number): Binding {
    const key = `${shape.id} ${mapping}`;
    let binding = this.#bindings.get(key);
    if (binding === undefined) {
      if (this.#bindings.size >= MAX_PLANS) this.#bindings.clear();
      binding = new Binding(shape, this.#ruleSet.sources[source]!);
      this.#bindings.set(key, binding);
    }
    return binding;
  }

  #forget(): void {
    this.#plans = new Map();
    this.#planCount = 0;
    this.#bindings = new Map();
    this.#buckets.clear();
    this.#views.forget();
    this.#evaluator.forget();
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
    const binding = this.#binding(event.shape, this.#views.mappingOf(number), number);
    this.#explainer.explain(event, binding, rule, out);
  }
}

/** Of one match; more makes its own room. */
const EVIDENCE_BYTES = 1024;
const NO_ENTRIES = new Int32Array(0);

/** One matcher per thread: it keeps what it learns of values at the values. It finds the rules that are `wanted`: all by default. */
export function createMatcher(
  ruleSet: RuleSet,
  wanted: (rule: number) => boolean = () => true,
): Matcher & { readonly counts: Readonly<MatchCounts> } {
  return new FastMatcher(ruleSet, wanted);
}
