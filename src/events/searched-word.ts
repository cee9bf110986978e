/**
 * The word of a searched text by which bytes can be ruled out without decoding them. A log stores numbers, GUIDs, SIDs and times
 * in other bytes than those of their printed form, so it is one that no such value prints. Null where the text has none.
 */

/** Shorter words stand in nearly every chunk. */
const LEAST_WORD = 3;
/** Two letters side by side, one of them neither a hex digit nor the x of `0x`. No printed number, GUID, SID or time has them. */
const TWO_LETTERS = /[a-z][g-wyz]|[g-wyz][a-z]/i;
/** Words in the printed form of values that are not text. */
const PRINTED = ['true', 'false', 'infinity', 'nan'];

/** The longest word of the text that can be looked for in bytes; null when it has none. */
export function wordToLookFor(text: string): string | null {
  const words = (text.match(/[A-Za-z0-9]+/g) ?? []).filter(
    (word) =>
      word.length >= LEAST_WORD && TWO_LETTERS.test(word) && !PRINTED.some((printed) => printed.includes(word.toLowerCase())),
  );
  return words.reduce<string | null>(
    (longest, word) => (longest === null || word.length > longest.length ? word : longest),
    null,
  );
}
