// AssemblyScript, not TypeScript: scripts/wasm.mjs compiles it. HOT: runs for every record of a log.
/**
 * The short way through a record (`src/logs/evtx/binxml/binxml.ts`): one template in another, or one alone, both known from before.
 * In: a place in the chunk. Out: where its values are, and the number of its layout, if it has one that is known. Whatever is
 * otherwise in any way is left to those who can say what is wrong with it.
 */
import { sameBytes } from './bytes';

const FRAGMENT_HEADER: u8 = 0x0f;
const TEMPLATE_INSTANCE: u8 = 0x0c;
const DEFINITION_HEADER: u32 = 24;
/** The least that holds a fragment header, an instance's token and its count of values. */
const LEAST_INSTANCE: u32 = 18;
const CHUNK_BYTES: u32 = 0x1_0000;
/** Fewer than these fit in a chunk. */
const MOST_VALUES: u32 = CHUNK_BYTES >>> 2;

const HEAD_LENGTH: u32 = 0xffff;
const HEAD_TYPE: u32 = 0xff_0000;
const HEAD_MASK: u32 = HEAD_LENGTH | HEAD_TYPE;
const BINXML: u32 = 0x21_0000;
const UINT16: u32 = 0x06_0002;
const FILETIME: u32 = 0x11_0008;

/**
 * What is known of records of a layout: innermost template; outer template, its values, the value with the inner instance (-1:
 * none), its values; the values that are EventID, TimeCreated, Channel and Computer (-1: none); what `skim.ts` keeps; then of
 * Channel and Computer what it was the last time.
 */
const LAYOUT_SHIFT: u32 = 9;
const OUTER: usize = 4;
const OUTER_COUNT: usize = 8;
const NESTED: usize = 12;
const INNER_COUNT: usize = 16;
const EVENT_ID: usize = 20;
const TIME: usize = 24;
export const CHANNEL: usize = 28;
export const COMPUTER: usize = 32;
/** What the last record had that others have not been told of: another Channel or Computer than the one before. */
export const UNTOLD: usize = 36;
export const SKIMMED: usize = 40;
/** Numbers of the last Channel and Computer; 0: not known. */
export const CHANNEL_NUMBER: usize = SKIMMED + 4;
export const COMPUTER_NUMBER: usize = SKIMMED + 8;
const LAST_CHANNEL: usize = 60;
const LAST_COMPUTER: usize = 284;
/** The last value: its head, then its bytes. */
const LAST_BYTES: usize = 4;
const MOST_LAST: u32 = 220;

/** What is returned beside the number: count of values, EventID, flags; the time, f64, in microseconds since 1970. */
export const EVENT_ID_AT: usize = 4;
export const FLAGS_AT: usize = 8;
export const TIME_AT: usize = 16;
const NO_EVENT_ID: i32 = -1;
/** Instead of a value: it stands in the template. */
const LITERAL: i32 = -2;
export const SAME_CHANNEL: u32 = 1;
export const SAME_COMPUTER: u32 = 2;
export const HAS_TIME: u32 = 4;
const TICKS_PER_US: u64 = 10;
const EPOCH_US: i64 = 11_644_473_600_000_000;
/** Microseconds up to here are exact as f64, on either side of 1970; 0 is no time (`time.ts`). */
const MOST_TICKS: u64 = 200_000_000_000_000_000;
/** More bytes behind the values are for others to explain. */
const MOST_SPARE: u32 = 27;

let layouts: usize = 0;
/** Hash of templates -> number of a layout, plus one (0: none). Slots looked through for one layout. */
let numbers: usize = 0;
let numberMask: u32 = 0;
const MOST_PROBES: u32 = 8;
export let result: usize = 0;

/**
 * Of the chunk that is being read: itself, the templates by offset (valid where the stamp is the chunk's), and where values
 * go.
 */
export let chunk: usize = 0;
let stamps: usize = 0;
let templates: usize = 0;
let stamp: i32 = 0;
export let offsets: usize = 0;
export let heads: usize = 0;

/** `numberCount` is a power of two. */
export function setUpRecords(layoutTable: usize, numberTable: usize, numberCount: u32, resultArea: usize): void {
  layouts = layoutTable;
  numbers = numberTable;
  numberMask = numberCount - 1;
  result = resultArea;
}

/** Numbers of layouts and templates mean nothing any longer. */
export function forgetLayouts(): void {
  memory.fill(numbers, 0, (<usize>numberMask + 1) << 2);
}

export function openChunk(
  chunkAt: usize,
  stampsAt: usize,
  templatesAt: usize,
  chunkStamp: i32,
  offsetsAt: usize,
  headsAt: usize,
): void {
  chunk = chunkAt;
  stamps = stampsAt;
  templates = templatesAt;
  stamp = chunkStamp;
  offsets = offsetsAt;
  heads = headsAt;
}

export function layoutOf(number: u32): usize {
  return layouts + ((<usize>number) << LAYOUT_SHIFT);
}

/** Number of the layout of the record in [start, end) of the chunk; -1 where this way does not lead. */
export function readRecord(start: u32, end: u32): i32 {
  const number = read(start, end);
  if (number >= 0) tell(layoutOf(number));
  return number;
}

/** The record that was read is made known to others: what is the same, is the same as in the one that they knew before. */
export function tell(layout: usize): void {
  const untold = load<u32>(layout, UNTOLD);
  if (untold === 0) return;
  store<u32>(layout, 0, UNTOLD);
  store<u32>(result, load<u32>(result, FLAGS_AT) & ~untold, FLAGS_AT);
}

/** The value that is Channel or Computer of the record that was read; LITERAL, or -1 where it takes more to say. */
export function valueIn(layout: usize, name: usize): i32 {
  const value = load<i32>(layout + name);
  return value === LITERAL || <u32>value < load<u32>(result) ? value : -1;
}

export function read(start: u32, end: u32): i32 {
  let at = instanceAt(start, end);
  if (at === 0) return -1;
  const outer = templateAt(at);
  if (outer < 0) return -1;
  at = valuesAt(at);
  if (at + 4 > end) return -1;
  const outerCount = load<u32>(chunk + at);
  let nested: i32 = -1;
  let innermost = outer;
  let count = outerCount;
  if (!place(at, end, 0, outerCount)) return -1;
  const last = (<usize>outerCount - 1) << 2;
  if (outerCount === 0 || end - load<u32>(offsets + last) - (load<u32>(heads + last) & HEAD_LENGTH) > MOST_SPARE) return -1;
  for (let i: u32 = 0; i < outerCount; i++) {
    if (!isNested(i)) continue;
    if (nested >= 0) return -1;
    nested = i;
  }
  if (nested >= 0) {
    const inside = load<u32>(offsets + ((<usize>nested) << 2));
    const insideEnd = inside + (load<u32>(heads + ((<usize>nested) << 2)) & HEAD_LENGTH);
    at = instanceAt(inside, insideEnd);
    if (at === 0) return -1;
    innermost = templateAt(at);
    if (innermost < 0) return -1;
    at = valuesAt(at);
    if (at + 4 > insideEnd) return -1;
    const innerCount = load<u32>(chunk + at);
    if (!place(at, insideEnd, outerCount, innerCount)) return -1;
    count = outerCount + innerCount;
    for (let i = outerCount; i < count; i++) if (isNested(i)) return -1;
  }
  return known(innermost, outer, outerCount, nested, count);
}

/** The place of a template instance's token; 0 when there is none at the beginning of [start, end). */
function instanceAt(start: u32, end: u32): u32 {
  if (start + LEAST_INSTANCE > end) return 0;
  const at = load<u8>(chunk + start) === FRAGMENT_HEADER ? start + 4 : start;
  return load<u8>(chunk + at) === TEMPLATE_INSTANCE ? at : 0;
}

/** The number of the template that an instance names; -1 when it is not known in this chunk. */
function templateAt(instance: u32): i32 {
  const offset = load<u32>(chunk + instance, 6);
  if (offset >= CHUNK_BYTES || load<i32>(stamps + ((<usize>offset) << 2)) !== stamp) return -1;
  return load<i32>(templates + ((<usize>offset) << 2));
}

/** Where the values of an instance are counted: behind its definition, where that stands in it. */
function valuesAt(instance: u32): u32 {
  const at = instance + 10;
  if (load<u32>(chunk + instance, 6) !== at) return at;
  const size = load<u32>(chunk + at, 20);
  return size < CHUNK_BYTES ? at + DEFINITION_HEADER + size : CHUNK_BYTES;
}

/** Writes down where the values are whose count stands at `at`; false when they do not fit before `end`. */
function place(at: u32, end: u32, first: u32, count: u32): bool {
  if (count > MOST_VALUES) return false;
  let descriptor = chunk + at + 4;
  let value = at + 4 + (count << 2);
  if (value > end) return false;
  for (let i = first; i < first + count; i++, descriptor += 4) {
    const head = load<u32>(descriptor) & HEAD_MASK;
    store<u32>(offsets + ((<usize>i) << 2), value);
    store<u32>(heads + ((<usize>i) << 2), head);
    value += head & HEAD_LENGTH;
  }
  return value <= end;
}

function isNested(i: u32): bool {
  const head = load<u32>(heads + ((<usize>i) << 2));
  return (head & HEAD_TYPE) === BINXML && head !== BINXML;
}

/** The slot of the number of the layout with these templates, or the free one where it belongs; 0 when there is none near. */
function slotOf(innermost: i32, outer: i32, outerCount: u32, nested: i32, innerCount: u32): usize {
  let slot = ((<u32>innermost * 0x9e37_79b1) ^ (<u32>outer * 0x85eb_ca6b)) >>> 7;
  for (let probes: u32 = 0; probes < MOST_PROBES; probes++, slot++) {
    const at = numbers + ((<usize>(slot & numberMask)) << 2);
    const number = load<u32>(at);
    if (number === 0) return at;
    const layout = layoutOf(number - 1);
    if (
      load<i32>(layout) === innermost &&
      load<i32>(layout, OUTER) === outer &&
      load<u32>(layout, OUTER_COUNT) === outerCount &&
      load<i32>(layout, NESTED) === nested &&
      load<u32>(layout, INNER_COUNT) === innerCount
    )
      return at;
  }
  return 0;
}

function known(innermost: i32, outer: i32, outerCount: u32, nested: i32, count: u32): i32 {
  const slot = slotOf(innermost, outer, outerCount, nested, count - outerCount);
  const number = slot === 0 ? -1 : load<i32>(slot) - 1;
  if (number < 0) return -1;
  const layout = layoutOf(number);
  const eventId = load<i32>(layout, EVENT_ID);
  let idNumber = NO_EVENT_ID;
  if (<u32>eventId < count && load<u32>(heads + ((<usize>eventId) << 2)) === UINT16)
    idNumber = load<u16>(chunk + load<u32>(offsets + ((<usize>eventId) << 2)));
  let flags: u32 = 0;
  if (isSame(layout + LAST_CHANNEL, load<i32>(layout, CHANNEL), count)) flags |= SAME_CHANNEL;
  else store<i32>(layout, 0, CHANNEL_NUMBER);
  if (isSame(layout + LAST_COMPUTER, load<i32>(layout, COMPUTER), count)) flags |= SAME_COMPUTER;
  else store<i32>(layout, 0, COMPUTER_NUMBER);
  const time = load<i32>(layout, TIME);
  if (<u32>time < count && load<u32>(heads + ((<usize>time) << 2)) === FILETIME) {
    const ticks = load<u64>(chunk + load<u32>(offsets + ((<usize>time) << 2)));
    if (ticks !== 0 && ticks < MOST_TICKS) {
      store<f64>(result, <f64>(<i64>(ticks / TICKS_PER_US) - EPOCH_US), TIME_AT);
      flags |= HAS_TIME;
    }
  }
  store<u32>(result, count);
  store<i32>(result, idNumber, EVENT_ID_AT);
  store<u32>(result, flags, FLAGS_AT);
  return number;
}

/** Is a value what it was the last time? If not, it is remembered for the next. */
function isSame(last: usize, value: i32, count: u32): bool {
  if (value === LITERAL) return true;
  if (<u32>value >= count) return false;
  const head = load<u32>(heads + ((<usize>value) << 2));
  const length = head & HEAD_LENGTH;
  const start = chunk + load<u32>(offsets + ((<usize>value) << 2));
  if (load<u32>(last) === head + 1 && sameBytes(start, last + LAST_BYTES, length)) return true;
  // Plus one: 0 is none.
  store<u32>(last, length <= MOST_LAST ? head + 1 : 0);
  if (length <= MOST_LAST) memory.copy(last + LAST_BYTES, start, length);
  return false;
}

/** Records with these templates have the layout `number`, one that was not known, or by others: the last values are forgotten. */
export function rememberLayout(
  number: u32,
  innermost: i32,
  outer: i32,
  outerCount: u32,
  nested: i32,
  innerCount: u32,
  eventId: i32,
  time: i32,
  channel: i32,
  computer: i32,
): void {
  const layout = layoutOf(number);
  // A slot that has the number already is of other templates from now on.
  store<i32>(layout, innermost);
  store<i32>(layout, outer, OUTER);
  store<u32>(layout, outerCount, OUTER_COUNT);
  store<i32>(layout, nested, NESTED);
  store<u32>(layout, innerCount, INNER_COUNT);
  store<i32>(layout, eventId, EVENT_ID);
  store<i32>(layout, time, TIME);
  store<i32>(layout, channel, CHANNEL);
  store<i32>(layout, computer, COMPUTER);
  store<u32>(layout, 0, UNTOLD);
  store<u32>(layout, 0, LAST_CHANNEL);
  store<u32>(layout, 0, LAST_COMPUTER);
  const slot = slotOf(innermost, outer, outerCount, nested, innerCount);
  if (slot !== 0) store<u32>(slot, number + 1);
}
