// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs for every record that may be passed over.
/**
 * Reads records that are one template inside another, as nearly all are. In: where a record's BinXML is. Out: where its values
 * are, their types, and the two templates. Nothing for any other record, nor for one that needs a diagnostic. Offsets are
 * counted from the start of the chunk.
 */
import { nestedCount, nestedLast, readDescriptors } from './descriptors';
import {
  DEFINITION_HEADER,
  FRAGMENT_HEADER,
  HEAD_LENGTH,
  MOST_TEMPLATES,
  TEMPLATE_INSTANCE,
  TEMPLATES_BYTES,
  TEMPLATES_CHUNK,
  TEMPLATES_INNER,
  TEMPLATES_INNER_COUNT,
  TEMPLATES_KINDS,
  TEMPLATES_NESTED,
  TEMPLATES_OUTER,
  TEMPLATES_OUTER_COUNT,
} from './layout.generated';

/** Bytes of a fragment header, the token of an instance and its count of values. */
const LEAST_INSTANCE: u32 = 18;
/** Spare bytes that may follow a record's values. More of them may hold another record (`chunk.ts`). */
const MOST_SPARE: u32 = 8;

let table: usize = 0;
/** About the instance read last: where its definition and its descriptors are, and how many values it has. */
let definition: u32 = 0;
let descriptors: u32 = 0;
let count: u32 = 0;
/** The outer and the inner template of the record. */
let outer: u32 = 0;
let outerCount: u32 = 0;
let nested: u32 = 0;

/** The table is all zeros at first. 0 is the number of no chunk. */
export function placeTemplates(templateTable: usize): void {
  table = templateTable;
}

/** The number of values of the record read last. */
export function valueCount(): u32 {
  return outerCount + count;
}

/** The templates of a record; 0 when they are not yet known in the chunk. `number` is the number of the chunk, never 0. */
export function templatesOf(chunk: usize, number: u32, start: u32, end: u32, offsets: usize, heads: usize): usize {
  return readRecord(chunk, start, end, offsets, heads) && isKnown(place(), number) ? place() : 0;
}

function isKnown(known: usize, number: u32): bool {
  return (
    load<u32>(known, TEMPLATES_CHUNK) === number &&
    load<u32>(known, TEMPLATES_OUTER) === outer &&
    load<u32>(known, TEMPLATES_OUTER_COUNT) === outerCount &&
    load<u32>(known, TEMPLATES_NESTED) === nested &&
    load<u32>(known, TEMPLATES_INNER) === definition &&
    load<u32>(known, TEMPLATES_INNER_COUNT) === count
  );
}

/** Does the same for a record whose templates become known by this call; 0 when the record is not one template inside another. */
export function knowTemplates(chunk: usize, number: u32, start: u32, end: u32, offsets: usize, heads: usize): usize {
  if (!readRecord(chunk, start, end, offsets, heads)) return 0;
  const made = place();
  if (isKnown(made, number)) return made;
  store<u32>(made, number, TEMPLATES_CHUNK);
  store<u32>(made, outer, TEMPLATES_OUTER);
  store<u32>(made, outerCount, TEMPLATES_OUTER_COUNT);
  store<u32>(made, nested, TEMPLATES_NESTED);
  store<u32>(made, definition, TEMPLATES_INNER);
  store<u32>(made, count, TEMPLATES_INNER_COUNT);
  store<u32>(made, 0, TEMPLATES_KINDS);
  return made;
}

function place(): usize {
  const hash = ((definition * 0x9e37_79b1) ^ (outer * 0x85eb_ca6b)) >>> 16;
  return table + <usize>(hash & (MOST_TEMPLATES - 1)) * TEMPLATES_BYTES;
}

/** False when the record is not one template inside another, has too many spare bytes, or has values that do not fit. */
function readRecord(chunk: usize, start: u32, end: u32, offsets: usize, heads: usize): bool {
  if (!enter(chunk, start, end)) return false;
  outer = definition;
  outerCount = count;
  const last = readDescriptors(chunk + descriptors, count, descriptors + 4 * count, offsets, heads);
  if (nestedCount !== 1 || last > end || end - last > MOST_SPARE) return false;
  nested = nestedLast;
  const at = (<usize>nested) << 2;
  const from = load<u32>(offsets + at);
  const to = from + (load<u32>(heads + at) & HEAD_LENGTH);
  if (!enter(chunk, from, to)) return false;
  const behind = (<usize>outerCount) << 2;
  const innerLast = readDescriptors(chunk + descriptors, count, descriptors + 4 * count, offsets + behind, heads + behind);
  return nestedCount === 0 && innerLast <= to;
}

/** Starts with the template instance in [start, end). False when there is none, or its descriptors do not fit. */
function enter(chunk: usize, start: u32, end: u32): bool {
  let at = start;
  if (at + LEAST_INSTANCE > end) return false;
  if (load<u8>(chunk + at) === FRAGMENT_HEADER) at += 4;
  if (load<u8>(chunk + at) !== TEMPLATE_INSTANCE) return false;
  definition = load<u32>(chunk + at, 6);
  at += 10;
  if (definition === at) {
    // The definition itself stands here.
    if (at + <u32>DEFINITION_HEADER > end) return false;
    const size = load<u32>(chunk + at, 20);
    if (size > end - at - <u32>DEFINITION_HEADER) return false;
    at += <u32>DEFINITION_HEADER + size;
  }
  if (at + 4 > end) return false;
  count = load<u32>(chunk + at);
  descriptors = at + 4;
  return count <= (end - descriptors) >>> 2;
}
