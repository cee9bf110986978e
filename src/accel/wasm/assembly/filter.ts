// AssemblyScript, not TypeScript: compile.mjs compiles it. HOT: runs for most values of every event.
/** Checks text as it lies in a record (UTF-16) against a filter (`model/values/text-filter.ts`). */
import { FILTER_BYTES, FILTER_MASK, FILTER_SHIFT, FILTER_SIZE, FILTER_STEP } from './layout.generated';

/** Mask of the upper bytes of four UTF-16 units. */
const WIDE: u64 = 0xff00_ff00_ff00_ff00;

function hasBits(bits: usize, quad: u32, shift: u32): bool {
  const one = (quad * 0x9e37_79b1) >>> shift;
  if (((load<u32>(bits + ((<usize>(one >>> 5)) << 2)) >>> (one & 31)) & 1) === 0) return false;
  const two = (quad * 0x85eb_ca6b) >>> shift;
  return ((load<u32>(bits + ((<usize>(two >>> 5)) << 2)) >>> (two & 31)) & 1) !== 0;
}

/** True when the UTF-16 text has, at one of the positions looked at, characters that the filter knows or one beyond Latin-1. */
export function mayHold(start: usize, length: u32, filter: usize): bool {
  const shift = load<u32>(filter, FILTER_SHIFT);
  const mask = load<u32>(filter, FILTER_MASK);
  const step = <usize>load<u32>(filter, FILTER_STEP);
  const bits = filter + FILTER_BYTES;
  const end = start + length;
  let at = start;
  for (; at + 8 <= end; at += step) {
    const units = load<u64>(at);
    if ((units & WIDE) !== 0) return true;
    if (hasBits(bits, (<u32>units | <u32>(units >>> 24)) & mask, shift)) return true;
  }
  // When a quad has three characters, the last three of the text must still be checked.
  if (load<u32>(filter, FILTER_SIZE) !== 3 || at + 6 > end) return false;
  const first = load<u32>(at);
  const third = <u32>load<u16>(at, 4);
  if ((first & <u32>WIDE) !== 0 || third > 0xff) return true;
  return hasBits(bits, (first | (third << 8)) & mask, shift);
}
