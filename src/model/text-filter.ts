/**
 * A cheap look at undecoded text: may it hold one of a set of texts? Made by the matcher for what rules look for in a field,
 * and asked by readers that can look at bytes (`EventRecord.nextThatMayHold`): most values of most events need not be decoded.
 *
 * Three characters stand for a text, case set aside. To look at every `step`th position is enough: of each text `step`
 * neighbouring triples are in the table, and one of them stands at such a position.
 */
export interface TextFilter {
  /**
   * A bit at {@link tripleBit} of each triple; a set of bits is small enough to stay in the processor's first cache. A text holds one of the texts only if three characters that begin at a multiple of
   * `step`, counted from 0, are in the table, or one of these three is beyond Latin-1: it may fold to another. Where a
   * character is not one unit (UTF-8), that is so only of texts that are ASCII altogether.
   */
  readonly triples: Int32Array;
  /** 32 less the binary logarithm of the number of bits. */
  readonly shift: number;
  /** Characters, at least 2. */
  readonly step: number;
  /** True when none of the texts is made of `0-9 a-f A-F x S T Z { } . : -` only: numbers, dates, GUIDs, SIDs hold none. */
  readonly words: boolean;
}

/** Upper and lower case differ in this bit, in ASCII and in Latin-1. */
const WITHOUT_CASE = 0xdfdfdf;
/** Multiplicative hashing: 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b1;

/** `triple`: three characters up to U+00FF, the first in the lowest byte. */
export function tripleBit(triple: number, shift: number): number {
  return Math.imul(triple & WITHOUT_CASE, GOLDEN) >>> shift;
}

/** Is the triple in the filter's table? */
export function hasTriple(triples: Int32Array, triple: number, shift: number): boolean {
  const bit = tripleBit(triple, shift);
  // Shifts count modulo 32.
  return ((triples[bit >>> 5]! >>> bit) & 1) === 1;
}
