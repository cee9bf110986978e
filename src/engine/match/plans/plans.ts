// HOT: asked for the plan of every event.
/**
 * What to do with an event. In: its shape, channel, provider and EventID. Out: the views whose rules may look at it, bound to its
 * shape, and what a look asks of it. Kept until there are too many of them; refuses nothing.
 */

import type { EventRecord, Shape } from '../../../model/event.ts';
import type { RuleSet } from '../../../model/ruleset.ts';
import { addTo, getOrInsert } from '../../../model/values/maps.ts';
import { gateChannel } from '../../../sigma/logsource/fields.ts';
import { ABSENT, type Query, type QueryConditions, UNCLEAR } from '../../contract.ts';
import { Binding, type Evaluator } from '../evaluator.ts';
import type { FieldAccess } from '../field-access.ts';
import { newLookKey, type View, type ViewField, type ViewFields, type Views } from './views.ts';

/** Layouts, buckets and results kept at values are forgotten together beyond this number, because logs are hostile. */
const MAX_PLANS = 4096;
const MAX_VIEW_FIELDS = 50_000;
/** Channels (or providers) with the same layout and EventID: they are searched one by one. */
const MAX_PLANS_PER_EVENT_ID = 32;

export interface BoundConditions extends QueryConditions {
  readonly fieldNumbers: Uint16Array;
}

/** A view bound to a shape. */
export interface BoundView {
  readonly view: View;
  readonly binding: Binding;
  readonly query: Query;
  /** By place of the query: the fields whose value is asked for there. */
  readonly groups: readonly ViewFields[];
  /** By place: how to read the value where no single slot has it; null where one slot does. */
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

/** The plans of one shape. There is nearly always one, because a template belongs to one kind of event. */
interface ShapePlans {
  last: Plan;
  readonly byEventId: Map<number, Plan[]>;
}

/** Numbers of fields have 16 bits. */
const MOST_FIELDS = 0xffff;
const NO_VIEWS: readonly BoundView[] = [];

export class Plans {
  readonly #ruleSet: RuleSet;
  readonly #views: Views;
  readonly #evaluator: Evaluator;
  /** By shape id. */
  #plans: (ShapePlans | undefined)[] = [];
  #planCount = 0;
  #bindings = new Map<string, Binding>();
  readonly #buckets = new Map<string, readonly View[]>();
  /** By field: the key under which looks remember the predicates that values satisfy, 0 where none was needed yet. */
  readonly #fieldKeys: Int32Array;

  constructor(ruleSet: RuleSet, views: Views, evaluator: Evaluator) {
    this.#ruleSet = ruleSet;
    this.#views = views;
    this.#evaluator = evaluator;
    this.#fieldKeys = new Int32Array(ruleSet.plan.fields.length);
  }

  /** Called for every event. Nearly always the answer is the plan of the last event with the same shape. */
  of(event: EventRecord): Plan {
    const plans = this.#plans[event.shape.id];
    return plans !== undefined && isFor(plans.last, event) ? plans.last : this.#plan(event);
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
    return getOrInsert(this.#buckets, key, () => this.#views.bucket(channel, provider, eventId, filed));
  }

  #bind(shape: Shape, view: View): BoundView {
    const binding = this.binding(shape, view.mapping, view.source);
    const bySlot = new Map<number, ViewField[]>();
    const add = (slot: number, field: ViewField): void => addTo(bySlot, slot, field);
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

  /** Field 0 stands for keywords, which look at every slot. */
  #slotOf(binding: Binding, field: number): number {
    if (field === 0) return UNCLEAR;
    const { slot, absent } = this.#evaluator.access(binding, field);
    return absent ? ABSENT : slot >= 0 ? slot : UNCLEAR;
  }

  #fieldKey(field: number): number {
    this.#fieldKeys[field] ||= newLookKey();
    return this.#fieldKeys[field]!;
  }

  binding(shape: Shape, mapping: number, source: number): Binding {
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
}
