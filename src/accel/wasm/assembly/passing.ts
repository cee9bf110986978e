// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs for every record that may be passed over.
/**
 * Passes over records in which no rule can hold, and counts them. In: a chunk, and the known kinds of its records. A kind is the
 * templates, Channel, Provider, EventID and Computer of a record that was shown, with the plans that must find nothing. Out:
 * where the next record to be shown begins, and PASSED. Any unusual record is shown.
 */
import { sameBytes } from './bytes';
import {
  ALL_FOUND,
  FILETIME_TYPE,
  HANDED_ON,
  HEAD_LENGTH,
  KIND_BYTES,
  KIND_COUNT,
  KIND_NEXT,
  KIND_PLANS,
  KIND_SAME,
  KIND_TIME,
  PASSED_COUNT,
  PASSED_FROM,
  PASSED_IS_NEW,
  PASSED_TO,
  RECORD_HEADER,
  RECORD_SIGNATURE,
  TEMPLATES_KINDS,
  TYPE_SHIFT,
} from './layout.generated';
import { look } from './look';
import { found } from './places';
import { knowTemplates, placeTemplates, templatesOf, valueCount } from './templates';

/** The bytes of a record's signature, size, id, time and second size. */
const RECORD_LEAST: u32 = 28;
const FILETIME_HEAD: u32 = ((<u32>FILETIME_TYPE) << TYPE_SHIFT) | 8;
/** FILETIMEs of 1970 and 2198. A record with a time outside is shown. */
const FIRST_TIME: u64 = 116_444_736_000_000_000;
const LAST_TIME: u64 = 188_394_336_000_000_000;
const SAMES: usize = 4;
const SAME_BYTES: usize = 12;

let passed: usize = 0;

export function placePassing(passedArea: usize, templateTable: usize): void {
  passed = passedArea;
  placeTemplates(templateTable);
}

/** Passes over records, starting at `from`. */
export function pass(chunk: usize, number: u32, from: u32, limit: u32, offsets: usize, heads: usize): u32 {
  let at = from;
  let count: u32 = 0;
  let isNew = false;
  for (let size = sizeAt(chunk, at, limit); size !== 0; size = sizeAt(chunk, at, limit)) {
    const templates = templatesOf(chunk, number, at + <u32>RECORD_HEADER, at + size - 4, offsets, heads);
    const kind = templates === 0 ? 0 : kindOf(templates, chunk, offsets, heads);
    isNew = kind === 0;
    if (isNew || !findsNothing(kind, chunk, offsets, heads)) break;
    store<u32>(kind, load<u32>(kind, KIND_COUNT) + 1, KIND_COUNT);
    count++;
    at += size;
  }
  store<u32>(passed, count, PASSED_COUNT);
  store<u32>(passed, isNew ? 1 : 0, PASSED_IS_NEW);
  return at;
}

/** Adds the kind at `kind` to those that have the templates of this record. False when the record cannot be passed over. */
export function addKind(chunk: usize, number: u32, start: u32, end: u32, offsets: usize, heads: usize, kind: usize): bool {
  const templates = knowTemplates(chunk, number, start, end, offsets, heads);
  if (templates === 0) return false;
  store<u32>(kind, load<u32>(templates, TEMPLATES_KINDS), KIND_NEXT);
  store<u32>(templates, <u32>kind, TEMPLATES_KINDS);
  return true;
}

/** The size of the record at `at`; 0 when there is none. */
function sizeAt(chunk: usize, at: u32, limit: u32): u32 {
  if (at + RECORD_LEAST > limit || load<i32>(chunk + at) !== RECORD_SIGNATURE) return 0;
  const size = load<u32>(chunk + at, 4);
  if (size < RECORD_LEAST || size > limit - at) return 0;
  return load<u32>(chunk + at + size - 4) === size ? size : 0;
}

function kindOf(templates: usize, chunk: usize, offsets: usize, heads: usize): usize {
  for (let kind = <usize>load<u32>(templates, TEMPLATES_KINDS); kind !== 0; kind = load<u32>(kind, KIND_NEXT)) {
    if (hasSame(kind + KIND_SAME, chunk, offsets, heads)) return kind;
  }
  return 0;
}

function hasSame(sames: usize, chunk: usize, offsets: usize, heads: usize): bool {
  for (let same = sames, end = sames + SAMES * SAME_BYTES; same < end; same += SAME_BYTES) {
    const index = load<i32>(same);
    if (index < 0) continue;
    const at = (<usize>index) << 2;
    const head = load<u32>(heads + at);
    if (head !== load<u32>(same, 8)) return false;
    if (!sameBytes(chunk + load<u32>(offsets + at), chunk + load<u32>(same, 4), head & HEAD_LENGTH)) return false;
  }
  return true;
}

function findsNothing(kind: usize, chunk: usize, offsets: usize, heads: usize): bool {
  const plans = load<i32>(kind, KIND_PLANS);
  if (plans === HANDED_ON) return false;
  const at = (<usize>load<u32>(kind, KIND_TIME)) << 2;
  if (load<u32>(heads + at) !== FILETIME_HEAD) return false;
  const ticks = load<u64>(chunk + load<u32>(offsets + at));
  if (ticks < FIRST_TIME || ticks > LAST_TIME) return false;
  const values = valueCount();
  for (let plan = kind + KIND_BYTES, end = plan + ((<usize>plans) << 2); plan < end; plan += 4) {
    if (look(load<u32>(plan), 0, chunk, offsets, heads, values) !== ALL_FOUND || load<u32>(found) !== 0) return false;
  }
  if (ticks < load<u64>(passed, PASSED_FROM)) store<u64>(passed, ticks, PASSED_FROM);
  if (ticks > load<u64>(passed, PASSED_TO)) store<u64>(passed, ticks, PASSED_TO);
  return true;
}
