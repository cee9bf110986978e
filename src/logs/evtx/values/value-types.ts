/** BinXML value types ([MS-EVEN6] 2.2.12, libevtx "Value types"). The high bit marks an array of values of the type. */
export const NULL_TYPE = 0x00;
export const STRING_TYPE = 0x01;
export const ANSI_STRING_TYPE = 0x02;
export const INT8_TYPE = 0x03;
export const UINT8_TYPE = 0x04;
export const INT16_TYPE = 0x05;
export const UINT16_TYPE = 0x06;
export const INT32_TYPE = 0x07;
export const UINT32_TYPE = 0x08;
export const INT64_TYPE = 0x09;
export const UINT64_TYPE = 0x0a;
export const FLOAT_TYPE = 0x0b;
export const DOUBLE_TYPE = 0x0c;
export const BOOL_TYPE = 0x0d;
export const BINARY_TYPE = 0x0e;
export const GUID_TYPE = 0x0f;
export const SIZE_TYPE = 0x10;
export const FILETIME_TYPE = 0x11;
export const SYSTEMTIME_TYPE = 0x12;
export const SID_TYPE = 0x13;
export const HEX32_TYPE = 0x14;
export const HEX64_TYPE = 0x15;
export const BINXML_TYPE = 0x21;
export const ARRAY_FLAG = 0x80;

/** By type: bytes of one value; 0 when the value itself says how long it is. */
export const FIXED_SIZES: readonly number[] = (() => {
  const sizes = new Array<number>(256).fill(0);
  for (const type of [INT8_TYPE, UINT8_TYPE]) sizes[type] = 1;
  for (const type of [INT16_TYPE, UINT16_TYPE]) sizes[type] = 2;
  for (const type of [INT32_TYPE, UINT32_TYPE, FLOAT_TYPE, BOOL_TYPE, HEX32_TYPE]) sizes[type] = 4;
  for (const type of [INT64_TYPE, UINT64_TYPE, DOUBLE_TYPE, SIZE_TYPE, FILETIME_TYPE, HEX64_TYPE]) sizes[type] = 8;
  for (const type of [GUID_TYPE, SYSTEMTIME_TYPE]) sizes[type] = 16;
  return sizes;
})();

/**
 * By type: 1 when its text is empty or has only hex digits and the marks of numbers, dates, GUIDs and SIDs (`TextFilter.words`).
 */
export const NUMERIC_TYPES: Uint8Array = (() => {
  const numeric = new Uint8Array(256);
  numeric.fill(1, INT8_TYPE, UINT64_TYPE + 1);
  numeric.fill(1, GUID_TYPE, HEX64_TYPE + 1);
  numeric[NULL_TYPE] = 1;
  return numeric;
})();
