// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs for most values of every event.
/**
 * What is remembered about values: a table of distinct values (by bytes and type), and a table of lists of numbers (by value and
 * key). Both have a fixed size. When one is full, `forget` empties both.
 */
import { sameBytes } from './bytes';
import {
  CELL_BYTES,
  CELL_KEY,
  CELL_LIST,
  CELLS,
  COPY_BYTES,
  ENTRIES,
  ENTRY_BYTES,
  ENTRY_COPY,
  ENTRY_KIND,
  HEAD_LENGTH,
  MOST_PROBES,
} from './layout.generated';

const ENTRY_MASK: u32 = ENTRIES - 1;
const CELL_MASK: u32 = CELLS - 1;
/** With more than three of five slots in use, searches become long. */
const MOST_ENTRIES: u32 = (ENTRIES / 5) * 3;
const MOST_CELLS: u32 = (CELLS / 5) * 3;

let entries: usize = 0;
let usedEntries: u32 = 0;
let copies: usize = 0;
let copiesTop: usize = 0;
let cells: usize = 0;
let usedCells: u32 = 0;

/** Sets the addresses of the tables. Their memory is all zeros at first. */
export function placeTables(entryTable: usize, copyArea: usize, cellTable: usize): void {
  entries = entryTable;
  copies = copyArea;
  cells = cellTable;
  copiesTop = copies;
}

/** Forgets all values and lists. Anything that holds addresses of them must not be used afterwards. */
export function forgetValues(): void {
  memory.fill(entries, 0, <usize>ENTRIES * ENTRY_BYTES);
  memory.fill(cells, 0, <usize>CELLS * CELL_BYTES);
  usedEntries = 0;
  usedCells = 0;
  copiesTop = copies;
}

/** The address of the copy of a value's bytes. */
export function copyOf(number: u32): u32 {
  return load<u32>(entries + <usize>number * ENTRY_BYTES, ENTRY_COPY);
}

function hashOf(start: usize, length: u32, kind: u32): u32 {
  let at = start;
  const end = start + length;
  // Two sums side by side, so that neither waits for the other.
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

/**
 * The number of a value. The same bytes with the same type have the same number until everything is forgotten. -1 when there is
 * no room.
 */
export function numberOf(start: usize, length: u32, kind: u32): i32 {
  const hash = hashOf(start, length, kind);
  let number = hash & ENTRY_MASK;
  for (let probes: u32 = 0; probes < MOST_PROBES; probes++) {
    const entry = entries + <usize>number * ENTRY_BYTES;
    const there = load<u32>(entry, ENTRY_KIND);
    if (there === 0) {
      if (usedEntries >= MOST_ENTRIES || copiesTop + length > copies + COPY_BYTES) return -1;
      memory.copy(copiesTop, start, length);
      store<u32>(entry, hash);
      store<u32>(entry, kind, ENTRY_KIND);
      store<u32>(entry, <u32>copiesTop, ENTRY_COPY);
      copiesTop += length;
      usedEntries++;
      return number;
    }
    if (there === kind && load<u32>(entry) === hash && sameBytes(start, load<u32>(entry, ENTRY_COPY), length)) return number;
    number = (number + 1) & ENTRY_MASK;
  }
  return -1;
}

function firstCell(number: u32, key: u32): u32 {
  return ((number * 0x9e37_79b1) ^ (key * 0x85eb_ca6b)) >>> 7;
}

/** The cell of a value and a key, or the free cell where it belongs; 0 when there is neither nearby. */
function cellOf(number: u32, key: u32): usize {
  let cell = firstCell(number, key) & CELL_MASK;
  for (let probes: u32 = 0; probes < MOST_PROBES; probes++) {
    const at = cells + <usize>cell * CELL_BYTES;
    const there = load<u32>(at);
    if (there === 0 || (there === number + 1 && load<u32>(at, CELL_KEY) === key)) return at;
    cell = (cell + 1) & CELL_MASK;
  }
  return 0;
}

/** Length and type of a value, plus one, so that 0 can mean "none". */
export function kindOf(head: u32): u32 {
  return ((head & HEAD_LENGTH) | ((head >>> 16) << 24)) + 1;
}

/** The list that is kept for a value under a key; 0 when there is none. */
export function listOf(number: u32, key: u32): u32 {
  const cell = cellOf(number, key);
  // A free cell is all zeros, so its list is 0.
  return cell === 0 ? 0 : load<u32>(cell, CELL_LIST);
}

export function keepList(number: u32, key: u32, list: usize): bool {
  const cell = usedCells < MOST_CELLS ? cellOf(number, key) : 0;
  if (cell === 0) return false;
  if (load<u32>(cell) === 0) usedCells++;
  store<u32>(cell, number + 1);
  store<u32>(cell, key, CELL_KEY);
  store<u32>(cell, <u32>list, CELL_LIST);
  return true;
}
