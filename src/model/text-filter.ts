/**
 * A cheap look at undecoded text: may it hold one of a set of texts? Made by the matcher for keywords, which are sought in
 * every value of every event, and asked by readers that can look at bytes (`EventRecord.mayHold`).
 */
export interface TextFilter {
  /**
   * 65,536 entries, 1 for pairs of Latin-1 characters (`first | second << 8`, each in any case). A text without characters
   * beyond Latin-1 holds one of the texts only if one of these pairs stands in it at an even position, counted from 0.
   */
  readonly pairs: Uint8Array;
  /** True when none of the texts is made of `0-9 a-f A-F x S T Z { } . : -` only: numbers, dates, GUIDs, SIDs hold none. */
  readonly words: boolean;
}
