// AssemblyScript, not TypeScript: scripts/wasm.mjs compiles it. HOT: runs for every event that rules look at.
/**
 * The values of an event against what is known of values. In: a plan (which values to look at, for which filters and keys), a
 * record's values. Out: what the known ones bring up, in `found`; the first value of which it is not known.
 *
 * Machine code that is there from the first event on and that threads share, and numbers side by side in one memory: that is what
 * WebAssembly is for here. `thread-memory.ts` lays the memory out, and makes plans, filters and lists in it.
 */
import { sameBytes } from './bytes';

/** `sift` gives these instead of a position. NO_ROOM: complement of the position at which the tables were full. */
const OTHER_TYPES: i32 = -0x4000_0000;

/**
 * A plan: positions, values that its types are of, address of these types, what evaluating rules needs (0: not there yet);
 * then its positions.
 */
const PLAN_VALUES: usize = 4;
const PLAN_TYPES: usize = 8;
const PLAN_RULES: usize = 12;
const PLAN_HEADER: usize = 16;
/**
 * What evaluating rules needs: of the rule set programs, kinds, fields, references and marks of predicates; of the plan field
 * -> position, and positions.
 */
const RULE_KINDS: usize = 4;
const RULE_FIELDS: usize = 8;
const RULE_REFERENCES: usize = 12;
const RULE_MARKS: usize = 16;
const RULE_PLACES: usize = 20;
const RULE_POSITIONS: usize = 24;
/**
 * A position: value, filter (of a field: is it absent?), key; then the last value there: length and type, copy, number, and the
 * list for it; of a field: the event in which the list was marked.
 */
const POSITION: usize = 32;
const FILTER_OF: usize = 4;
const KEY_OF: usize = 8;
const LAST_KIND: usize = 12;
const LAST_COPY: usize = 16;
const LAST_NUMBER: usize = 20;
const LAST_LIST: usize = 24;
const MARKED: usize = 28;
const ABSENT: usize = FILTER_OF;
/** Instead of a value: whoever calls must look himself. Others below 0: it is the same for all records of these types. */
const ASK: i32 = -2;

/** A filter (`model/text-filter.ts`): shift, size, mask, step in bytes; then its bits. */
const FILTER_SIZE: usize = 4;
const FILTER_MASK: usize = 8;
const FILTER_STEP: usize = 12;
const FILTER_BITS: usize = 16;

/** An entry of the table of values: hash, length and type (plus one, 0: free), copy. */
const ENTRY_SHIFT: u32 = 4;
const ENTRY_KIND: usize = 4;
const ENTRY_COPY: usize = 8;
/** A cell of the table of lists: number of the value plus one (0: free), key, list. */
const CELL_SHIFT: u32 = 4;
const CELL_KEY: usize = 4;
const CELL_LIST: usize = 8;
/** Slots looked through for one value; only values made to collide get there. */
const MOST_PROBES: u32 = 1024;

/**
 * What `holds` gives besides 0 and 1: evaluate it otherwise; forget everything first; from MISSING on: what is known of the
 * value of field (result - MISSING)?
 */
const UNKNOWN: i32 = 2;
const NO_ROOM: i32 = 3;
const MISSING: i32 = 16;
/** `model/match-plan.ts`: kinds of predicates, nodes of programs. */
const GUARDED: u8 = 6;
const IS_NULL: u8 = 8;
const EXISTS: u8 = 9;
const FIELDREF: u8 = 10;
const STRING_TYPE: u32 = 1;
const SOME: i32 = 0;
const EVERY: i32 = 1;
const OR: i32 = 2;
const NOT: i32 = 4;

/** Turns are numbers of 31 bits. */
const MOST_TURNS: u32 = 0x7fff_0000;

const HEAD_LENGTH: u32 = 0xffff;
const TYPES: u64 = 0xffff_0000_ffff_0000;
/** Upper halves of UTF-16 units. */
const WIDE: u64 = 0xff00_ff00_ff00_ff00;

let entries: usize = 0;
let entryMask: u32 = 0;
let mostEntries: u32 = 0;
let usedEntries: u32 = 0;
let copies: usize = 0;
let copiesEnd: usize = 0;
let copiesTop: usize = 0;
let longest: u32 = 0;
let cells: usize = 0;
let cellMask: u32 = 0;
let mostCells: u32 = 0;
let usedCells: u32 = 0;
let found: usize = 0;
let mostFound: u32 = 0;

/** Of the rules that are being evaluated: programs, kinds and fields of predicates, the event in which each was found to hold. */
let programs: usize = 0;
let kinds: usize = 0;
let fieldOf: usize = 0;
/**
 * How many comparisons of a field with another there are; then of each the predicate, the other field, and whether case
 * counts.
 */
let references: usize = 0;
let marks: usize = 0;
/** Field -> its position, and the positions; the record. */
let locals: usize = 0;
let fields: usize = 0;
let recordChunk: usize = 0;
let recordOffsets: usize = 0;
let recordHeads: usize = 0;
let turns: u32 = 0;

/**
 * Where the tables are, and how many of each fit (powers of two for entries and cells). Values longer than `limit` are not
 * kept.
 */
export function setUp(
  entryTable: usize,
  entryCount: u32,
  copyArea: usize,
  copyBytes: u32,
  cellTable: usize,
  cellCount: u32,
  foundArea: usize,
  foundCount: u32,
  limit: u32,
): void {
  entries = entryTable;
  entryMask = entryCount - 1;
  // Beyond three of five, searches grow long.
  mostEntries = (entryCount / 5) * 3;
  copies = copyArea;
  copiesEnd = copyArea + copyBytes;
  cells = cellTable;
  cellMask = cellCount - 1;
  mostCells = (cellCount / 5) * 3;
  found = foundArea;
  mostFound = foundCount;
  longest = limit;
  // Memory is of zeros at first.
  copiesTop = copies;
}

/** Forgets all values and lists. Plans hold addresses of them: they must not be used again. */
export function forget(): void {
  memory.fill(entries, 0, (<usize>entryMask + 1) << ENTRY_SHIFT);
  memory.fill(cells, 0, (<usize>cellMask + 1) << CELL_SHIFT);
  usedEntries = 0;
  usedCells = 0;
  copiesTop = copies;
  turns = 0;
}

/**
 * Goes through a plan's positions from `from` on. Gives the first of whose value no list is known, the number of positions
 * when there is none, OTHER_TYPES when the record's values are not of the plan's types, or the complement of a position: no
 * room.
 */
export function sift(plan: usize, from: u32, chunk: usize, offsets: usize, heads: usize, values: u32): i32 {
  if (from === 0 && !hasTypes(plan, heads, values)) return OTHER_TYPES;
  return siftFrom(plan, from, chunk, offsets, heads);
}

function siftFrom(plan: usize, from: u32, chunk: usize, offsets: usize, heads: usize): i32 {
  const count = load<u32>(plan);
  for (let i = from; i < count; i++) {
    const position = plan + PLAN_HEADER + <usize>i * POSITION;
    const value = load<i32>(position);
    if (value < 0) {
      if (value === ASK || !add(load<u32>(position, LAST_LIST))) return i;
      continue;
    }
    const start = chunk + load<u32>(offsets + ((<usize>value) << 2));
    const head = load<u32>(heads + ((<usize>value) << 2));
    const length = head & HEAD_LENGTH;
    const filter = load<u32>(position, FILTER_OF);
    if (filter !== 0 && !mayHold(start, length, filter)) continue;
    if (length > longest) {
      store<u32>(position, 0, LAST_KIND);
      return i;
    }
    if (!moveTo(position, start, head)) return ~i;
    if (!add(load<u32>(position, LAST_LIST))) return i;
  }
  return count;
}

/** Makes a value, not too long, the last one of a position. False when there is no room. */
function moveTo(position: usize, start: usize, head: u32): bool {
  const length = head & HEAD_LENGTH;
  const kind = kindOf(head);
  if (load<u32>(position, LAST_KIND) === kind && sameBytes(start, load<u32>(position, LAST_COPY), length)) return true;
  const number = numberOf(start, length, kind);
  if (number < 0) return false;
  store<u32>(position, kind, LAST_KIND);
  store<u32>(position, load<u32>(entries + ((<usize>number) << ENTRY_SHIFT), ENTRY_COPY), LAST_COPY);
  store<u32>(position, number, LAST_NUMBER);
  store<u32>(position, listOf(number, load<u32>(position, KEY_OF)), LAST_LIST);
  return true;
}

/** Can a list be remembered at the last value of a position? */
export function keeps(positions: usize, i: u32): bool {
  const position = positions + <usize>i * POSITION;
  const value = load<i32>(position);
  // Where it has no length and type, it was too long.
  return value < 0 ? value !== ASK : load<u32>(position, LAST_KIND) !== 0;
}

/** The list at the last value of a position from now on. False when there is no room. */
export function learn(positions: usize, i: u32, list: usize): bool {
  const position = positions + <usize>i * POSITION;
  const value = load<i32>(position);
  if (value >= 0 && !keepList(load<u32>(position, LAST_NUMBER), load<u32>(position, KEY_OF), list)) return false;
  store<u32>(position, <u32>list, LAST_LIST);
  return true;
}

/** Has a record's values the types of a plan? */
export function hasTypes(plan: usize, heads: usize, values: u32): bool {
  if (load<u32>(plan, PLAN_VALUES) !== values) return false;
  const types = <usize>load<u32>(plan, PLAN_TYPES);
  // Two at a time; both end in a word more than there is.
  for (let at: usize = 0, end = (<usize>values) << 2; at < end; at += 8) {
    let differ = (load<u64>(heads + at) ^ load<u64>(types + at)) & TYPES;
    if (at + 4 === end) differ &= 0xffff_ffff;
    if (differ !== 0) return false;
  }
  return true;
}

/** Adds a list (its length, then its numbers) to what was found. False when it is none, or does not fit. */
function add(list: u32): bool {
  if (list === 0) return false;
  const length = load<u32>(list);
  if (length === 0) return true;
  const before = load<u32>(found);
  if (before + length > mostFound) return false;
  const to = found + 4 + ((<usize>before) << 2);
  // Few, nearly always: a call to copy them would cost more.
  for (let i: usize = 0, end = (<usize>length) << 2; i < end; i += 4) store<u32>(to + i, load<u32>(list + 4 + i));
  store<u32>(found, before + length);
  return true;
}

function hasBits(bits: usize, quad: u32, shift: u32): bool {
  const one = (quad * 0x9e37_79b1) >>> shift;
  if (((load<u32>(bits + ((<usize>(one >>> 5)) << 2)) >>> (one & 31)) & 1) === 0) return false;
  const two = (quad * 0x85eb_ca6b) >>> shift;
  return ((load<u32>(bits + ((<usize>(two >>> 5)) << 2)) >>> (two & 31)) & 1) !== 0;
}

/** UTF-16 text with characters at one of its positions that the filter knows, or one beyond Latin-1. */
export function mayHold(start: usize, length: u32, filter: usize): bool {
  const shift = load<u32>(filter);
  const mask = load<u32>(filter, FILTER_MASK);
  const step = <usize>load<u32>(filter, FILTER_STEP);
  const bits = filter + FILTER_BITS;
  const end = start + length;
  let at = start;
  for (; at + 8 <= end; at += step) {
    const units = load<u64>(at);
    if ((units & WIDE) !== 0) return true;
    if (hasBits(bits, (<u32>units | <u32>(units >>> 24)) & mask, shift)) return true;
  }
  // The last three characters, where three count.
  if (load<u32>(filter, FILTER_SIZE) !== 3 || at + 6 > end) return false;
  const first = load<u32>(at);
  const third = <u32>load<u16>(at, 4);
  if ((first & <u32>WIDE) !== 0 || third > 0xff) return true;
  return hasBits(bits, (first | (third << 8)) & mask, shift);
}

function hashOf(start: usize, length: u32, kind: u32): u32 {
  let at = start;
  const end = start + length;
  // Two sums side by side: neither waits for the other.
  let one: u64 = kind;
  let two: u64 = 0x27d4_eb2f_1656_67c5;
  for (; at + 16 <= end; at += 16) {
    one = (one ^ load<u64>(at)) * 0x1e37_79b9_7f4a_7c15;
    one ^= one >>> 29;
    two = (two ^ load<u64>(at, 8)) * 0x42b2_ae3d_27d4_eb4f;
    two ^= two >>> 31;
  }
  if (at + 8 <= end) {
    one = (one ^ load<u64>(at)) * 0x1e37_79b9_7f4a_7c15;
    one ^= one >>> 29;
    at += 8;
  }
  if (at + 4 <= end) {
    two = (two ^ <u64>load<u32>(at)) * 0x42b2_ae3d_27d4_eb4f;
    two ^= two >>> 31;
    at += 4;
  }
  for (; at < end; at++) {
    two = (two ^ <u64>load<u8>(at)) * 0x42b2_ae3d_27d4_eb4f;
    two ^= two >>> 31;
  }
  return <u32>(((one ^ ((two << 17) | (two >>> 47))) * 0x1e37_79b9_7f4a_7c15) >>> 32);
}

/** The number of a value: the same bytes of the same type have the same until everything is forgotten. -1: no room. */
function numberOf(start: usize, length: u32, kind: u32): i32 {
  const hash = hashOf(start, length, kind);
  let number = hash & entryMask;
  for (let probes: u32 = 0; probes < MOST_PROBES; probes++) {
    const entry = entries + ((<usize>number) << ENTRY_SHIFT);
    const there = load<u32>(entry, ENTRY_KIND);
    if (there === 0) {
      if (usedEntries >= mostEntries || copiesTop + length > copiesEnd) return -1;
      memory.copy(copiesTop, start, length);
      store<u32>(entry, hash);
      store<u32>(entry, kind, ENTRY_KIND);
      store<u32>(entry, <u32>copiesTop, ENTRY_COPY);
      copiesTop += length;
      usedEntries++;
      return number;
    }
    if (there === kind && load<u32>(entry) === hash && sameBytes(start, load<u32>(entry, ENTRY_COPY), length)) return number;
    number = (number + 1) & entryMask;
  }
  return -1;
}

function firstCell(number: u32, key: u32): u32 {
  return ((number * 0x9e37_79b1) ^ (key * 0x85eb_ca6b)) >>> 7;
}

/** The cell of a value and a key, or the free one where it belongs; 0 when there is none near. */
function cellOf(number: u32, key: u32): usize {
  let cell = firstCell(number, key) & cellMask;
  for (let probes: u32 = 0; probes < MOST_PROBES; probes++) {
    const at = cells + ((<usize>cell) << CELL_SHIFT);
    const there = load<u32>(at);
    if (there === 0 || (there === number + 1 && load<u32>(at, CELL_KEY) === key)) return at;
    cell = (cell + 1) & cellMask;
  }
  return 0;
}

/** The number that is kept under a key for a value; 0 when there is none. */
export function keptAt(start: usize, head: u32, key: u32): u32 {
  const length = head & HEAD_LENGTH;
  if (length > longest) return 0;
  const number = numberOf(start, length, kindOf(head));
  return number < 0 ? 0 : listOf(number, key);
}

/** Keeps it, where there is room. */
export function keepAt(start: usize, head: u32, key: u32, kept: u32): void {
  const length = head & HEAD_LENGTH;
  if (length > longest) return;
  const number = numberOf(start, length, kindOf(head));
  if (number >= 0) keepList(number, key, kept);
}

/** Length and type of a value; plus one, so that 0 is none. */
function kindOf(head: u32): u32 {
  return ((head & HEAD_LENGTH) | ((head >>> 16) << 24)) + 1;
}

/** The list that is kept for a value under a key; 0 when there is none. */
function listOf(number: u32, key: u32): u32 {
  const cell = cellOf(number, key);
  // Free ones are of zeros.
  return cell === 0 ? 0 : load<u32>(cell, CELL_LIST);
}

function keepList(number: u32, key: u32, list: usize): bool {
  const cell = usedCells < mostCells ? cellOf(number, key) : 0;
  if (cell === 0) return false;
  if (load<u32>(cell) === 0) usedCells++;
  store<u32>(cell, number + 1);
  store<u32>(cell, key, CELL_KEY);
  store<u32>(cell, <u32>list, CELL_LIST);
  return true;
}

/** From now on rules can be evaluated on a plan's records. */
export function attach(plan: usize, rules: usize): void {
  store<u32>(plan, <u32>rules, PLAN_RULES);
}

/**
 * Turns to a record of a plan for `holds`. Gives a number that grows from turn to turn; everything must be forgotten before it
 * leaves 31 bits.
 */
export function turnTo(plan: usize, chunk: usize, offsets: usize, heads: usize): u32 {
  const rules = <usize>load<u32>(plan, PLAN_RULES);
  programs = load<u32>(rules);
  kinds = load<u32>(rules, RULE_KINDS);
  fieldOf = load<u32>(rules, RULE_FIELDS);
  references = load<u32>(rules, RULE_REFERENCES);
  marks = load<u32>(rules, RULE_MARKS);
  locals = load<u32>(rules, RULE_PLACES);
  fields = load<u32>(rules, RULE_POSITIONS);
  recordChunk = chunk;
  recordOffsets = offsets;
  recordHeads = heads;
  return ++turns;
}

/** What `judge` gives. */
export const NOTHING_HOLDS: u32 = 0;
export const SOMETHING_HOLDS: u32 = 1;
export const NOT_CLEAR: u32 = 2;
/** Pairs in `held`; instead of a number: the sieve was judged. */
const MOST_HELD: u32 = 255;
const JUDGED: u32 = 0xffff_ffff;

/**
 * What of a plan holds for a record that has its types? In: what comes up by itself, and by number what comes up: program, the
 * turn in which it was looked at. Out: pairs of `sieve` and a number that holds, added to `held` (how many, then they) behind
 * one that says that the sieve was judged. Not clear where it takes more to say.
 */
export function judge(
  plan: usize,
  always: usize,
  entries: usize,
  sieve: u32,
  held: usize,
  chunk: usize,
  offsets: usize,
  heads: usize,
): u32 {
  if (!hold(held, sieve, JUDGED)) return NOT_CLEAR;
  store<u32>(found, 0);
  if (siftFrom(plan, 0, chunk, offsets, heads) !== load<u32>(plan)) return NOT_CLEAR;
  if (load<u32>(found) === 0 && load<u32>(always) === 0) return NOTHING_HOLDS;
  if (load<u32>(plan, PLAN_RULES) === 0 || turns >= MOST_TURNS) return NOT_CLEAR;
  turnTo(plan, chunk, offsets, heads);
  const before = load<u32>(held);
  if (!judgeList(always, entries, sieve, held) || !judgeList(found, entries, sieve, held)) return NOT_CLEAR;
  return load<u32>(held) === before ? NOTHING_HOLDS : SOMETHING_HOLDS;
}

function judgeList(list: usize, entries: usize, sieve: u32, held: usize): bool {
  const end = list + 4 + ((<usize>load<u32>(list)) << 2);
  for (let at = list + 4; at < end; at += 4) {
    const number = load<u32>(at);
    const entry = entries + ((<usize>number) << 3);
    if (load<u32>(entry, 4) === turns) continue;
    store<u32>(entry, turns, 4);
    const result = holds(load<i32>(entry));
    if (result === 0) continue;
    if (result !== 1 || !hold(held, sieve, number)) return false;
  }
  return true;
}

function hold(held: usize, sieve: u32, number: u32): bool {
  const count = load<u32>(held);
  if (count === MOST_HELD) return false;
  const to = held + 4 + ((<usize>count) << 3);
  store<u32>(to, sieve);
  store<u32>(to, number, 4);
  store<u32>(held, count + 1);
  return true;
}

function word(at: i32): i32 {
  return load<i32>(programs + ((<usize>at) << 2));
}

/**
 * Does the rule whose program begins at `at` hold for the record? UNKNOWN only when that depends on what is not known;
 * MISSING as soon as something can be learned.
 */
export function holds(at: i32): i32 {
  const end = word(at + 1);
  const operation = word(at);
  if (operation === NOT) {
    const result = holds(at + 2);
    return result > 1 ? result : 1 - result;
  }
  if (operation > NOT) return holds(word(at + 2));
  // What one part decides.
  const decisive = operation === SOME || operation === OR ? 1 : 0;
  let all = 1 - decisive;
  if (operation <= EVERY) {
    for (let i = at + 3; i < end; i++) {
      const result = predicate(word(i));
      if (result === decisive || result > UNKNOWN) return result;
      if (result === UNKNOWN) all = UNKNOWN;
    }
  } else {
    for (let child = at + 2; child < end; child = word(child + 1)) {
      const result = holds(child);
      if (result === decisive || result > UNKNOWN) return result;
      if (result === UNKNOWN) all = UNKNOWN;
    }
  }
  return all;
}

function predicate(number: i32): i32 {
  const kind = load<u8>(kinds + number);
  const local = <i32>load<u16>(locals + ((<usize>load<u16>(fieldOf + ((<usize>number) << 1))) << 1));
  const position = fields + <usize>local * POSITION;
  const value = load<i32>(position);
  if (kind === FIELDREF) return isEqual(number, value);
  if (value === ASK) return UNKNOWN;
  if (kind <= GUARDED) {
    if (load<u32>(position, MARKED) !== turns) {
      const result = mark(position, value);
      if (result !== 0) return result === MISSING ? MISSING + local : result;
    }
    return load<u32>(marks + ((<usize>number) << 2)) === turns ? 1 : 0;
  }
  const absent = value < 0 && load<u32>(position, ABSENT) !== 0;
  if (kind === IS_NULL) return absent ? 1 : 0;
  if (kind === EXISTS) return absent ? 0 : 1;
  return UNKNOWN;
}

/** Is a field's value the same text as that of another? Where it is easy to say: both are strings of Latin-1. */
function isEqual(number: i32, value: i32): i32 {
  if (value < 0) return UNKNOWN;
  let at = references;
  for (let left = load<u32>(references); ; left--, at += 12) {
    if (left === 0) return UNKNOWN;
    if (load<i32>(at, 4) === number) break;
  }
  const local = load<u16>(locals + ((<usize>load<u32>(at, 8)) << 1));
  const other = load<i32>(fields + <usize>local * POSITION);
  if (other < 0) return UNKNOWN;
  const head = load<u32>(recordHeads + ((<usize>value) << 2));
  const otherHead = load<u32>(recordHeads + ((<usize>other) << 2));
  if (head >>> 16 !== STRING_TYPE || otherHead >>> 16 !== STRING_TYPE) return UNKNOWN;
  const cased = load<u32>(at, 12) !== 0;
  const one = recordChunk + load<u32>(recordOffsets + ((<usize>value) << 2));
  const two = recordChunk + load<u32>(recordOffsets + ((<usize>other) << 2));
  const units = (head & HEAD_LENGTH) >>> 1;
  const otherUnits = (otherHead & HEAD_LENGTH) >>> 1;
  const most = max(units, otherUnits);
  for (let i: u32 = 0; i < most; i++) {
    // Behind its end a text has what the NULs at its end are, too.
    const a: u32 = i < units ? load<u16>(one + ((<usize>i) << 1)) : 0;
    const b: u32 = i < otherUnits ? load<u16>(two + ((<usize>i) << 1)) : 0;
    if (a > 0xff || b > 0xff) return UNKNOWN;
    if (a === b) continue;
    if (cased || lower(a) !== lower(b)) return 0;
  }
  return 1;
}

function lower(unit: u32): u32 {
  const upper = (unit >= 0x41 && unit <= 0x5a) || (unit >= 0xc0 && unit <= 0xde && unit !== 0xd7);
  return upper ? unit + 0x20 : unit;
}

/** Marks the predicates that a field's value satisfies; 0 when that is done. */
function mark(position: usize, value: i32): i32 {
  if (value >= 0) {
    const head = load<u32>(recordHeads + ((<usize>value) << 2));
    if ((head & HEAD_LENGTH) > longest) return UNKNOWN;
    if (!moveTo(position, recordChunk + load<u32>(recordOffsets + ((<usize>value) << 2)), head)) return NO_ROOM;
  }
  const list = <usize>load<u32>(position, LAST_LIST);
  if (list === 0) return MISSING;
  const end = list + 4 + ((<usize>load<u32>(list)) << 2);
  for (let at = list + 4; at < end; at += 4) store<u32>(marks + ((<usize>load<u32>(at)) << 2), turns);
  store<u32>(position, turns, MARKED);
  return 0;
}
