// HOT: makes text of every distinct value that is asked for.
/**
 * Decodes one BinXML value into the text that Windows prints in Event XML. In: bytes of a chunk, a value type, a place. Out:
 * text; `''` for a null value and for a value shorter than its type. Integers are decimal. HexInt and SizeT are `0x` and
 * lower-case digits without padding. GUIDs are `{UPPER}`, times are ISO 8601 with seven digits, binary is upper-case hex.
 * Refuses nothing: an unknown type prints as the hex of its bytes.
 */

import { int32At, uint16At, uint32At } from '../../../bytes/little-endian.ts';
import { filetimeText, filetimeUs, isoTimeUs } from '../../../model/values/time.ts';
import { ansiText, utf16Text } from './text.ts';
import {
  ANSI_STRING_TYPE,
  ARRAY_FLAG,
  BINARY_TYPE,
  BINXML_TYPE,
  BOOL_TYPE,
  DOUBLE_TYPE,
  FILETIME_TYPE,
  FIXED_SIZES,
  FLOAT_TYPE,
  GUID_TYPE,
  HEX32_TYPE,
  HEX64_TYPE,
  INT8_TYPE,
  INT16_TYPE,
  INT32_TYPE,
  INT64_TYPE,
  NULL_TYPE,
  SID_TYPE,
  SIZE_TYPE,
  STRING_TYPE,
  SYSTEMTIME_TYPE,
  UINT8_TYPE,
  UINT16_TYPE,
  UINT32_TYPE,
  UINT64_TYPE,
} from './value-types.ts';

const UPPER_HEX: readonly string[] = Array.from({ length: 256 }, (_, i) => i.toString(16).padStart(2, '0').toUpperCase());

/** The upper half of a 64-bit integer must be below this for a double to hold the integer exactly. */
const SAFE_HIGH = 0x20_0000;

/** Text of one value that is not an array (an array's items are joined by `, `). */
export function valueText(buffer: Buffer, at: number, length: number, type: number): string {
  if (length < FIXED_SIZES[type]! && type !== BOOL_TYPE && type !== SIZE_TYPE) return '';
  switch (type) {
    case NULL_TYPE:
    case BINXML_TYPE:
      return '';
    case STRING_TYPE:
      return utf16Text(buffer, at, length);
    case ANSI_STRING_TYPE:
      return ansiText(buffer, at, length);
    case INT8_TYPE:
      return String((buffer[at]! << 24) >> 24);
    case UINT8_TYPE:
      return String(buffer[at]!);
    case INT16_TYPE:
      return String((uint16At(buffer, at) << 16) >> 16);
    case UINT16_TYPE:
      return String(uint16At(buffer, at));
    case INT32_TYPE:
      return String(int32At(buffer, at));
    case UINT32_TYPE:
      return String(uint32At(buffer, at));
    case INT64_TYPE:
      return buffer.readBigInt64LE(at).toString();
    case UINT64_TYPE:
      return uint64Text(buffer, at);
    case FLOAT_TYPE:
      return floatText(buffer.readFloatLE(at));
    case DOUBLE_TYPE:
      return String(buffer.readDoubleLE(at));
    case BOOL_TYPE:
      return boolText(buffer, at, length);
    case GUID_TYPE:
      return guidText(buffer, at);
    case SIZE_TYPE:
      // Printed as hex ([MS-EVEN6] 3.1.4.7.3): 4 bytes from 32-bit Windows, 8 from 64-bit.
      return length >= 8 ? hex64Text(buffer, at) : length >= 4 ? `0x${uint32At(buffer, at).toString(16)}` : '';
    case FILETIME_TYPE:
      return filetimeText(uint32At(buffer, at), uint32At(buffer, at + 4));
    case SYSTEMTIME_TYPE:
      return systemTimeText(buffer, at);
    case SID_TYPE:
      return sidText(buffer, at, length);
    case HEX32_TYPE:
      return `0x${uint32At(buffer, at).toString(16)}`;
    case HEX64_TYPE:
      return hex64Text(buffer, at);
    default:
      if ((type & ARRAY_FLAG) !== 0) return arrayTexts(buffer, at, length, type).join(', ');
      return hexText(buffer, at, length);
  }
}

/** Calls back with the place of each item of an array value. */
export function forEachItem(
  buffer: Buffer,
  at: number,
  length: number,
  arrayType: number,
  item: (at: number, length: number, type: number) => void,
): void {
  const type = arrayType & ~ARRAY_FLAG;
  const end = at + length;
  if (type === STRING_TYPE || type === ANSI_STRING_TYPE) {
    const step = type === STRING_TYPE ? 2 : 1;
    let start = at;
    for (let p = at; p + step <= end; p += step) {
      if (buffer[p] !== 0 || (step === 2 && buffer[p + 1] !== 0)) continue;
      item(start, p - start, type);
      start = p + step;
    }
    if (end - start >= step) item(start, end - start, type);
    return;
  }
  if (type === SID_TYPE) {
    for (let p = at; p + 8 <= end; ) {
      const size = Math.min(8 + 4 * buffer[p + 1]!, end - p);
      item(p, size, type);
      p += size;
    }
    return;
  }
  // Items of SizeT are as wide as a pointer of the writing system. The log does not say how wide that is; all known logs are
  // 64-bit.
  const size = FIXED_SIZES[type]!;
  if (size === 0) {
    if (length > 0) item(at, length, BINARY_TYPE);
    return;
  }
  for (let p = at; p + size <= end; p += size) item(p, size, type);
}

export function arrayTexts(buffer: Buffer, at: number, length: number, arrayType: number): string[] {
  const texts: string[] = [];
  forEachItem(buffer, at, length, arrayType, (itemAt, itemLength, type) => {
    texts.push(valueText(buffer, itemAt, itemLength, type));
  });
  return texts;
}

/** Microseconds since 1970 for a value that may hold a time in any form; NaN when it holds none. */
export function valueTimeUs(buffer: Buffer, at: number, length: number, type: number): number {
  if (type === FILETIME_TYPE && length >= 8) return filetimeUs(uint32At(buffer, at), uint32At(buffer, at + 4));
  return isoTimeUs(valueText(buffer, at, length, type));
}

/** A 64-bit number if a double holds it exactly; else NaN. */
export function uint64Number(buffer: Buffer, at: number): number {
  const high = uint32At(buffer, at + 4);
  return high < SAFE_HIGH ? high * 0x1_0000_0000 + uint32At(buffer, at) : Number.NaN;
}

function uint64Text(buffer: Buffer, at: number): string {
  const number = uint64Number(buffer, at);
  return Number.isNaN(number) ? buffer.readBigUInt64LE(at).toString() : String(number);
}

function hex64Text(buffer: Buffer, at: number): string {
  const number = uint64Number(buffer, at);
  return `0x${Number.isNaN(number) ? buffer.readBigUInt64LE(at).toString(16) : number.toString(16)}`;
}

/** The shortest decimal that names the same 32-bit float: `0.1`, not `0.10000000149011612`. */
export function floatText(value: number): string {
  for (let digits = 6; digits < 9; digits++) {
    const text = Number(value.toPrecision(digits));
    if (Math.fround(text) === value) return String(text);
  }
  return String(value);
}

/** BOOL is 4 bytes; some providers write 1. */
export function boolText(buffer: Buffer, at: number, length: number): string {
  if (length === 0) return '';
  let bits = 0;
  for (let i = 0; i < length && i < 4; i++) bits |= buffer[at + i]!;
  return bits === 0 ? 'false' : 'true';
}

function guidText(buffer: Buffer, at: number): string {
  const hex = (i: number) => UPPER_HEX[buffer[at + i]!]!;
  return (
    `{${hex(3)}${hex(2)}${hex(1)}${hex(0)}-${hex(5)}${hex(4)}-${hex(7)}${hex(6)}-` +
    `${hex(8)}${hex(9)}-${hex(10)}${hex(11)}${hex(12)}${hex(13)}${hex(14)}${hex(15)}}`
  );
}

/** A SID: revision, count of sub-authorities, 48-bit big-endian authority, then sub-authorities of 32 bits. */
function sidText(buffer: Buffer, at: number, length: number): string {
  if (length < 8) return '';
  let authority = 0;
  for (let i = 2; i < 8; i++) authority = authority * 256 + buffer[at + i]!;
  let text = `S-${buffer[at]}-${authority}`;
  const end = Math.min(at + length, at + 8 + 4 * buffer[at + 1]!);
  for (let p = at + 8; p + 4 <= end; p += 4) text += `-${uint32At(buffer, p)}`;
  return text;
}

/** SYSTEMTIME: eight 16-bit numbers; year, month, weekday, day, hour, minute, second, millisecond. */
function systemTimeText(buffer: Buffer, at: number): string {
  const part = (i: number, digits: number) => String(uint16At(buffer, at + 2 * i)).padStart(digits, '0');
  return `${part(0, 4)}-${part(1, 2)}-${part(3, 2)}T${part(4, 2)}:${part(5, 2)}:${part(6, 2)}.${part(7, 3)}Z`;
}

function hexText(buffer: Buffer, at: number, length: number): string {
  return buffer.toString('hex', at, at + length).toUpperCase();
}
