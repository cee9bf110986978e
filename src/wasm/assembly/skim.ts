// AssemblyScript, not TypeScript: scripts/wasm.mjs compiles it. HOT: runs for every record of a log that is scanned.
/**
 * Passes over the records for which no rule holds, and counts them. In: where records begin in the chunk, and kinds of records:
 * what must be looked at of those that have a layout, an EventID and the types of values. Out: the first record that is to be
 * handed on.
 */
import {
  CHANNEL,
  CHANNEL_NUMBER,
  COMPUTER,
  COMPUTER_NUMBER,
  chunk,
  EVENT_ID_AT,
  FLAGS_AT,
  HAS_TIME,
  heads,
  layoutOf,
  offsets,
  read,
  result,
  SAME_CHANNEL,
  SAME_COMPUTER,
  SKIMMED,
  TIME_AT,
  tell,
  UNTOLD,
  valueIn,
} from './records';
import { hasTypes, judge, keepAt, keptAt, NOT_CLEAR, NOTHING_HOLDS } from './sieve';

/** `chunk.ts`: signature, size ... size. */
const RECORD_SIGNATURE: u32 = 0x2a2a;
const RECORD_HEADER: u32 = 24;
const RECORD_LEAST: u32 = 28;

/** In a layout: since when what follows is known; the numbers; kinds, and how many. */
const SINCE: usize = SKIMMED;
const KINDS: usize = SKIMMED + 12;
const KIND_COUNT: usize = SKIMMED + 16;
/** Kinds of a layout until they are forgotten: logs are hostile. */
const MOST_KINDS: u32 = 64;
/** Instead of the number of a name: not known; its records are to be handed on. */
const NOT_KNOWN: i32 = 0;
const HANDED_ON: i32 = -1;
/** Of `valueIn`. */
const NO_VALUE: i32 = -1;

/**
 * A kind: the next one, EventID, number of the channel, views (HANDED_ON: such records are; other numbers below 0: it is only
 * known that those outside of the time window may be passed over); of each view its plan, what comes up by itself, what can
 * come up (`judge`), and its sieve.
 */
const KIND_EVENT_ID: usize = 4;
const KIND_CHANNEL: usize = 8;
const KIND_VIEWS: usize = 12;
const KIND_HEADER: usize = 16;
const VIEW: usize = 16;
const VIEW_ALWAYS: usize = 4;
const VIEW_ENTRIES: usize = 8;
const VIEW_SIEVE: usize = 12;

/** What is returned besides what `readRecord` says: records passed over, where the next one begins, and what is known of it. */
const PASSED_AT: usize = 12;
const NEXT_AT: usize = 24;
const VERDICT_AT: usize = 28;
/** The time of the first and of the last record that was passed over, f64. */
const FROM_AT: usize = 32;
const TO_AT: usize = 40;

const PASS: u32 = 0;
const HAND_ON: u32 = 1;
/** To be handed on: it is of no known kind; some rule holds, those that do are in `held`. */
const NEW: u32 = 2;
const JUDGED: u32 = 3;

/** By number of a channel, of a computer: records that were passed over. */
let channelCounts: usize = 0;
let computerCounts: usize = 0;
let held: usize = 0;
/** Grows when kinds are forgotten. */
let epoch: u32 = 1;
/** The keys under which the numbers of channels and computers are kept at values. */
let channelKey: u32 = 0;
let computerKey: u32 = 0;
/** Microseconds since 1970. */
let windowFrom: f64 = 0;
let windowTo: f64 = 0;

export function setUpSkim(channelTable: usize, computerTable: usize, heldArea: usize): void {
  held = heldArea;
  channelCounts = channelTable;
  computerCounts = computerTable;
  forgetTimes();
}

/** Forgets what kinds of records there are. */
export function forgetKinds(): void {
  epoch++;
}

/**
 * Records outside of this window are only counted, unless their kind is to be handed on. Numbers of channels and computers are
 * under other keys from now on.
 */
export function turnSkim(from: f64, to: f64, keyOfChannels: u32, keyOfComputers: u32): void {
  windowFrom = from;
  windowTo = to;
  channelKey = keyOfChannels;
  computerKey = keyOfComputers;
  forgetKinds();
}

export function forgetTimes(): void {
  store<f64>(result, Infinity, FROM_AT);
  store<f64>(result, -Infinity, TO_AT);
}

/** Passes over records from `from` on. Number of the layout of the next; -1 where there is none, or it takes the long way. */
export function skim(from: u32, limit: u32): i32 {
  let at = from;
  let passed: u32 = 0;
  let number: i32 = -1;
  let verdict = HAND_ON;
  for (let size = sizeAt(at, limit); size !== 0; size = sizeAt(at, limit)) {
    number = read(at + RECORD_HEADER, at + size - 4);
    if (number < 0) break;
    const layout = layoutOf(number);
    verdict = look(layout);
    if (verdict !== PASS) {
      tell(layout);
      break;
    }
    passed++;
    at += size;
    number = -1;
  }
  store<u32>(result, passed, PASSED_AT);
  store<u32>(result, at, NEXT_AT);
  store<u32>(result, verdict, VERDICT_AT);
  return number;
}

/** The size of the record at `at`; 0 when there is none. */
function sizeAt(at: u32, limit: u32): u32 {
  if (at + RECORD_LEAST > limit || load<u32>(chunk + at) !== RECORD_SIGNATURE) return 0;
  const size = load<u32>(chunk + at, 4);
  if (size < RECORD_LEAST || size > limit - at) return 0;
  return load<u32>(chunk + at + size - 4) === size ? size : 0;
}

function look(layout: usize): u32 {
  const flags = load<u32>(result, FLAGS_AT);
  if ((flags & HAS_TIME) === 0) return HAND_ON;
  const eventId = load<i32>(result, EVENT_ID_AT);
  if (eventId < 0) return HAND_ON;
  if (load<u32>(layout, SINCE) !== epoch) return NEW;
  const channelNumber = numberIn(layout, CHANNEL_NUMBER, CHANNEL, channelKey);
  const computerNumber = numberIn(layout, COMPUTER_NUMBER, COMPUTER, computerKey);
  if (channelNumber === NOT_KNOWN || computerNumber === NOT_KNOWN) return NEW;
  if (channelNumber < 0 || computerNumber < 0) return HAND_ON;
  const kind = kindOf(layout);
  if (kind === 0) return load<u32>(layout, KIND_COUNT) < MOST_KINDS ? NEW : HAND_ON;
  const views = load<i32>(kind, KIND_VIEWS);
  if (views === HANDED_ON) return HAND_ON;
  const verdict = isOutside() ? PASS : judgeViews(kind, views);
  if (verdict !== PASS) return verdict;
  store<u32>(layout, load<u32>(layout, UNTOLD) | (~flags & (SAME_CHANNEL | SAME_COMPUTER)), UNTOLD);
  count(channelCounts, channelNumber);
  count(computerCounts, computerNumber);
  const time = load<f64>(result, TIME_AT);
  if (time < load<f64>(result, FROM_AT)) store<f64>(result, time, FROM_AT);
  if (time > load<f64>(result, TO_AT)) store<f64>(result, time, TO_AT);
  return PASS;
}

function isOutside(): bool {
  const time = load<f64>(result, TIME_AT);
  return time < windowFrom || time > windowTo;
}

function judgeViews(kind: usize, views: i32): u32 {
  store<u32>(held, 0);
  let verdict = PASS;
  for (let view = kind + KIND_HEADER, end = view + <usize>views * VIEW; view < end; view += VIEW) {
    const plan = load<u32>(view);
    const always = load<u32>(view, VIEW_ALWAYS);
    const entries = load<u32>(view, VIEW_ENTRIES);
    const judgement = judge(plan, always, entries, load<u32>(view, VIEW_SIEVE), held, chunk, offsets, heads);
    if (judgement === NOT_CLEAR) return HAND_ON;
    if (judgement !== NOTHING_HOLDS) verdict = JUDGED;
  }
  return verdict;
}

function count(counts: usize, number: i32): void {
  const at = counts + ((<usize>number) << 2);
  store<u32>(at, load<u32>(at) + 1);
}

/** The number of a name of the record, where it is known. */
function numberIn(layout: usize, at: usize, name: usize, key: u32): i32 {
  const last = load<i32>(layout + at);
  if (last !== NOT_KNOWN) return last;
  const value = valueIn(layout, name);
  if (value < 0) return NOT_KNOWN;
  const number = keptAt(chunk + load<u32>(offsets + ((<usize>value) << 2)), load<u32>(heads + ((<usize>value) << 2)), key);
  store<i32>(layout + at, number);
  return number;
}

function keepNumber(layout: usize, name: usize, key: u32, number: i32): i32 {
  const value = valueIn(layout, name);
  if (value === NO_VALUE) return HANDED_ON;
  if (value >= 0) {
    keepAt(chunk + load<u32>(offsets + ((<usize>value) << 2)), load<u32>(heads + ((<usize>value) << 2)), key, number);
  }
  return number;
}

/** The kind of the record in hand; 0 when it is not known. */
function kindOf(layout: usize): usize {
  const eventId = load<i32>(result, EVENT_ID_AT);
  const channelNumber = load<i32>(layout, CHANNEL_NUMBER);
  const outside = isOutside();
  for (let kind = <usize>load<u32>(layout, KINDS); kind !== 0; kind = load<u32>(kind)) {
    if (load<i32>(kind, KIND_EVENT_ID) !== eventId || load<i32>(kind, KIND_CHANNEL) !== channelNumber) continue;
    const views = load<i32>(kind, KIND_VIEWS);
    if (outside || views === 0 || views === HANDED_ON) return kind;
    if (views > 0 && hasTypes(load<u32>(kind, KIND_HEADER), heads, load<u32>(result))) return kind;
  }
  return 0;
}

/**
 * The record's Channel and Computer have these numbers from now on. Is its kind known, or is there no room for it any longer?
 */
export function countAs(number: u32, channelNumber: i32, computerNumber: i32): bool {
  const layout = layoutOf(number);
  if (load<u32>(layout, SINCE) !== epoch) {
    store<u32>(layout, epoch, SINCE);
    store<u32>(layout, 0, KINDS);
    store<u32>(layout, 0, KIND_COUNT);
  }
  store<i32>(layout, keepNumber(layout, CHANNEL, channelKey, channelNumber), CHANNEL_NUMBER);
  store<i32>(layout, keepNumber(layout, COMPUTER, computerKey, computerNumber), COMPUTER_NUMBER);
  return kindOf(layout) !== 0 || load<u32>(layout, KIND_COUNT) >= MOST_KINDS;
}

export function addKind(number: u32, kind: usize): void {
  const layout = layoutOf(number);
  store<u32>(kind, load<u32>(layout, KINDS));
  store<u32>(layout, <u32>kind, KINDS);
  store<u32>(layout, load<u32>(layout, KIND_COUNT) + 1, KIND_COUNT);
}
