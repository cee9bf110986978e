// HOT: asked for every four characters that are written or looked at.
/** Four bytes as one number, the first in its lowest byte. */

/** The highest bit of each byte: set in what is not ASCII. */
export const HIGH_BITS = 0x8080_8080 | 0;
const BELOW_BLANK = 0x2020_2020;
const ONES = 0x0101_0101;
const QUOTES = 0x2222_2222;
const BACKSLASHES = 0x5c5c_5c5c;
const OUTER_BYTES = 0xff00_00ff | 0;

/**
 * Of four ASCII characters: no bit of HIGH_BITS is set when all may stand in a JSON string as they are. A subtraction sets the high
 * bit of a byte that was smaller (or of one behind it, never of none).
 */
export function escapeMarks(four: number): number {
  return (four - BELOW_BLANK) | ((four ^ QUOTES) - ONES) | ((four ^ BACKSLASHES) - ONES);
}

/** The same, and none is DEL: all are harmless to print. */
export function plainMarks(four: number): number {
  return escapeMarks(four) | (four + ONES);
}

/** Exchanges the second and the third byte: two words of UTF-16, one shifted into the gaps of the other, have them like that. */
export function swapInner(four: number): number {
  return (four & OUTER_BYTES) | ((four >>> 8) & 0xff00) | ((four & 0xff00) << 8);
}
