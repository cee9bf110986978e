/**
 * Defines "case-insensitive" for all of winnow. In: text. Out: text in which every code point is in lower case; two texts are
 * equal when these are (no trimming, no removal of accents). `toLowerCase` alone is not enough: it makes a capital sigma a
 * final one or not depending on its neighbours, turns U+0130 into two characters (so that `?` and offsets shift), and turns
 * KELVIN SIGN into the ASCII letter k. Here every code point is folded on its own, the three sigmas are equal, and nothing
 * outside ASCII becomes ASCII.
 */
const NOT_PLAIN = /[\u0130\u03a3\u03c2\u212a]/;
const SIGMA = /[\u03a3\u03c2]/g;
const KEPT = /[^\u0130\u212a]+/g;

/** Lower case of each code point of `text`; the result has as many code points as `text`. */
export function foldCase(text: string): string {
  if (!NOT_PLAIN.test(text)) return text.toLowerCase();
  // All small sigmas become the same letter, the final one included.
  return text.replace(SIGMA, '\u03c3').replace(KEPT, (run) => run.toLowerCase());
}
