// HOT: writes the values of rendered events.
/**
 * Writes BinXML values as bytes without making a string first. In: a value in its chunk whose type is not an array. Out: bytes.
 */
import type { ByteWriter } from '../../../bytes/byte-writer.ts';
import { int32At, uint16At, uint32At } from '../../../bytes/little-endian.ts';
import {
  BINARY_TYPE,
  FILETIME_TYPE,
  GUID_TYPE,
  HEX32_TYPE,
  HEX64_TYPE,
  INT8_TYPE,
  INT16_TYPE,
  INT32_TYPE,
  SID_TYPE,
  UINT8_TYPE,
  UINT16_TYPE,
  UINT32_TYPE,
  UINT64_TYPE,
} from './value-types.ts';

/**
 * Writes the text of a number, time, GUID, SID or binary value. None of its characters has to be escaped in any format. Returns
 * false for other types. The value must not be shorter than its type, and the caller must have made room.
 */
export function writeFixedText(bytes: Buffer, at: number, length: number, type: number, out: ByteWriter): boolean {
  switch (type) {
    case INT8_TYPE:
      out.integer((bytes[at]! << 24) >> 24);
      return true;
    case UINT8_TYPE:
      out.integer(bytes[at]!);
      return true;
    case INT16_TYPE:
      out.integer((uint16At(bytes, at) << 16) >> 16);
      return true;
    case UINT16_TYPE:
      out.integer(uint16At(bytes, at));
      return true;
    case INT32_TYPE:
      out.integer(int32At(bytes, at));
      return true;
    case UINT32_TYPE:
      out.integer(uint32At(bytes, at));
      return true;
    case BINARY_TYPE:
      out.hexBytes(bytes, at, length);
      return true;
    case GUID_TYPE:
      out.guid(bytes, at);
      return true;
    case FILETIME_TYPE:
      out.filetime(bytes, at);
      return true;
    case HEX32_TYPE:
      out.hexNumber(int32At(bytes, at), 0);
      return true;
    case HEX64_TYPE:
      out.hexNumber(int32At(bytes, at), int32At(bytes, at + 4));
      return true;
    case UINT64_TYPE:
      out.uint64(bytes, at);
      return true;
    case SID_TYPE:
      if (length >= 8) out.sid(bytes, at, length);
      return true;
    default:
      return false;
  }
}

/** The number of bytes of a string without the NULs at its end. */
export function textLength(bytes: Buffer, at: number, length: number): number {
  let end = length & ~1;
  while (end > 0 && bytes[at + end - 1] === 0 && bytes[at + end - 2] === 0) end -= 2;
  return end;
}
