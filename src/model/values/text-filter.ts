/**
 * A cheap look at undecoded text: may it hold one of a set of texts? The matcher makes a filter of what rules look for in a
 * field, and looks ask it (`engine/contract.ts`), so that most values of most events need not be decoded.
 *
 * A quad, which is four characters without their case, stands for a text. Where some of the texts are short, it has only three
 * characters (the fourth counts as 0), so that steps stay long. It is enough to look at every `step`th position: of each text,
 * `step` neighbouring quads are in the table, and one of them stands at such a position.
 */
export interface TextFilter {
  /**
   * Two bits for each quad ({@link addQuad}). They are bits, because a small table stays in the processor's first cache. A value
   * can hold one of the texts only in two cases: `size` characters that begin at a multiple of `step`, counted from 0, are in the
   * table; or one of these characters is beyond Latin-1, because it may fold to another. Where a character is not one unit
   * (UTF-8), this is true only of values that are entirely ASCII.
   */
  readonly quads: Int32Array;
  /** 32 minus the binary logarithm of the number of bits. */
  readonly shift: number;
  /** How many characters of a quad count, 3 or 4; {@link quadMask} selects them. */
  readonly size: number;
  readonly mask: number;
  /** The distance between the positions that are looked at, in characters; at least 1. */
  readonly step: number;
  /**
   * True when each of the texts has a character other than `0-9 a-f A-F x S T Z { } . : -`. Numbers, dates, GUIDs and SIDs then
   * cannot contain one.
   */
  readonly words: boolean;
}

/** The mask to apply to a quad first. It removes the bit in which upper and lower case differ, in ASCII and in Latin-1. */
export function quadMask(size: number): number {
  return size === 3 ? 0x00dfdfdf : 0xdfdfdfdf | 0;
}

/** Multiplicative hashing: 2^32 divided by the golden ratio, and another odd number without a pattern. */
const GOLDEN = 0x9e3779b1;
const OTHER = 0x85ebca6b;

/**
 * A small number for a masked quad, below 2^(32 - shift). `quad` has four characters up to U+00FF. From the lowest byte on, they
 * are the first, third, second and fourth, because two words of UTF-16 become one in this way.
 */
export function quadHash(quad: number, shift: number): number {
  return Math.imul(quad, GOLDEN) >>> shift;
}

/**
 * The place of a quad's second bit. With two bits, a name that stands in every event is unlikely to be in the table by chance.
 */
function secondHash(quad: number, shift: number): number {
  return Math.imul(quad, OTHER) >>> shift;
}

function hasBit(bits: Int32Array, bit: number): boolean {
  // Shifts count modulo 32.
  return ((bits[bit >>> 5]! >>> bit) & 1) === 1;
}

export function addQuad(quads: Int32Array, quad: number, shift: number): void {
  for (const bit of [quadHash(quad, shift), secondHash(quad, shift)]) quads[bit >>> 5]! |= 1 << bit;
}

/** Whether the quad is in the filter's table. Sometimes true for one that is not. */
export function hasQuad(quads: Int32Array, quad: number, shift: number): boolean {
  return hasBit(quads, quadHash(quad, shift)) && hasBit(quads, secondHash(quad, shift));
}
