// AssemblyScript, not TypeScript: scripts/wasm.mjs compiles it. HOT: writes every event that matches.
/**
 * Values of a record as fields of a JSON object: `,"name":"value"` one after the other. In: a plan (names and values), a
 * record. Out: bytes, harmless to print. Stops at a value that it cannot write: of a rare type, too short, or text that is
 * not plain ASCII. What is written is what `bytes/byte-writer.ts` writes.
 */

/**
 * A plan: how many fields; then of each the value (-1: it takes more to say), whether null means absent, and its name with
 * signs around.
 */
const PLAN_HEADER: usize = 8;
const FIELD_SHIFT: u32 = 4;
const ABSENT_IF_NULL: usize = 4;
const NAME: usize = 8;
const NAME_BYTES: usize = 12;

const HEAD_LENGTH: u32 = 0xffff;
/** `logs/evtx/values/value-types.ts` */
const NULL_TYPE: u32 = 0x00;
const STRING_TYPE: u32 = 0x01;
const INT8_TYPE: u32 = 0x03;
const UINT8_TYPE: u32 = 0x04;
const INT16_TYPE: u32 = 0x05;
const UINT16_TYPE: u32 = 0x06;
const INT32_TYPE: u32 = 0x07;
const UINT32_TYPE: u32 = 0x08;
const UINT64_TYPE: u32 = 0x0a;
const BINARY_TYPE: u32 = 0x0e;
const GUID_TYPE: u32 = 0x0f;
const FILETIME_TYPE: u32 = 0x11;
const SID_TYPE: u32 = 0x13;
const HEX32_TYPE: u32 = 0x14;
const HEX64_TYPE: u32 = 0x15;

const QUOTE: u8 = 0x22;
const MINUS: u8 = 0x2d;
const ZERO: u8 = 0x30;
const BACKSLASH: u32 = 0x5c;
const LOWER: u8 = 0x57;
const UPPER: u8 = 0x37;
/** No value but strings and binary ones takes more: SIDs have at most 255 parts. */
const MOST_BYTES: u32 = 11 * 256 + 64;
const TICKS_PER_SECOND: u64 = 10_000_000;
const EPOCH_SECONDS: i64 = 11_644_473_600;
const SECONDS_PER_DAY: i64 = 86_400;
const YEAR_10000_SECONDS: i64 = 253_402_300_800;
const NOT_ASCII: u64 = 0xff80_ff80_ff80_ff80;
/** The high bit of each unit. */
const MARKS: u64 = 0x8000_8000_8000_8000;
const ONES: u64 = 0x0001_0001_0001_0001;

let out: usize = 0;
let outEnd: usize = 0;
let at: usize = 0;

export function setUpJson(outArea: usize, outBytes: u32): void {
  out = outArea;
  // Bytes are copied eight at a time.
  outEnd = outArea + outBytes - 16;
}

/** Bytes that the last call of `writeFields` has written. */
export function writtenBytes(): u32 {
  return <u32>(at - out);
}

/**
 * Writes the plan's fields from `from` on; gives the first that it cannot write, or for which there is no room, else their
 * number.
 */
export function writeFields(plan: usize, from: u32, chunk: usize, offsets: usize, heads: usize, values: u32): u32 {
  const count = load<u32>(plan);
  at = out;
  for (let i = from; i < count; i++) {
    const field = plan + PLAN_HEADER + ((<usize>i) << FIELD_SHIFT);
    const value = load<i32>(field);
    if (value < 0) return i;
    const head = <u32>value < values ? load<u32>(heads + ((<usize>value) << 2)) : 0;
    const type = head >>> 16;
    const length = head & HEAD_LENGTH;
    if (type === NULL_TYPE && load<u32>(field, ABSENT_IF_NULL) !== 0) continue;
    const nameBytes = load<u32>(field, NAME_BYTES);
    if (at + nameBytes + 2 * length + MOST_BYTES > outEnd) return i;
    const before = at;
    copy(load<u32>(field, NAME), nameBytes);
    sign(QUOTE);
    if (type !== NULL_TYPE && length > 0 && !write(chunk + load<u32>(offsets + ((<usize>value) << 2)), length, type)) {
      at = before;
      return i;
    }
    sign(QUOTE);
  }
  return count;
}

function sign(character: u8): void {
  store<u8>(at, character);
  at++;
}

function copy(from: usize, length: u32): void {
  for (let i: usize = 0; i < length; i += 8) store<u64>(at + i, load<u64>(from + i));
  at += length;
}

function write(start: usize, length: u32, type: u32): bool {
  switch (type) {
    case STRING_TYPE:
      return text(start, length);
    case INT8_TYPE:
      return integer(load<i8>(start));
    case UINT8_TYPE:
      return decimal(load<u8>(start));
    case INT16_TYPE:
      return length >= 2 && integer(load<i16>(start));
    case UINT16_TYPE:
      return length >= 2 && decimal(load<u16>(start));
    case INT32_TYPE:
      return length >= 4 && integer(load<i32>(start));
    case UINT32_TYPE:
      return length >= 4 && decimal(load<u32>(start));
    case UINT64_TYPE:
      return length >= 8 && decimal(load<u64>(start));
    case BINARY_TYPE:
      for (let i: u32 = 0; i < length; i++) hexByte(load<u8>(start + i));
      return true;
    case GUID_TYPE:
      return length >= 16 && guid(start);
    case FILETIME_TYPE:
      return length >= 8 && filetime(load<u64>(start));
    case SID_TYPE:
      return length >= 8 && sid(start, length);
    case HEX32_TYPE:
      return length >= 4 && hexNumber(load<u32>(start));
    case HEX64_TYPE:
      return length >= 8 && hexNumber(load<u64>(start));
    default:
      return false;
  }
}

/** UTF-16 without the NULs at its end, if all of it is ASCII and harmless to print. */
function text(start: usize, length: u32): bool {
  let end = start + (length & ~1);
  while (end > start && load<u16>(end - 2) === 0) end -= 2;
  let from = start;
  for (; from + 8 <= end; from += 8) {
    const four = load<u64>(from);
    if ((four & NOT_ASCII) !== 0) return false;
    if (isPlain(four)) {
      // Units into bytes.
      const pairs = (four | (four >>> 8)) & 0x0000_ffff_0000_ffff;
      store<u32>(at, <u32>(pairs | (pairs >>> 16)));
      at += 4;
    } else {
      for (let i: usize = 0; i < 8; i += 2) if (!character(load<u16>(from + i))) return false;
    }
  }
  for (; from < end; from += 2) if (!character(load<u16>(from))) return false;
  return true;
}

/**
 * Are four ASCII units all to be written as they are? A subtraction marks a unit that was smaller (or one above it, never
 * none).
 */
function isPlain(four: u64): bool {
  const marks =
    (four - 0x0020_0020_0020_0020) |
    ((four ^ 0x0022_0022_0022_0022) - ONES) |
    ((four ^ 0x005c_005c_005c_005c) - ONES) |
    ((four ^ 0x007f_007f_007f_007f) - ONES);
  return (marks & MARKS) === 0;
}

function character(unit: u32): bool {
  if (unit < 0x20) {
    const letter: u32 = unit === 8 ? 0x62 : unit === 9 ? 0x74 : unit === 10 ? 0x6e : unit === 12 ? 0x66 : unit === 13 ? 0x72 : 0;
    if (letter === 0) return false;
    store<u16>(at, <u16>(BACKSLASH | (letter << 8)));
    at += 2;
    return true;
  }
  if (unit > 0x7e) return false;
  if (unit === QUOTE || unit === BACKSLASH) {
    store<u16>(at, <u16>(BACKSLASH | (unit << 8)));
    at += 2;
  } else sign(<u8>unit);
  return true;
}

function integer(value: i32): bool {
  if (value >= 0) return decimal(value);
  sign(MINUS);
  return decimal(-(<i64>value));
}

function decimal(value: u64): bool {
  let digits: u32 = 1;
  for (let rest = value; rest >= 10; rest /= 10) digits++;
  padded(value, digits);
  return true;
}

/** The last digits of a number. */
function padded(value: u64, digits: u32): void {
  let rest = value;
  for (let i = at + digits; i > at; rest /= 10) {
    i--;
    store<u8>(i, ZERO + <u8>(rest % 10));
  }
  at += digits;
}

function hexNumber(value: u64): bool {
  store<u16>(at, 0x7830);
  at += 2;
  for (let shift: i32 = value === 0 ? 0 : <i32>((63 - clz(value)) & ~3); shift >= 0; shift -= 4) {
    const digit = <u8>((value >>> shift) & 15);
    sign(digit + (digit < 10 ? ZERO : LOWER));
  }
  return true;
}

function hexByte(value: u8): void {
  const high = value >>> 4;
  const low = value & 15;
  store<u8>(at, high + (high < 10 ? ZERO : UPPER));
  store<u8>(at + 1, low + (low < 10 ? ZERO : UPPER));
  at += 2;
}

/** `{UPPER-CASE}`: a number of 32 bits, two of 16, eight bytes. */
function guid(start: usize): bool {
  sign(0x7b);
  for (let i: i32 = 3; i >= 0; i--) hexByte(load<u8>(start + i));
  sign(MINUS);
  hexByte(load<u8>(start, 5));
  hexByte(load<u8>(start, 4));
  sign(MINUS);
  hexByte(load<u8>(start, 7));
  hexByte(load<u8>(start, 6));
  sign(MINUS);
  for (let i: i32 = 8; i < 16; i++) {
    hexByte(load<u8>(start + i));
    if (i === 9) sign(MINUS);
  }
  sign(0x7d);
  return true;
}

/** `S-1-5-18` */
function sid(start: usize, length: u32): bool {
  sign(0x53);
  sign(MINUS);
  decimal(load<u8>(start));
  let authority: u64 = 0;
  for (let i: usize = 2; i < 8; i++) authority = (authority << 8) | load<u8>(start + i);
  sign(MINUS);
  decimal(authority);
  const end = start + min<u32>(length, 8 + 4 * <u32>load<u8>(start, 1));
  for (let part = start + 8; part + 4 <= end; part += 4) {
    sign(MINUS);
    decimal(load<u32>(part));
  }
  return true;
}

/** `2019-05-11T17:58:23.4185632Z` */
function filetime(ticks: u64): bool {
  const seconds = <i64>(ticks / TICKS_PER_SECOND) - EPOCH_SECONDS;
  if (seconds >= YEAR_10000_SECONDS) return false;
  // Hinnant's `civil_from_days`, with years that start in March; days since March of the year 0, which none is before.
  const total = seconds + 719_468 * SECONDS_PER_DAY;
  const day = total / SECONDS_PER_DAY;
  const ofDay = <u32>(total % SECONDS_PER_DAY);
  const era = day / 146_097;
  const ofEra = day % 146_097;
  const yearOfEra = (ofEra - ofEra / 1460 + ofEra / 36_524 - ofEra / 146_096) / 365;
  const ofYear = ofEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
  const march = (5 * ofYear + 2) / 153;
  const month = march < 10 ? march + 3 : march - 9;
  padded(yearOfEra + era * 400 + (month <= 2 ? 1 : 0), 4);
  sign(MINUS);
  padded(month, 2);
  sign(MINUS);
  padded(ofYear - (153 * march + 2) / 5 + 1, 2);
  sign(0x54);
  padded(ofDay / 3600, 2);
  sign(0x3a);
  padded((ofDay / 60) % 60, 2);
  sign(0x3a);
  padded(ofDay % 60, 2);
  sign(0x2e);
  padded(ticks % TICKS_PER_SECOND, 7);
  sign(0x5a);
  return true;
}
