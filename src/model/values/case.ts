/**
 * The one meaning of "case-insensitive": two texts are equal when their lower-cased code points are (no trimming, no
 * diacritic folding). `toLowerCase` alone would not do: it makes a final sigma of a capital one or not, by its neighbours,
 * turns U+0130 into two characters (so that `?` and offsets shift), and folds KELVIN SIGN into the ASCII letter k. Here every
 * code point is folded on its own, the three sigmas are one, and nothing outside ASCII folds into ASCII.
 */
const NOT_PLAIN = /[\u0130\u03a3\u03c2\u212a]/;
const SIGMA = /[\u03a3\u03c2]/g;
const KEPT = /[^\u0130\u212a]+/g;

/** Lower case of each code point of `text`; the result has as many code points as `text`. */
export function foldCase(text: string): string {
  if (!NOT_PLAIN.test(text)) return text.toLowerCase();
  // One small sigma, wherever it stands: the final one is the same letter.
  return text.replace(SIGMA, '\u03c3').replace(KEPT, (run) => run.toLowerCase());
}
