/**
 * Objects that hold records in an array: `{"events": [...]}`, an Elasticsearch answer `{"hits": {"hits": [...]}}`. In: bytes
 * at `{`. Out: whether the object is such a wrapper.
 */
import { MORE } from '../text/outcome.ts';
import { unescapeJson } from '../text/text-value.ts';

/** Keys under which APIs and scripts put the list of records. */
const LISTS = new Set([
  'data',
  'docs',
  'documents',
  'entries',
  'events',
  'hits',
  'items',
  'logs',
  'messages',
  'records',
  'results',
  'rows',
  'value',
]);
/** Keys of an event: an object that has one is no wrapper, whatever lists it holds. */
const EVENT_KEY =
  /^(?:event|eventid|event_id|eventcode|id|system|eventdata|winlog|channel|logname|@timestamp|_source|result|timecreated)$/i;
/** A wrapper shows its list within this. */
export const LOOK_AHEAD_BYTES = 64 << 10;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** True for a key whose object may hold the list of records: `hits` in `{"hits": {"hits": [...]}}`. */
export function isListKey(key: string): boolean {
  return LISTS.has(key.toLowerCase());
}

/** True for a key whose array may be the list of records. */
export function isArrayKey(key: string): boolean {
  return isListKey(key) || key.toLowerCase() === 'event';
}

/** The position after the string that starts at `at`; MORE. */
export function stringAfter(buffer: Buffer, at: number, end: number): number {
  for (let i = at + 1; i < end; i++) {
    if (buffer[i] === BACKSLASH) i++;
    else if (buffer[i] === QUOTE) return i + 1;
  }
  return MORE;
}

/** The position after the value that starts at `at`, well-formed or not; MORE. */
export function valueAfter(buffer: Buffer, at: number, end: number): number {
  let depth = 0;
  for (let i = at; i < end; i++) {
    const byte = buffer[i]!;
    if (byte === QUOTE) {
      const after = stringAfter(buffer, i, end);
      if (after < 0) return MORE;
      i = after - 1;
      if (depth === 0) return after;
    } else if (byte === 0x7b || byte === 0x5b) depth++;
    else if (byte === 0x7d || byte === 0x5d) {
      if (depth === 0) return i;
      depth--;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && (byte === 0x2c || byte <= 0x20)) return i;
  }
  return MORE;
}

export function blanksAfter(buffer: Buffer, at: number, end: number): number {
  let i = at;
  while (i < end && buffer[i]! <= 0x20) i++;
  return i;
}

export function keyText(buffer: Buffer, at: number, after: number): string {
  return unescapeJson(buffer.toString('utf8', at + 1, after - 1));
}

/** 1: a wrapper; 0: a record; MORE when the bytes at hand do not tell. */
export function isWrapper(buffer: Buffer, start: number, end: number): number {
  const limit = Math.min(end, start + LOOK_AHEAD_BYTES);
  const unknown = limit < end ? 0 : MORE;
  let at = blanksAfter(buffer, start + 1, limit);
  while (at < limit) {
    if (buffer[at] !== QUOTE) return 0;
    const keyEnd = stringAfter(buffer, at, limit);
    if (keyEnd < 0) return unknown;
    const key = keyText(buffer, at, keyEnd);
    at = blanksAfter(buffer, keyEnd, limit);
    if (at < limit && buffer[at] !== 0x3a) return 0;
    at = blanksAfter(buffer, at + 1, limit);
    if (at >= limit) return unknown;
    const verdict = holdsRecords(buffer, key, at, limit, unknown);
    if (verdict !== 0) return verdict;
    if (EVENT_KEY.test(key)) return 0;
    at = valueAfter(buffer, at, limit);
    if (at < 0) return unknown;
    at = blanksAfter(buffer, at, limit);
    if (buffer[at] === 0x2c) at = blanksAfter(buffer, at + 1, limit);
  }
  return unknown;
}

/** Whether the value at `at` is the list of records, or an object that is a wrapper itself. */
function holdsRecords(buffer: Buffer, key: string, at: number, limit: number, unknown: number): number {
  if (buffer[at] === 0x7b) return isListKey(key) ? isWrapper(buffer, at, limit) : 0;
  if (buffer[at] !== 0x5b || !isArrayKey(key)) return 0;
  const first = blanksAfter(buffer, at + 1, limit);
  if (first >= limit) return unknown;
  return buffer[first] === 0x7b ? 1 : 0;
}
