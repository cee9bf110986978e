// HOT: goes through the values of every EVTX event that rules look at.
/**
 * A look at EVTX events by compiled code (`wasm/assembly`). In: a record's values where they lie in its chunk. Out: the
 * candidates that it remembers for these values, and the rules that it evaluated itself. A plan says which values are looked at,
 * and how. It is made once for a query, a layout and a sequence of value types. Most values of a record are numbers, times and
 * GUIDs, and for these types most filters already say that no rule can match.
 */
import { ABSENT, DONE, type Look, type Query, type QueryConditions, UNCLEAR } from '../engine/contract.ts';
import type { Layout } from '../logs/evtx/binxml/catalog.ts';
import { ABSENT_IF_NULL, type Special, VALUE_INDEX_MASK } from '../logs/evtx/binxml/fields.ts';
import type { EvtxEvent } from '../logs/evtx/event.ts';
import { HEAD_TYPE_SHIFT, type RecordValues } from '../logs/evtx/values/record-values.ts';
import { NULL_TYPE, NUMERIC_TYPES, STRING_TYPE } from '../logs/evtx/values/value-types.ts';
import type { TextFilter } from '../model/values/text-filter.ts';
import {
  ALL_FOUND,
  ASK,
  CONDITIONS_BYTES,
  CONDITIONS_FIELDS,
  CONDITIONS_KINDS,
  CONDITIONS_MARKS,
  CONDITIONS_PLACE_OF,
  CONDITIONS_PLACES,
  CONDITIONS_PROGRAMS,
  CONDITIONS_REFERENCES,
  CONSTANT,
  FIELD_ASKED,
  MOST_FOUND,
  NO_CONDITIONS,
  NO_ROOM_LEFT,
  OTHER_TYPES,
  PLACE_BYTES,
  PLACE_FILTER,
  PLACE_KEY,
  PLACE_VALUE,
  PLAN_ALWAYS,
  PLAN_BYTES,
  PLAN_CANDIDATES,
  PLAN_CONDITIONS,
  PLAN_COUNT,
  PLAN_TYPES,
  PLAN_VALUES,
  TOO_MANY,
} from './layout.generated.ts';
import type { LookMemory } from './wasm/memory.ts';
import { bytesOf } from './wasm/rule-tables.ts';

/** Plans kept per query: a few layouts, each with a few sequences of types. A null value has a type of its own. */
const MOST_PLANS = 16;

export interface Plan {
  readonly layout: Layout;
  /** The plan's address in the memory. Valid while the memory has this generation. */
  readonly address: number;
  readonly generation: number;
  /** By place of the plan: the place of the query, in ascending order. */
  readonly places: Int32Array;
  /** Address of the fields of conditions; 0 until a rule has been evaluated. */
  fieldsAt: number;
}

export class EvtxLook implements Look {
  found: Int32Array;
  readonly #memory: LookMemory;
  readonly #event: EvtxEvent;
  readonly #values: RecordValues;
  /** Addresses of the record's chunk and of the places of its values. */
  #chunkAt = 0;
  readonly #offsetsAt: number;
  readonly #headsAt: number;
  readonly #inMemory: boolean;
  #query!: Query;
  #plan!: Plan;
  /** The last question to the matcher: a place of the plan, or FIELD_ASKED plus the number of a field of the conditions. */
  #asked = 0;

  constructor(memory: LookMemory, event: EvtxEvent) {
    this.#memory = memory;
    this.#event = event;
    this.#values = event.values;
    const { offsets, heads } = event.values;
    this.#inMemory = memory.holds(offsets);
    const { spare } = memory;
    this.#offsetsAt = this.#inMemory ? offsets.byteOffset : spare.byteOffset;
    this.#headsAt = this.#inMemory ? heads.byteOffset : spare.byteOffset + 2 * spare.length;
    this.found = memory.found;
  }

  first(query: Query): number {
    this.#query = query;
    this.found = this.#memory.found;
    this.#turn();
    query.kept ??= [];
    // The cast holds because only looks of this accelerator use `kept`.
    const plans = query.kept as Plan[];
    const { layout } = this.#event;
    for (let i = 0; i < plans.length; i++) {
      const plan = plans[i]!;
      if (plan.layout !== layout || plan.generation !== this.#memory.generation) continue;
      const result = this.#look(plan, 0);
      if (result === OTHER_TYPES) continue;
      if (i > 0) {
        plans[i] = plans[0]!;
        plans[0] = plan;
      }
      return this.#settle(plan, result);
    }
    return this.#lookAnew(0);
  }

  learn(numbers: Int32Array): number {
    return this.#asked >= FIELD_ASKED ? this.#learnField(numbers) : this.#learnCandidates(numbers);
  }

  #learnCandidates(numbers: Int32Array): number {
    if (!this.#add(numbers)) return this.#findAll();
    const memory = this.#memory;
    const plan = this.#plan;
    const placesAt = plan.address + PLAN_BYTES;
    if (plan.generation === memory.generation && memory.code.keeps(placesAt, this.#asked) !== 0) {
      const list = memory.putList(numbers);
      if (list === 0 || memory.code.learn(placesAt, this.#asked, list) === 0) memory.forget();
    }
    // The matcher may have moved to another event in the meantime.
    this.#turn();
    if (plan.generation !== memory.generation) return this.#lookAnew(this.#asked + 1);
    return this.#settle(plan, this.#look(plan, this.#asked + 1));
  }

  #learnField(predicates: Int32Array): number {
    const memory = this.#memory;
    const list = memory.putList(predicates);
    if (list !== 0 && memory.code.learn(this.#plan.fieldsAt, this.#asked - FIELD_ASKED, list) !== 0) {
      return this.#settle(this.#plan, memory.code.evaluate());
    }
    memory.code.leave();
    memory.forget();
    return DONE;
  }

  /** Makes the record readable for compiled code: what lies outside of the memory is copied into it. */
  #turn(): void {
    const memory = this.#memory;
    const values = this.#values;
    this.#chunkAt = memory.chunkAddress(values.bytes);
    if (this.#inMemory) return;
    const { offsets, heads, count } = values;
    const { spare } = memory;
    const half = spare.length >> 1;
    for (let i = 0; i < count; i++) {
      spare[i] = offsets[i]!;
      spare[half + i] = heads[i]!;
    }
  }

  #look(plan: Plan, from: number): number {
    return this.#memory.code.look(plan.address, from, this.#chunkAt, this.#offsetsAt, this.#headsAt, this.#values.count);
  }

  #settle(plan: Plan, result: number): number {
    this.#plan = plan;
    if (result >= FIELD_ASKED) {
      this.#asked = result;
      return this.#query.slots.length + result - FIELD_ASKED;
    }
    if (result >= 0) {
      this.#asked = result;
      return plan.places[result]!;
    }
    switch (result) {
      case ALL_FOUND:
        return DONE;
      case NO_CONDITIONS:
        return this.#evaluate(plan);
      case NO_ROOM_LEFT:
        this.#memory.forget();
        return DONE;
      case TOO_MANY:
        return this.#findAll();
      default:
        return this.#lookAgain(~result);
    }
  }

  /** There was no room to remember the value at `place`: everything is forgotten, and the value is looked at again. */
  #lookAgain(place: number): number {
    this.#memory.forget();
    const plan = this.#newPlan();
    if (plan === null) return this.#findAll();
    const result = this.#look(plan, place);
    return result < 0 && result > OTHER_TYPES ? this.#findAll() : this.#settle(plan, result);
  }

  /** Makes all rules of the query candidates, so that none is missed. */
  #findAll(): number {
    const { length } = this.#query.programs;
    this.found = Int32Array.from({ length: length + 1 }, (_, i) => (i === 0 ? length : i - 1));
    return DONE;
  }

  #add(numbers: Int32Array): boolean {
    const { found } = this;
    const before = found[0]!;
    if (before + numbers.length > MOST_FOUND) return false;
    for (let i = 0; i < numbers.length; i++) found[before + 1 + i] = numbers[i]!;
    found[0] = before + numbers.length;
    return true;
  }

  #lookAnew(from: number): number {
    const plan = this.#newPlan();
    return plan === null ? this.#findAll() : this.#settle(plan, this.#look(plan, from));
  }

  /** Null for a plan that does not fit even into an empty heap. */
  #newPlan(): Plan | null {
    const memory = this.#memory;
    const plan = memory.withRoom(() => this.#makePlan());
    if (plan === null) return null;
    const kept = (this.#query.kept as Plan[]).filter(({ generation }) => generation === memory.generation);
    this.#query.kept = [plan, ...kept.slice(0, MOST_PLANS - 1)];
    return plan;
  }

  /** The plan for records of this layout with the types of the current one; null when there is no room. */
  #makePlan(): Plan | null {
    const memory = this.#memory;
    const { slots, filters, keys, always, programs } = this.#query;
    const { heads, count } = this.#values;
    const { layout } = this.#event;
    const places: number[] = [];
    const words: Int32Array[] = [];
    for (let i = 0; i < slots.length; i++) {
      const value = slots[i] === UNCLEAR ? ASK : indexOf(layout, this.#values, slots[i]!);
      let filter: TextFilter | null = filters[i]!;
      if (value >= 0 && filter !== null) {
        const type = typeOf(this.#values, value);
        if (filter.words && NUMERIC_TYPES[type] === 1) continue;
        if (type !== STRING_TYPE) filter = null;
      } else filter = null;
      const filterAt = filter === null ? 0 : memory.putFilter(filter);
      if (filter !== null && filterAt === 0) return null;
      places.push(i);
      words.push(placeWords(value, filterAt, keys[i]!));
    }
    const types = memory.put(heads.subarray(0, count));
    const alwaysAt = memory.putList(always);
    const candidates = memory.hasRoomFor(8 * programs.length) ? memory.putCandidates(programs) : 0;
    const header = new Int32Array(PLAN_BYTES >> 2);
    header[PLAN_COUNT >> 2] = places.length;
    header[PLAN_VALUES >> 2] = count;
    header[PLAN_TYPES >> 2] = types;
    header[PLAN_ALWAYS >> 2] = alwaysAt;
    header[PLAN_CANDIDATES >> 2] = candidates;
    const address = types === 0 || alwaysAt === 0 || candidates === 0 ? 0 : memory.put(joined([header, ...words]));
    if (address === 0) return null;
    return { layout, address, generation: memory.generation, places: Int32Array.from(places), fieldsAt: 0 };
  }

  /**
   * Evaluates the candidates found, once everything needed is in the memory. When there is no room for it, the matcher evaluates
   * them.
   */
  #evaluate(present: Plan): number {
    const memory = this.#memory;
    const conditions = this.#query.conditions();
    if (conditions === null || !memory.hasRoomFor(bytesOf(conditions.plan))) return DONE;
    let plan: Plan | null = present;
    if (!this.#attach(plan, conditions)) {
      memory.forget();
      plan = this.#newPlan();
      if (plan === null || !this.#attach(plan, conditions)) return DONE;
    }
    return this.#settle(plan, memory.code.begin(plan.address, this.#chunkAt, this.#offsetsAt, this.#headsAt));
  }

  #attach(plan: Plan, { plan: rules, fields, slots, keys }: QueryConditions): boolean {
    const memory = this.#memory;
    const tables = memory.putRules(rules);
    const placeOf = memory.putFields(fields);
    const { layout } = plan;
    const words = Array.from(slots, (slot, i) => {
      const value = slot === UNCLEAR ? ASK : slot === ABSENT ? CONSTANT : indexOf(layout, this.#values, slot);
      const absent = slot === ABSENT || (slot >= 0 && value === CONSTANT && isAbsent(layout, this.#values, slot));
      return placeWords(value, absent ? 1 : 0, keys[i]!);
    });
    const places = memory.put(joined(words));
    if (tables === null || placeOf === 0 || places === 0) return false;
    const attached = new Int32Array(CONDITIONS_BYTES >> 2);
    attached[CONDITIONS_PROGRAMS >> 2] = tables.programs;
    attached[CONDITIONS_KINDS >> 2] = tables.kinds;
    attached[CONDITIONS_FIELDS >> 2] = tables.fields;
    attached[CONDITIONS_REFERENCES >> 2] = tables.references;
    attached[CONDITIONS_MARKS >> 2] = tables.marks;
    attached[CONDITIONS_PLACE_OF >> 2] = placeOf;
    attached[CONDITIONS_PLACES >> 2] = places;
    const address = memory.put(attached);
    if (address === 0) return false;
    memory.set(plan.address + PLAN_CONDITIONS, address);
    plan.fieldsAt = places;
    return true;
  }
}

function placeWords(value: number, filter: number, key: number): Int32Array {
  const words = new Int32Array(PLACE_BYTES >> 2);
  words[PLACE_VALUE >> 2] = value;
  words[PLACE_FILTER >> 2] = filter;
  words[PLACE_KEY >> 2] = key;
  return words;
}

function joined(parts: readonly Int32Array[]): Int32Array {
  const all = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/**
 * Where the value of a slot is: its index, CONSTANT if all records of these types have the same value, or ASK if only the
 * matcher can say.
 */
export function indexOf(layout: Layout, values: RecordValues, slot: number): number {
  const code = layout.access[slot]!;
  let index = code & VALUE_INDEX_MASK;
  if (code < 0) {
    const special = layout.specials[~code]!;
    if (special.literal !== null || isMissing(special, values)) return CONSTANT;
    if (special.value < 0) return ASK;
    index = special.value;
  }
  // A null value means an empty field or an absent one; that is the same in all records of these types.
  return typeOf(values, index) === NULL_TYPE ? CONSTANT : index;
}

/** True when the value of a slot is the same in all records of the layout. */
export function isConstant({ access, specials }: Layout, slot: number): boolean {
  const special = access[slot]! < 0 ? specials[~access[slot]!]! : null;
  return special !== null && special.literal !== null && special.needed.length === 0;
}

/** True when a slot whose value is CONSTANT has no value. */
function isAbsent(layout: Layout, values: RecordValues, slot: number): boolean {
  const code = layout.access[slot]!;
  return code < 0 ? isMissing(layout.specials[~code]!, values) : code >= ABSENT_IF_NULL;
}

function isMissing({ needed }: Special, values: RecordValues): boolean {
  return needed.some((one) => typeOf(values, one) === NULL_TYPE);
}

export function typeOf({ heads, count }: RecordValues, index: number): number {
  return index < count ? heads[index]! >> HEAD_TYPE_SHIFT : NULL_TYPE;
}
