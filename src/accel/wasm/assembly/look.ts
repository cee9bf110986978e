// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs for every event that rules look at.
/**
 * Looks up the values of an event among the values remembered. In: a plan (which values to look at, with which filters and
 * keys) and a record's values. Out: in `found` the candidates that known values make, already evaluated; or the first place
 * whose value is not known.
 *
 * This is WebAssembly because its machine code exists from the first event on and is shared by all threads, and because its
 * numbers lie side by side in one memory. `memory.ts` writes the plans, filters and lists into that memory.
 */
import { begin, forgetTurns } from './evaluate';
import { mayHold } from './filter';
import {
  ALL_FOUND,
  ASK,
  HEAD_LENGTH,
  LONGEST,
  OTHER_TYPES,
  PLACE_BYTES,
  PLACE_FILTER,
  PLACE_LAST_KIND,
  PLACE_LAST_LIST,
  PLAN_ALWAYS,
  PLAN_BYTES,
  PLAN_COUNT,
  PLAN_TYPES,
  PLAN_VALUES,
  TOO_MANY,
} from './layout.generated';
import { add, found, moveTo } from './places';
import { forgetValues } from './values';

const TYPES: u64 = 0xffff_0000_ffff_0000;

/** Forgets all values and lists. Plans hold addresses of them, so no plan may be used afterwards. */
export function forget(): void {
  forgetValues();
  forgetTurns();
}

/** Goes through the places of a plan, starting with `from`. `layout.mjs` documents the result. */
export function look(plan: usize, from: u32, chunk: usize, offsets: usize, heads: usize, values: u32): i32 {
  if (from === 0) {
    if (!hasTypes(plan, heads, values)) return OTHER_TYPES;
    store<u32>(found, 0);
    if (!add(load<u32>(plan, PLAN_ALWAYS))) return TOO_MANY;
  }
  const count = load<u32>(plan, PLAN_COUNT);
  for (let i = from; i < count; i++) {
    const place = plan + PLAN_BYTES + <usize>i * PLACE_BYTES;
    const value = load<i32>(place);
    if (value < 0) {
      const list = load<u32>(place, PLACE_LAST_LIST);
      if (value === ASK || list === 0) return i;
      if (!add(list)) return TOO_MANY;
      continue;
    }
    const start = chunk + load<u32>(offsets + ((<usize>value) << 2));
    const head = load<u32>(heads + ((<usize>value) << 2));
    const length = head & HEAD_LENGTH;
    const filter = load<u32>(place, PLACE_FILTER);
    if (filter !== 0 && !mayHold(start, length, filter)) continue;
    if (length > LONGEST) {
      store<u32>(place, 0, PLACE_LAST_KIND);
      return i;
    }
    if (!moveTo(place, start, head)) return ~i;
    const list = load<u32>(place, PLACE_LAST_LIST);
    if (list === 0) return i;
    if (!add(list)) return TOO_MANY;
  }
  return load<u32>(found) === 0 ? ALL_FOUND : begin(plan, chunk, offsets, heads);
}

/** Whether a record's values have the types of a plan. */
function hasTypes(plan: usize, heads: usize, values: u32): bool {
  if (load<u32>(plan, PLAN_VALUES) !== values) return false;
  const types = <usize>load<u32>(plan, PLAN_TYPES);
  // Two heads at a time. Both arrays have a spare word at their end, so the last read stays inside.
  for (let at: usize = 0, end = (<usize>values) << 2; at < end; at += 8) {
    let differ = (load<u64>(heads + at) ^ load<u64>(types + at)) & TYPES;
    if (at + 4 === end) differ &= 0xffff_ffff;
    if (differ !== 0) return false;
  }
  return true;
}
