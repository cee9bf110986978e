// HOT: called for every event that matches.
/** Values as fields of JSON, by compiled code (`src/wasm/assembly/json.ts`). What that cannot write, others do. */
import type { JsonPieces, JsonWriter } from '../../bytes/json-writer.ts';
import type { ThreadMemory } from '../../wasm/thread-memory.ts';
import type { Layout } from './binxml/catalog.ts';
import { ABSENT_IF_NULL, VALUE_INDEX_MASK } from './binxml/fields.ts';
import { keptWeight } from './binxml/kept-weight.ts';
import type { FieldPlan } from './binxml/layout-plans.ts';
import type { RecordValues } from './values/record-values.ts';

/** What it takes more to say is written by others. */
const OTHERS = -1;
/** Kept for a layout: its System and its data fields. */
const MOST_KEPT = 4;
/** What one weighs, in nodes of a layout's tree. */
const WEIGHT = 4;

export class JsonFields {
  readonly #memory: ThreadMemory;
  readonly #values: RecordValues;

  constructor(memory: ThreadMemory, values: RecordValues) {
    this.#memory = memory;
    this.#values = values;
  }

  /** See `EventRecord.writeFields`. */
  write(layout: Layout, slots: Int32Array, keys: JsonPieces, from: number, out: JsonWriter): number {
    const memory = this.#memory;
    const plan = this.#planOf(layout, slots, keys);
    if (plan.address === 0) return from;
    this.#values.enter(memory);
    const { chunkAt, offsetsAt, headsAt, count } = this.#values;
    const next = memory.code.writeFields(plan.address, from, chunkAt, offsetsAt, headsAt, count);
    out.viewed(memory.json, memory.code.writtenBytes());
    return next;
  }

  #planOf(layout: Layout, slots: Int32Array, keys: JsonPieces): FieldPlan {
    const kept = layout.fieldPlans;
    for (let i = 0; i < kept.length; i++) {
      const plan = kept[i]!;
      if (plan.slots === slots && plan.generation === this.#memory.generation) return plan;
    }
    // There is room for it in an empty heap, or it is one that has no address.
    const plan = this.#memory.withRoom(() => this.#makePlan(layout, slots, keys))!;
    keptWeight.keepFirst(kept, plan, MOST_KEPT, WEIGHT);
    return plan;
  }

  /** Null when there is no room. */
  #makePlan({ access }: Layout, slots: Int32Array, keys: JsonPieces): FieldPlan | null {
    const memory = this.#memory;
    const { generation } = memory;
    // Nothing is forgotten for what has no room in an empty heap either.
    if (!memory.hasRoomFor(keys.view.byteLength + 16 * slots.length)) return { slots, address: 0, generation };
    const keysAt = memory.putPieces(keys);
    const words = [slots.length, 0];
    slots.forEach((slot, i) => {
      const code = slot < 0 ? OTHERS : access[slot]!;
      const name = keys.starts[i]!;
      const value = code < 0 ? OTHERS : code & VALUE_INDEX_MASK;
      words.push(value, code >= ABSENT_IF_NULL ? 1 : 0, keysAt + name, keys.starts[i + 1]! - name);
    });
    const address = memory.put(words);
    return keysAt === 0 || address === 0 ? null : { slots, address, generation };
  }
}
