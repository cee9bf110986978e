// HOT: called for every event that rules look at.
/**
 * The event's values through the compiled sieve (`src/wasm`). Which values those are, and of which types, is worked out once
 * for the records of a layout with the same types: most values of a record are numbers, times and GUIDs, which most filters
 * settle.
 */
import { ABSENT, type Sieve, type Sifter, UNCLEAR, UNDECIDED } from '../../model/sieve.ts';
import type { TextFilter } from '../../model/text-filter.ts';
import { bytesOf } from '../../wasm/rule-tables.ts';
import type { ThreadMemory } from '../../wasm/thread-memory.ts';
import type { Layout } from './binxml/catalog.ts';
import { ABSENT_IF_NULL, type Special, VALUE_INDEX_MASK } from './binxml/fields.ts';
import { keptWeight } from './binxml/kept-weight.ts';
import type { PlanFields, SiftPlan } from './binxml/layout-plans.ts';
import { HEAD_TYPE_SHIFT, type RecordValues } from './values/record-values.ts';
import { NULL_TYPE, NUMERIC_TYPES, STRING_TYPE } from './values/value-types.ts';

/** Kept for a layout: a few views (Security 4688 has two), each with a few sequences of types (what is null varies). */
const MOST_KEPT = 8;
/** What one weighs, in nodes of a layout's tree. */
const WEIGHT = 8;

/** What `assembly/sieve.ts` takes for the index of a value, and gives instead of a position. */
const CONSTANT = -1;
const ASK = -2;
const OTHER_TYPES = -0x4000_0000;
const NO_ROOM = 3;
/** Instead of a number in `held`: the sieve was judged. */
const JUDGED = -1;
const MISSING = 16;
/** Bytes in front of a plan's positions. */
const PLAN_HEADER = 16;
/** Turns are numbers of 31 bits. */
const MOST_TURNS = 0x7fff_0000;

export class EvtxSifter implements Sifter {
  readonly found: Int32Array;
  readonly #memory: ThreadMemory;
  readonly #values: RecordValues;
  /** Of the record in hand. */
  #layout: Layout | null = null;
  #sieve: Sieve | null = null;
  #plan: SiftPlan | null = null;
  /** The plan's position that was returned last. */
  #at = 0;
  #turned: PlanFields | null = null;
  /** The call of `skim` that said what holds for the record; -1 when none did. */
  #judgedBy = -1;

  constructor(memory: ThreadMemory, values: RecordValues) {
    this.#memory = memory;
    this.#values = values;
    this.found = memory.found;
  }

  /** Turns to a record of `layout`. */
  moveTo(layout: Layout): void {
    this.#layout = layout;
    this.#judgedBy = -1;
  }

  /** What holds for the record is known: `skim` has just said it. */
  isJudged(): void {
    this.#judgedBy = this.#memory.skims;
  }

  held(sieve: Sieve): boolean {
    const { held, skims } = this.#memory;
    if (this.#judgedBy !== skims) return false;
    const { found } = this;
    let known = false;
    let count = 0;
    for (let i = 1, end = 2 * held[0]!; i < end; i += 2) {
      if (held[i] !== sieve.id) continue;
      if (held[i + 1] === JUDGED) known = true;
      else found[++count] = held[i + 1]!;
    }
    found[0] = count;
    return known;
  }

  begin(sieve: Sieve): number {
    this.#sieve = sieve;
    this.found[0] = 0;
    this.#values.enter(this.#memory);
    const kept = this.#layout!.sifts;
    for (let i = 0; i < kept.length; i++) {
      const plan = kept[i]!;
      if (plan.sieve !== sieve.id || plan.generation !== this.#memory.generation) continue;
      const at = this.#sift(plan, 0);
      if (at === OTHER_TYPES) continue;
      // What was found last is looked at first.
      if (i > 0) {
        kept[i] = kept[0]!;
        kept[0] = plan;
      }
      return this.#settle(plan, at);
    }
    const plan = this.#newPlan();
    return this.#settle(plan, this.#sift(plan, 0));
  }

  /** Where the plan is that the record in hand was sifted by; 0 when there is none any longer. */
  planFor(sieve: Sieve): number {
    const { headsAt, count } = this.#values;
    const { code, generation } = this.#memory;
    const plan = this.#layout!.sifts.find(
      (one) => one.sieve === sieve.id && one.generation === generation && code.hasTypes(one.address, headsAt, count) !== 0,
    );
    return plan?.address ?? 0;
  }

  next(): number {
    let plan = this.#plan!;
    if (plan.generation !== this.#memory.generation) plan = this.#newPlan();
    return this.#settle(plan, this.#sift(plan, this.#at + 1));
  }

  learn(numbers: Int32Array): void {
    const plan = this.#plan!;
    const memory = this.#memory;
    if (plan.generation !== memory.generation || memory.code.keeps(plan.address + PLAN_HEADER, this.#at) === 0) return;
    const list = memory.putList(numbers);
    if (list === 0 || memory.code.learn(plan.address + PLAN_HEADER, this.#at, list) === 0) memory.forget();
  }

  turn(): void {
    const memory = this.#memory;
    let plan = this.#plan!;
    if (plan.generation !== memory.generation) plan = this.#newPlan();
    if (plan.fields === null && memory.hasRoomFor(bytesOf(this.#sieve!.rules().plan))) {
      plan.fields = this.#makeFields(plan);
      if (plan.fields === null) {
        memory.forget();
        plan = this.#newPlan();
        plan.fields = this.#makeFields(plan);
      }
    }
    this.#plan = plan;
    this.#turned = plan.fields;
    if (plan.fields === null) return;
    const { chunkAt, offsetsAt, headsAt } = this.#values;
    const turn = memory.code.turnTo(plan.address, chunkAt, offsetsAt, headsAt);
    // What is evaluated until the next turn is evaluated otherwise.
    if (turn > MOST_TURNS) memory.forget();
  }

  holds(program: number): number {
    // Learning may have filled the memory, and emptied it.
    if (this.#turned === null || this.#plan!.generation !== this.#memory.generation) return UNDECIDED;
    const result = this.#memory.code.holds(program);
    if (result === NO_ROOM) {
      this.#memory.forget();
      return UNDECIDED;
    }
    return result < MISSING ? result : ~(result - MISSING);
  }

  learnField(place: number, predicates: Int32Array): void {
    const memory = this.#memory;
    const list = memory.putList(predicates);
    if (list === 0 || memory.code.learn(this.#turned!.positions, place, list) === 0) memory.forget();
  }

  #sift(plan: SiftPlan, from: number): number {
    const { chunkAt, offsetsAt, headsAt, count } = this.#values;
    return this.#memory.code.sift(plan.address, from, chunkAt, offsetsAt, headsAt, count);
  }

  /**
   * The sieve's position for what `#sift` gave. When there was no room, everything is forgotten and the value looked at
   * again.
   */
  #settle(present: SiftPlan, result: number): number {
    let plan = present;
    let at = result;
    if (at < 0) {
      const from = ~at;
      this.#memory.forget();
      plan = this.#newPlan();
      at = this.#sift(plan, from);
    }
    this.#plan = plan;
    this.#at = at;
    return at < plan.positions.length ? plan.positions[at]! : -1;
  }

  #newPlan(): SiftPlan {
    // There is room for any plan in an empty heap.
    const plan = this.#memory.withRoom(() => this.#makePlan())!;
    keptWeight.keepFirst(this.#layout!.sifts, plan, MOST_KEPT, WEIGHT);
    return plan;
  }

  /** The plan for the layout's records with the present one's types; null when there is no room. */
  #makePlan(): SiftPlan | null {
    const memory = this.#memory;
    const { slots, filters, keys } = this.#sieve!;
    const { heads, count } = this.#values;
    const positions: number[] = [];
    const words: number[] = [];
    for (let i = 0; i < slots.length; i++) {
      const value = indexOf(this.#layout!, this.#values, slots[i]!);
      let filter: TextFilter | null = filters[i]!;
      if (value >= 0 && filter !== null) {
        const type = typeOf(this.#values, value);
        if (filter.words && NUMERIC_TYPES[type] === 1) continue;
        if (type !== STRING_TYPE) filter = null;
      } else filter = null;
      const filterAt = filter === null ? 0 : memory.putFilter(filter);
      if (filter !== null && filterAt === 0) return null;
      positions.push(i);
      words.push(value, filterAt, keys[i]!, 0, 0, 0, 0, 0);
    }
    const types = memory.put(heads.subarray(0, count));
    const address = types === 0 ? 0 : memory.put([positions.length, count, types, 0, ...words]);
    if (address === 0) return null;
    return {
      sieve: this.#sieve!.id,
      address,
      generation: memory.generation,
      positions: Int32Array.from(positions),
      fields: null,
    };
  }

  /** Null when there is no room. */
  #makeFields({ address }: SiftPlan): PlanFields | null {
    const memory = this.#memory;
    const { plan, places, slots, keys } = this.#sieve!.rules();
    const rules = memory.putRules(plan);
    const placesAt = memory.putPlaces(places);
    const words: number[] = [];
    slots.forEach((slot, place) => {
      let value = slot === UNCLEAR ? ASK : CONSTANT;
      let absent = slot === ABSENT;
      if (slot >= 0) {
        value = indexOf(this.#layout!, this.#values, slot);
        absent = value === CONSTANT && isAbsent(this.#layout!, this.#values, slot);
      }
      words.push(value, absent ? 1 : 0, keys[place]!, 0, 0, 0, 0, 0);
    });
    const positions = memory.put(words);
    if (rules === null || placesAt === 0 || positions === 0) return null;
    const { programs, kinds, fields, references, marks } = rules;
    const attached = memory.put([programs, kinds, fields, references, marks, placesAt, positions]);
    if (attached === 0) return null;
    memory.code.attach(address, attached);
    return { positions };
  }
}

/** The value of a slot: its index, CONSTANT where all records of these types have the same, ASK where it takes more to say. */
function indexOf(layout: Layout, values: RecordValues, slot: number): number {
  const code = layout.access[slot]!;
  let index = code & VALUE_INDEX_MASK;
  if (code < 0) {
    const special = layout.specials[~code]!;
    if (special.literal !== null || isMissing(special, values)) return CONSTANT;
    if (special.value < 0) return ASK;
    index = special.value;
  }
  const type = typeOf(values, index);
  // Null is empty, or absent.
  return type === NULL_TYPE ? CONSTANT : index;
}

/** True when a slot whose value is CONSTANT has none. */
function isAbsent(layout: Layout, values: RecordValues, slot: number): boolean {
  const code = layout.access[slot]!;
  return code < 0 ? isMissing(layout.specials[~code]!, values) : code >= ABSENT_IF_NULL;
}

function isMissing({ needed }: Special, values: RecordValues): boolean {
  return needed.some((one) => typeOf(values, one) === NULL_TYPE);
}

function typeOf({ heads, count }: RecordValues, index: number): number {
  return index < count ? heads[index]! >> HEAD_TYPE_SHIFT : NULL_TYPE;
}
