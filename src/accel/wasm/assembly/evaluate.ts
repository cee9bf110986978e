// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs for every candidate of every event.
/**
 * Evaluates the rules that are candidates for an event. In: the candidates in `found`, and the plan's conditions. Out, in
 * `found`: the complements of rules that hold, and rules that may hold but that only the matcher can decide. It uses three truth
 * values. Regular expressions and derived fields count as unknown, and still most rules that use them are decided here.
 */
import {
  ALL_FOUND,
  ASK,
  CONDITIONS_FIELDS,
  CONDITIONS_KINDS,
  CONDITIONS_MARKS,
  CONDITIONS_PLACE_OF,
  CONDITIONS_PLACES,
  CONDITIONS_PROGRAMS,
  CONDITIONS_REFERENCES,
  EVERY,
  EXISTS,
  FIELD_ASKED,
  FIELDREF,
  GUARDED,
  HEAD_LENGTH,
  IS_NULL,
  LONGEST,
  MOST_TURNS,
  NO_CONDITIONS,
  NO_ROOM_LEFT,
  NOT,
  OR,
  PLACE_BYTES,
  PLACE_FILTER,
  PLACE_LAST_LIST,
  PLACE_MARKED,
  PLAN_CANDIDATES,
  PLAN_CONDITIONS,
  REFERENCE_BYTES,
  REFERENCE_CASED,
  REFERENCE_FIELD,
  REFERENCE_PREDICATE,
  SOME,
  STRING_TYPE,
  TYPE_SHIFT,
} from './layout.generated';
import { found, moveTo } from './places';

/**
 * Results of `holds` besides 0 and 1. UNKNOWN: the result depends on something that is not known here. NO_ROOM: there is no room
 * left. MISSING + place: the matcher must first say which predicates the value of that field satisfies.
 */
const UNKNOWN: i32 = 2;
const NO_ROOM: i32 = 3;
const MISSING: i32 = 16;

/** Addresses of the tables of the current rules, as stored in CONDITIONS. */
let programs: usize = 0;
let kinds: usize = 0;
let fieldOf: usize = 0;
/** Comparisons of fields: the count, then the comparisons. */
let references: usize = 0;
let marks: usize = 0;
let placeOf: usize = 0;
let places: usize = 0;
let candidates: usize = 0;
/** Addresses of the record's chunk and of its values. */
let recordChunk: usize = 0;
let recordOffsets: usize = 0;
let recordHeads: usize = 0;
/** A number for each record that rules were evaluated for. Marks carry it, so that they need not be cleared between records. */
let turns: u32 = 0;
/** The next candidate, the end of the candidates, and how many of those before `next` stay in `found`. */
let next: u32 = 0;
let end: u32 = 0;
let kept: u32 = 0;

export function forgetTurns(): void {
  turns = 0;
}

/** Starts evaluating the candidates in `found`. */
export function begin(plan: usize, chunk: usize, offsets: usize, heads: usize): i32 {
  const conditions = <usize>load<u32>(plan, PLAN_CONDITIONS);
  if (conditions === 0) return NO_CONDITIONS;
  programs = load<u32>(conditions, CONDITIONS_PROGRAMS);
  kinds = load<u32>(conditions, CONDITIONS_KINDS);
  fieldOf = load<u32>(conditions, CONDITIONS_FIELDS);
  references = load<u32>(conditions, CONDITIONS_REFERENCES);
  marks = load<u32>(conditions, CONDITIONS_MARKS);
  placeOf = load<u32>(conditions, CONDITIONS_PLACE_OF);
  places = load<u32>(conditions, CONDITIONS_PLACES);
  candidates = load<u32>(plan, PLAN_CANDIDATES);
  recordChunk = chunk;
  recordOffsets = offsets;
  recordHeads = heads;
  // Numbers begin anew when everything is forgotten.
  if (turns >= MOST_TURNS) return NO_ROOM_LEFT;
  turns++;
  next = 0;
  kept = 0;
  end = load<u32>(found);
  return evaluate();
}

/** Continues at the field it asked about, after the answer was stored. */
export function evaluate(): i32 {
  for (; next < end; next++) {
    const number = load<u32>(found + 4 + ((<usize>next) << 2));
    const candidate = candidates + ((<usize>number) << 3);
    if (load<u32>(candidate, 4) === turns) continue;
    const result = holds(load<i32>(candidate));
    if (result >= MISSING) return FIELD_ASKED + (result - MISSING);
    if (result === NO_ROOM) {
      leave();
      return NO_ROOM_LEFT;
    }
    store<u32>(candidate, turns, 4);
    if (result !== 0) keep(result === 1 ? ~number : number);
  }
  store<u32>(found, kept);
  return ALL_FOUND;
}

/** Leaves all candidates that were not evaluated yet to the matcher. */
export function leave(): void {
  for (; next < end; next++) keep(load<u32>(found + 4 + ((<usize>next) << 2)));
  store<u32>(found, kept);
}

function keep(number: u32): void {
  store<u32>(found + 4 + ((<usize>kept) << 2), number);
  kept++;
}

function word(at: i32): i32 {
  return load<i32>(programs + ((<usize>at) << 2));
}

/**
 * Whether the rule whose program begins at `at` holds for the record. UNKNOWN only when the result depends on something that is
 * not known; MISSING as soon as the matcher can tell something that is needed.
 */
function holds(at: i32): i32 {
  const end = word(at + 1);
  const operation = word(at);
  if (operation === NOT) {
    const result = holds(at + 2);
    return result > 1 ? result : 1 - result;
  }
  if (operation > NOT) return holds(word(at + 2));
  // The result of one part that decides the whole: true for an OR, false for an AND.
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
  const kind = <i32>load<u8>(kinds + number);
  const local = <i32>load<u16>(placeOf + ((<usize>load<u16>(fieldOf + ((<usize>number) << 1))) << 1));
  const place = places + <usize>local * PLACE_BYTES;
  const value = load<i32>(place);
  if (kind === FIELDREF) return isEqual(number, value);
  if (value === ASK) return UNKNOWN;
  if (kind <= GUARDED) {
    if (load<u32>(place, PLACE_MARKED) !== turns) {
      const result = mark(place, value);
      if (result !== 0) return result === MISSING ? MISSING + local : result;
    }
    return load<u32>(marks + ((<usize>number) << 2)) === turns ? 1 : 0;
  }
  const absent = value < 0 && load<u32>(place, PLACE_FILTER) !== 0;
  if (kind === IS_NULL) return absent ? 1 : 0;
  if (kind === EXISTS) return absent ? 0 : 1;
  return UNKNOWN;
}

/** Whether a field's value is the same text as another field's. Only decided where it is easy: both are strings of Latin-1. */
function isEqual(number: i32, value: i32): i32 {
  if (value < 0) return UNKNOWN;
  let at = references + 4;
  for (let left = load<u32>(references); ; left--, at += REFERENCE_BYTES) {
    if (left === 0) return UNKNOWN;
    if (load<i32>(at, REFERENCE_PREDICATE) === number) break;
  }
  const local = load<u16>(placeOf + ((<usize>load<u32>(at, REFERENCE_FIELD)) << 1));
  const other = load<i32>(places + <usize>local * PLACE_BYTES);
  if (other < 0) return UNKNOWN;
  const head = load<u32>(recordHeads + ((<usize>value) << 2));
  const otherHead = load<u32>(recordHeads + ((<usize>other) << 2));
  if (head >>> TYPE_SHIFT !== STRING_TYPE || otherHead >>> TYPE_SHIFT !== STRING_TYPE) return UNKNOWN;
  const cased = load<u32>(at, REFERENCE_CASED) !== 0;
  const one = recordChunk + load<u32>(recordOffsets + ((<usize>value) << 2));
  const two = recordChunk + load<u32>(recordOffsets + ((<usize>other) << 2));
  const units = (head & HEAD_LENGTH) >>> 1;
  const otherUnits = (otherHead & HEAD_LENGTH) >>> 1;
  const most = max(units, otherUnits);
  for (let i: u32 = 0; i < most; i++) {
    // The NULs at the end of a text do not count, so both texts are treated as if zeros followed.
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

/** Marks the predicates that a field's value satisfies. Returns 0 when that is done. */
function mark(place: usize, value: i32): i32 {
  if (value >= 0) {
    const head = load<u32>(recordHeads + ((<usize>value) << 2));
    if ((head & HEAD_LENGTH) > LONGEST) return UNKNOWN;
    if (!moveTo(place, recordChunk + load<u32>(recordOffsets + ((<usize>value) << 2)), head)) return NO_ROOM;
  }
  const list = <usize>load<u32>(place, PLACE_LAST_LIST);
  if (list === 0) return MISSING;
  const end = list + 4 + ((<usize>load<u32>(list)) << 2);
  for (let at = list + 4; at < end; at += 4) store<u32>(marks + ((<usize>load<u32>(at)) << 2), turns);
  store<u32>(place, turns, PLACE_MARKED);
  return 0;
}
