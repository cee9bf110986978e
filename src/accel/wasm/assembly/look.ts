// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs for every event that rules look at.
/**
 * Looks up the values of an event among the values remembered. In: a plan (which values to look at, with which filters and
 * keys) and a record's values. Out: in `found` the candidates that known values make, already evaluated; or the first place
 * whose value is not known.
 *
 * This is WebAssembly because its machine code exists from the first event on and is shared by all threads, and because its
 * numbers lie side by side in one memory. `memory.ts` writes the plans, filters and lists into that memory.
 */
import { sameBytes } from './bytes';
import { begin, forgetTurns } from './evaluate';
import { mayHold } from './filter';
import {
  ALL_FOUND,
  ASK,
  HEAD_LENGTH,
  LONGEST,
  MOST_FOUND,
  OTHER_TYPES,
  PLACE_BYTES,
  PLACE_FILTER,
  PLACE_KEY,
  PLACE_LAST_COPY,
  PLACE_LAST_KIND,
  PLACE_LAST_LIST,
  PLACE_LAST_NUMBER,
  PLAN_ALWAYS,
  PLAN_BYTES,
  PLAN_COUNT,
  PLAN_TYPES,
  PLAN_VALUES,
  TOO_MANY,
} from './layout.generated';
import { copyOf, forgetValues, keepList, kindOf, listOf, numberOf, placeTables } from './values';

/** Address of the candidates: their count, then the candidates. */
export let found: usize = 0;

const TYPES: u64 = 0xffff_0000_ffff_0000;

/** Where the tables are. */
export function setUp(entryTable: usize, copyArea: usize, cellTable: usize, foundArea: usize): void {
  placeTables(entryTable, copyArea, cellTable);
  found = foundArea;
}

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

/** Makes a value the last value of a place. The value must not be too long. False when there is no room. */
export function moveTo(place: usize, start: usize, head: u32): bool {
  const length = head & HEAD_LENGTH;
  const kind = kindOf(head);
  if (load<u32>(place, PLACE_LAST_KIND) === kind && sameBytes(start, load<u32>(place, PLACE_LAST_COPY), length)) return true;
  const number = numberOf(start, length, kind);
  if (number < 0) return false;
  store<u32>(place, kind, PLACE_LAST_KIND);
  store<u32>(place, copyOf(number), PLACE_LAST_COPY);
  store<u32>(place, number, PLACE_LAST_NUMBER);
  store<u32>(place, listOf(number, load<u32>(place, PLACE_KEY)), PLACE_LAST_LIST);
  return true;
}

/** Whether a list can be remembered for the last value of a place. */
export function keeps(places: usize, i: u32): bool {
  const place = places + <usize>i * PLACE_BYTES;
  const value = load<i32>(place);
  // A value without length and type was too long to be remembered.
  return value < 0 ? value !== ASK : load<u32>(place, PLACE_LAST_KIND) !== 0;
}

/** From now on `list` belongs to the last value of a place. False when there is no room. */
export function learn(places: usize, i: u32, list: usize): bool {
  const place = places + <usize>i * PLACE_BYTES;
  const value = load<i32>(place);
  if (value >= 0 && !keepList(load<u32>(place, PLACE_LAST_NUMBER), load<u32>(place, PLACE_KEY), list)) return false;
  store<u32>(place, <u32>list, PLACE_LAST_LIST);
  return true;
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

/** Adds a list (its length, then its numbers) to `found`. False when it does not fit. */
function add(list: u32): bool {
  const length = load<u32>(<usize>list);
  if (length === 0) return true;
  const before = load<u32>(found);
  if (before + length > MOST_FOUND) return false;
  const to = found + 4 + ((<usize>before) << 2);
  // Lists are nearly always short; a call to copy one would cost more.
  for (let i: usize = 0, end = (<usize>length) << 2; i < end; i += 4) store<u32>(to + i, load<u32>(<usize>list + 4 + i));
  store<u32>(found, before + length);
  return true;
}
