/**
 * A cheap look at undecoded text: may it hold one of a set of texts? Made by the matcher for what rules look for in a field,
 * and asked by readers that can look at bytes (`EventRecord.mayHold`): most values of most events need not be decoded.
 *
 * Three characters stand for a text, case set aside. To look at every other position is enough: of each text two neighbouring
 * triples are in the table, and one of them stands at an even position.
 */
export interface TextFilter {
  /**
   * 1 at {@link tripleSlot} of the triples. A text of Latin-1 characters holds one of the texts only if three characters that
   * begin at an even position, counted from 0, are in the table. A character beyond Latin-1 may fold to one: such text may hold
   * anything.
   */
  readonly triples: Uint8Array;
  readonly shift: number;
  /** True when none of the texts is made of `0-9 a-f A-F x S T Z { } . : -` only: numbers, dates, GUIDs, SIDs hold none. */
  readonly words: boolean;
}

/** Upper and lower case differ in this bit, in ASCII and in Latin-1. */
const WITHOUT_CASE = 0xdfdfdf;
/** Multiplicative hashing: 2^32 divided by the golden ratio. */
const GOLDEN = 0x9e3779b1;

/** `triple`: three characters up to U+00FF, the first in the lowest byte. `shift`: 32 less the bits of the table's size. */
export function tripleSlot(triple: number, shift: number): number {
  return Math.imul(triple & WITHOUT_CASE, GOLDEN) >>> shift;
}
