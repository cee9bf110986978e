/**
 * Recognises wrappers: objects that hold records in an array, such as `{"events": [...]}` or an Elasticsearch answer `{"hits":
 * {"hits": [...]}}`. In: bytes at `{`. Out: whether the object is a wrapper.
 */
import { MORE } from '../text/outcome.ts';
import { isIdentityKey } from './event-keys.ts';
import { blanksAfter, keyText, stringAfter, valueAfter } from './lexis.ts';
import { holdsRows } from './rows/rows.ts';

/** Keys under which APIs and scripts store the list of records. */
const LISTS = new Set([
  'data',
  'docs',
  'documents',
  'entries',
  'events',
  'hits',
  'items',
  'logrecords',
  'logs',
  'messages',
  'records',
  'resourcelogs',
  'results',
  'rows',
  'scopelogs',
  'tables',
  'value',
]);
/** Keys of an event. An object with one of them is no wrapper, whatever lists it holds. */
const EVENT_KEY =
  /^(?:event|eventid|event_id|eventcode|id|system|eventdata|winlog|channel|logname|@timestamp|_source|result|timecreated)$/i;
/** A wrapper's list begins within this many bytes. */
export const LOOK_AHEAD_BYTES = 64 << 10;

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** True for a key whose object may hold the list of records, as in `{"hits": {"hits": [...]}}`. */
export function isListKey(key: string): boolean {
  return LISTS.has(key.toLowerCase());
}

/** Keys that hold records only as a list: `event` of XML converters, `result` and `values` of Loki. */
const ARRAYS = new Set(['event', 'result', 'values']);

/** True for a key whose array may be the list of records. */
export function isArrayKey(key: string): boolean {
  return isListKey(key) || ARRAYS.has(key.toLowerCase());
}

/** What {@link isWrapper} returns for an object that holds a list, when the bytes at hand do not show what the list holds. */
export const MAYBE = 2;

/**
 * Returns 1 for a wrapper and 0 for a record; MAYBE or MORE when the bytes at hand do not tell. If the items of the list do not
 * look like events, the object is a wrapper only when it does not look like an event itself.
 */
export function isWrapper(buffer: Buffer, start: number, end: number, limit = Math.min(end, start + LOOK_AHEAD_BYTES)): number {
  let holdsList = false;
  for (let at = nextMember(buffer, start + 1, limit); at < limit; at = nextMember(buffer, at, limit)) {
    if (buffer[at] !== QUOTE) return holdsList ? 1 : 0;
    const keyEnd = stringAfter(buffer, at, limit);
    const value = keyEnd < 0 ? limit : valueAt(buffer, keyEnd, limit);
    if (value < 0) return 0;
    if (value >= limit) break;
    const key = keyText(buffer, at, keyEnd);
    const held = holdsRecords(buffer, key, value, end, limit);
    if (held === MAYBE) holdsList = true;
    else if (held !== 0) return held;
    else if (holdsList ? isIdentityKey(key) : EVENT_KEY.test(key)) return 0;
    at = valueAfter(buffer, value, limit);
    if (at < 0) break;
  }
  if (holdsList) return MAYBE;
  return limit < end ? 0 : MORE;
}

/** The position of the next key. */
function nextMember(buffer: Buffer, at: number, end: number): number {
  let next = blanksAfter(buffer, at, end);
  while (next < end && buffer[next] === COMMA) next = blanksAfter(buffer, next + 1, end);
  return next;
}

/** Where the value starts whose key ends at `keyEnd`; -1 when there is none. */
function valueAt(buffer: Buffer, keyEnd: number, end: number): number {
  const colon = blanksAfter(buffer, keyEnd, end);
  if (colon < end && buffer[colon] !== COLON) return -1;
  return blanksAfter(buffer, colon + 1, end);
}

/** Whether the value at `at` is the list of records (1, MAYBE), or an object that is itself a wrapper. */
function holdsRecords(buffer: Buffer, key: string, at: number, end: number, limit: number): number {
  if (buffer[at] === OPEN_BRACE) return isListKey(key) ? isWrapper(buffer, at, end, limit) : 0;
  if (buffer[at] !== OPEN_BRACKET || !isArrayKey(key)) return 0;
  const first = blanksAfter(buffer, at + 1, limit);
  if (first >= limit) return limit < end ? 0 : MORE;
  if (buffer[first] !== OPEN_BRACE) return holdsRows(buffer, at, limit) ? MAYBE : 0;
  return hasEventKey(buffer, first, limit) ? 1 : MAYBE;
}

/** True when the object at `start` has a key that events have. */
function hasEventKey(buffer: Buffer, start: number, end: number): boolean {
  for (let at = nextMember(buffer, start + 1, end); at < end && buffer[at] === QUOTE; at = nextMember(buffer, at, end)) {
    const keyEnd = stringAfter(buffer, at, end);
    if (keyEnd < 0) return false;
    if (EVENT_KEY.test(keyText(buffer, at, keyEnd))) return true;
    const value = valueAt(buffer, keyEnd, end);
    at = value < 0 ? -1 : valueAfter(buffer, value, end);
    if (at < 0) return false;
  }
  return false;
}
