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
import { gateChannel, passesWhen } from '../../sigma/logsource/fields.ts';
import { RegexLimitError, regexWork } from '../../sigma/regex/lazy-dfa.ts';
import { ABSENT, type Accelerator, DONE, type Look, type Query, type QueryConditions, UNCLEAR } from '../contract.ts';
import { Binding, Evaluator } from './evaluator.ts';
import { Explainer } from './evidence/evidence.ts';
import type { Atoms, FieldAccess } from './field-access.ts';
import { PlainLook } from './plain-look.ts';
import type { View, ViewField, ViewFields } from './plans/views.ts';
import { newLookKey, Views } from './plans/views.ts';
import { decide } from './undecided.ts';
import type { ValueMemo } from './values/value-memo.ts';

/** Layouts, buckets and results at values are forgotten together when there are more of them than this: logs are hostile. */
const MAX_PLANS = 4096;
const MAX_VIEW_FIELDS = 50_000;
/** Channels (or providers) with the same layout and EventID: they are searched one by one. */
const MAX_PLANS_PER_EVENT_ID = 32;

interface BoundConditions extends QueryConditions {
  readonly fieldNumbers: Uint16Array;
}

/** A view bound to a shape. */
interface BoundView {
  readonly view: View;
  readonly binding: Binding;
  readonly query: Query;
  /** By place of the query: the fields that it is. */
  readonly groups: readonly ViewFields[];
  /** By place: how to read it where one slot does not say; null where it does. */
  readonly accesses: readonly (FieldAccess | null)[];
}

/** What to do with events of one shape, channel and EventID. */
interface Plan {
  readonly channel: string;
  readonly eventId: number;
  /** null where it makes no difference. */
  readonly provider: string | null;
  readonly views: readonly BoundView[];
  readonly queries: readonly Query[];
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
  /** By shape id. */
  #plans: (ShapePlans | undefined)[] = [];
  #planCount = 0;
  #bindings = new Map<string, Binding>();
  readonly #buckets = new Map<string, readonly View[]>();
  /** By field: the key under which looks remember the predicates that values satisfy, 0 where none was needed yet. */
  readonly #fieldKeys: Int32Array;
  readonly #accelerator: Accelerator | null;
  readonly #plain = new PlainLook();
  /** The last event, and how to look at it: readers show all of theirs in the same object. */
  #event: EventRecord | null = null;
  #look: Look = this.#plain;
  /** Candidates of the present view that are to be evaluated or hold, and the hits of the present event. */
  readonly #entries: number[] = [];
  readonly #hits: number[] = [];
  #hitCount = 0;

  constructor(ruleSet: RuleSet, wanted: (rule: number) => boolean, accelerator: Accelerator | null) {
    this.#ruleSet = ruleSet;
    this.#accelerator = accelerator;
    this.#fieldKeys = new Int32Array(ruleSet.plan.fields.length);
    this.#views = new Views(ruleSet, wanted);
    this.#evaluator = new Evaluator(ruleSet.plan);
    this.#explainer = new Explainer(ruleSet.plan, this.#evaluator);
  }

  match(event: EventRecord, onMatch: (rule: number, source: number) => void, onUndecided?: (rule: number) => void): void {
    const { views } = this.#planFor(event);
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

  /** What must find nothing in an event for no rule to hold, if it has the shape, channel, provider and EventID of this one. */
  queries(event: EventRecord): readonly Query[] {
    return this.#planFor(event).queries;
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

  #planFor(event: EventRecord): Plan {
    const plans = this.#plans[event.shape.id];
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

  #turnTo(event: EventRecord): void {
    this.#event = event;
    this.#look = this.#accelerator?.look(event) ?? this.#plain;
  }

  #matchView(event: EventRecord, bound: BoundView): void {
    const look = this.#look;
    for (let place = look.first(bound.query); place !== DONE; ) place = look.learn(this.#answer(event, bound, place));
    if (look.found[0]! > 0) this.#evaluate(event, bound, look.found);
  }

  /** What a look asks: the candidates that the value at a place makes, or the predicates that it satisfies. */
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

  /** The entries that the values of a group's fields make candidates. Several values are rare: that is not remembered. */
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
    return found.size === 0 ? NO_ENTRIES : Int32Array.from(found);
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
      // Insertion: they are a handful.
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

  #plan(event: EventRecord): Plan {
    const known = this.#plans[event.shape.id]?.byEventId.get(event.eventId)?.find((plan) => isFor(plan, event));
    const plan = known ?? this.#makePlan(event);
    const plans = this.#plans[event.shape.id];
    if (plans !== undefined) plans.last = plan;
    return plan;
  }

  #makePlan(event: EventRecord): Plan {
    if (this.#planCount >= MAX_PLANS || this.#views.size >= MAX_VIEW_FIELDS) this.#forget();
    const { shape, channel, eventId } = event;
    const provider = this.#views.providersMatter || gateChannel(channel) === '' ? event.provider : null;
    const views = this.#bucket(shape, channel, provider ?? '', eventId).map((view) => this.#bind(shape, view));
    const plan: Plan = {
      channel,
      eventId,
      provider,
      views: views.length === 0 ? NO_VIEWS : views,
      queries: views.map(({ query }) => query),
    };
    this.#planCount++;
    const plans = this.#plans[shape.id];
    const others = plans?.byEventId.get(eventId);
    if (plans === undefined) this.#plans[shape.id] = { last: plan, byEventId: new Map([[eventId, [plan]]]) };
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
    const derived: [FieldAccess, ViewField][] = [];
    for (const field of view.fields) {
      if (field.field === 0) for (const { slot } of this.#evaluator.everything(binding)) add(slot, field);
      else {
        const access = this.#evaluator.access(binding, field.field);
        if (access.slot >= 0) add(access.slot, field);
        else if (!access.absent) derived.push([access, field]);
      }
    }
    const slots = [...bySlot].sort(([a], [b]) => a - b);
    const groups = [...slots.map(([, fields]) => fields), ...derived.map(([, field]) => [field])].map((fields) =>
      this.#views.group(view, fields),
    );
    return {
      view,
      binding,
      query: {
        slots: Int32Array.from([...slots.map(([slot]) => slot), ...derived.map(() => UNCLEAR)]),
        filters: groups.map(({ filter }) => filter),
        keys: Int32Array.from(groups, ({ lookKey }) => lookKey),
        always: Int32Array.from(view.always),
        programs: view.program,
        conditions: this.#conditionsOf(binding, view),
        kept: null,
      },
      groups,
      accesses: [...slots.map(() => null), ...derived.map(([access]) => access)],
    };
  }

  /** What a look needs to evaluate the rules of a view; made once, when it is asked for. */
  #conditionsOf(binding: Binding, view: View): () => BoundConditions | null {
    // Numbers of fields have 16 bits.
    if (this.#ruleSet.plan.fields.length > MOST_FIELDS) return () => null;
    let conditions: BoundConditions | null = null;
    return () => {
      if (conditions === null) {
        const { places, fields } = this.#views.asked(view);
        const slots = Int32Array.from(fields, (field) => this.#slotOf(binding, field));
        conditions = {
          plan: this.#ruleSet.plan,
          fields: places,
          slots,
          keys: Int32Array.from(fields, (field) => this.#fieldKey(field)),
          fieldNumbers: fields,
        };
      }
      return conditions;
    };
  }

  /** Field 0, keywords, is every slot. */
  #slotOf(binding: Binding, field: number): number {
    if (field === 0) return UNCLEAR;
    const { slot, absent } = this.#evaluator.access(binding, field);
    return absent ? ABSENT : slot >= 0 ? slot : UNCLEAR;
  }

  #fieldKey(field: number): number {
    this.#fieldKeys[field] ||= newLookKey();
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
    this.#plans = [];
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
/** Beside an entry: it holds, whatever else is asked of the event. */
const CERTAIN = 1;
const MOST_FIELDS = 0xffff;
const MOST_TURNS = 0x7fff_ffff;

/**
 * Belongs to one thread: it keeps what it learns of values at the values. It finds the rules that are `wanted`: all by default.
 * `accelerator` makes it faster, and changes nothing of what it finds.
 */
export function createMatcher(
  ruleSet: RuleSet,
  wanted: (rule: number) => boolean = () => true,
  accelerator: Accelerator | null = null,
): Matcher & { readonly counts: Readonly<MatchCounts>; queries(event: EventRecord): readonly Query[] } {
  return new FastMatcher(ruleSet, wanted, accelerator);
}
