// AssemblyScript, not TypeScript: scripts/wasm.mjs compiles it. HOT: runs for every record of a log.
/**
 * The short way through a record (`src/read/evtx/binxml.ts`): one template in another, or one alone, both known from before.
 * In: a place in the chunk. Out: where its values are, and the number of its innermost template if all such records had one
 * layout so far. Whatever is otherwise in any way is left to those who can say what is wrong with it.
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
 * What is known of records by number of their innermost template: generation of such numbers; outer template, its values, the
 * value with the inner instance (-1: none), its values; the values that are EventID, TimeCreated, Channel and Computer (-1:
 * none); then of Channel and Computer what it was the last time.
 */
const LAYOUT_SHIFT: u32 = 9;
const OUTER: usize = 4;
const OUTER_COUNT: usize = 8;
const NESTED: usize = 12;
const INNER_COUNT: usize = 16;
const EVENT_ID: usize = 20;
const TIME: usize = 24;
const CHANNEL: usize = 28;
const COMPUTER: usize = 32;
const LAST_CHANNEL: usize = 40;
const LAST_COMPUTER: usize = 276;
/** The last value: its head, then its bytes. */
const LAST_BYTES: usize = 4;
const MOST_LAST: u32 = 232;

/** What is returned beside the number: count of values, EventID, flags; the time, f64, in microseconds since 1970. */
const EVENT_ID_AT: usize = 4;
const FLAGS_AT: usize = 8;
const TIME_AT: usize = 16;
const NO_EVENT_ID: i32 = -1;
const SAME_CHANNEL: u32 = 1;
const SAME_COMPUTER: u32 = 2;
const HAS_TIME: u32 = 4;
const TICKS_PER_US: u64 = 10;
const EPOCH_US: i64 = 11_644_473_600_000_000;
/** Microseconds that are exact as f64, on either side of 1970. */
const MOST_TICKS: u64 = 200_000_000_000_000_000;

let layouts: usize = 0;
let mostLayouts: u32 = 0;
let result: usize = 0;

/**
 * Of the chunk that is being read: itself, the templates by offset (valid where the stamp is the chunk's), and where values
 * go.
 */
let chunk: usize = 0;
let stamps: usize = 0;
let templates: usize = 0;
let stamp: i32 = 0;
let generation: i32 = 0;
let offsets: usize = 0;
let heads: usize = 0;

export function setUpRecords(layoutTable: usize, layoutCount: u32, resultArea: usize): void {
  layouts = layoutTable;
  mostLayouts = layoutCount;
  result = resultArea;
}

export function openChunk(
  chunkAt: usize,
  stampsAt: usize,
  templatesAt: usize,
  chunkStamp: i32,
  layoutGeneration: i32,
  offsetsAt: usize,
  headsAt: usize,
): void {
  chunk = chunkAt;
  stamps = stampsAt;
  templates = templatesAt;
  stamp = chunkStamp;
  generation = layoutGeneration;
  offsets = offsetsAt;
  heads = headsAt;
}

/** Number of the innermost template of the record in [start, end) of the chunk; -1 where this way does not lead. */
export function readRecord(start: u32, end: u32): i32 {
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

function known(innermost: i32, outer: i32, outerCount: u32, nested: i32, count: u32): i32 {
  if (<u32>innermost >= mostLayouts) return -1;
  const layout = layouts + ((<usize>innermost) << LAYOUT_SHIFT);
  if (
    load<i32>(layout) !== generation ||
    load<i32>(layout, OUTER) !== outer ||
    load<u32>(layout, OUTER_COUNT) !== outerCount ||
    load<i32>(layout, NESTED) !== nested ||
    load<u32>(layout, INNER_COUNT) !== count - outerCount
  )
    return -1;
  const eventId = load<i32>(layout, EVENT_ID);
  let number = NO_EVENT_ID;
  if (<u32>eventId < count && load<u32>(heads + ((<usize>eventId) << 2)) === UINT16)
    number = load<u16>(chunk + load<u32>(offsets + ((<usize>eventId) << 2)));
  let flags: u32 = 0;
  if (isSame(layout + LAST_CHANNEL, load<i32>(layout, CHANNEL), count)) flags |= SAME_CHANNEL;
  if (isSame(layout + LAST_COMPUTER, load<i32>(layout, COMPUTER), count)) flags |= SAME_COMPUTER;
  const time = load<i32>(layout, TIME);
  if (<u32>time < count && load<u32>(heads + ((<usize>time) << 2)) === FILETIME) {
    const ticks = load<u64>(chunk + load<u32>(offsets + ((<usize>time) << 2)));
    if (ticks < MOST_TICKS) {
      store<f64>(result, <f64>(<i64>(ticks / TICKS_PER_US) - EPOCH_US), TIME_AT);
      flags |= HAS_TIME;
    }
  }
  store<u32>(result, count);
  store<i32>(result, number, EVENT_ID_AT);
  store<u32>(result, flags, FLAGS_AT);
  return innermost;
}

/** Is a value what it was the last time? If not, it is remembered for the next. */
function isSame(last: usize, value: i32, count: u32): bool {
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

/** What is known of records with this innermost template. The last values are forgotten. */
export function rememberLayout(
  innermost: u32,
  layoutGeneration: i32,
  outer: i32,
  outerCount: u32,
  nested: i32,
  innerCount: u32,
  eventId: i32,
  time: i32,
  channel: i32,
  computer: i32,
): void {
  if (innermost >= mostLayouts) return;
  const layout = layouts + ((<usize>innermost) << LAYOUT_SHIFT);
  store<i32>(layout, layoutGeneration);
  store<i32>(layout, outer, OUTER);
  store<u32>(layout, outerCount, OUTER_COUNT);
  store<i32>(layout, nested, NESTED);
  store<u32>(layout, innerCount, INNER_COUNT);
  store<i32>(layout, eventId, EVENT_ID);
  store<i32>(layout, time, TIME);
  store<i32>(layout, channel, CHANNEL);
  store<i32>(layout, computer, COMPUTER);
  store<u32>(layout, 0, LAST_CHANNEL);
  store<u32>(layout, 0, LAST_COMPUTER);
}
