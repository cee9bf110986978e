// HOT: asked for every four characters that are written or looked at.
/** Checks four bytes at once. They are one number, with the first byte in its lowest bits. */

/** The highest bit of each byte. It is set in bytes that are not ASCII. */
export const HIGH_BITS = 0x8080_8080 | 0;
const BELOW_BLANK = 0x2020_2020;
const ONES = 0x0101_0101;
const QUOTES = 0x2222_2222;
const BACKSLASHES = 0x5c5c_5c5c;
const OUTER_BYTES = 0xff00_00ff | 0;

/**
 * For four ASCII characters: no bit of HIGH_BITS is set in the result when all four may stand in a JSON string as they are. A
 * subtraction sets the high bit of a byte that is too small. It may also set that of a following byte, which only costs a
 * second look.
 */
export function escapeMarks(four: number): number {
  return (four - BELOW_BLANK) | ((four ^ QUOTES) - ONES) | ((four ^ BACKSLASHES) - ONES);
}

/** The same, and also none is DEL: all four are then harmless to print. */
export function plainMarks(four: number): number {
  return escapeMarks(four) | (four + ONES);
}

/**
 * Exchanges the second and the third byte. This is their order after one of two UTF-16 words is shifted into the gaps of the
 * other.
 */
export function swapInner(four: number): number {
  return (four & OUTER_BYTES) | ((four >>> 8) & 0xff00) | ((four & 0xff00) << 8);
}
