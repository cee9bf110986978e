/** Suggests a known word for an unknown one, as in `Did you mean "contains"?`. Gives nothing when no known word is similar. */

/** A word is only suggested when at most this share of its letters differs. */
const FAR = 0.4;
/** Shorter words get no suggestion, because a single letter is similar to everything. */
const SHORTEST = 2;
/** Longer words get no suggestion, because the cost is quadratic and nobody mistypes a word of that length. */
const MAX_WORD = 64;

/** How many edits (insert, delete, replace, swap neighbours) turn one word into the other. */
export function editDistance(a: string, b: string): number {
  let older = new Uint32Array(b.length + 1);
  let before = Uint32Array.from({ length: b.length + 1 }, (_, i) => i);
  let now = new Uint32Array(b.length + 1);
  for (let i = 1; i <= a.length; i++) {
    const letter = a.charCodeAt(i - 1);
    now[0] = i;
    for (let j = 1; j <= b.length; j++) {
      const same = letter === b.charCodeAt(j - 1);
      let best = Math.min(before[j]! + 1, now[j - 1]! + 1, before[j - 1]! + (same ? 0 : 1));
      if (i > 1 && j > 1 && letter === b.charCodeAt(j - 2) && a[i - 2] === b[j - 1]) best = Math.min(best, older[j - 2]! + 1);
      now[j] = best;
    }
    [older, before, now] = [before, now, older];
  }
  return before[b.length]!;
}

/** The most similar word of `known`; undefined when more than the share `far` of the letters differs in all of them. */
export function nearest(word: string, known: Iterable<string>, far = FAR): string | undefined {
  if (word.length < SHORTEST || word.length > MAX_WORD) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    if (candidate.length > MAX_WORD) continue;
    const most = Math.min(bestDistance - 1, Math.max(1, Math.floor(Math.max(word.length, candidate.length) * far)));
    // One word has so many letters more than the other that at least as many edits are needed.
    if (Math.abs(word.length - candidate.length) > most) continue;
    const distance = editDistance(lower, candidate.toLowerCase());
    if (distance <= most) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

export function didYouMean(word: string, known: Iterable<string>): string | undefined {
  const best = nearest(word, known);
  return best === undefined ? undefined : `Did you mean "${best}"?`;
}
