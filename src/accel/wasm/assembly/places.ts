// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs for every value that rules look at.
/**
 * The places of a plan, each with its last value and the candidates which that value makes, and the candidates found for the
 * record at hand. In: a value as chunk bytes. Out: its list of candidates, remembered at its place; `found`.
 */
import { sameBytes } from './bytes';
import {
  ASK,
  HEAD_LENGTH,
  MOST_FOUND,
  PLACE_BYTES,
  PLACE_KEY,
  PLACE_LAST_COPY,
  PLACE_LAST_KIND,
  PLACE_LAST_LIST,
  PLACE_LAST_NUMBER,
} from './layout.generated';
import { copyOf, keepList, kindOf, listOf, numberOf, placeTables } from './values';

/** Address of the candidates: their count, then the candidates. */
export let found: usize = 0;

/** Where the tables are. */
export function setUp(entryTable: usize, copyArea: usize, cellTable: usize, foundArea: usize): void {
  placeTables(entryTable, copyArea, cellTable);
  found = foundArea;
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

/** Adds a list (its length, then its numbers) to `found`. False when it does not fit. */
export function add(list: u32): bool {
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
