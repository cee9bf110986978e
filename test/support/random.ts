/** Random numbers that are the same on every run, and how many random inputs a test tries. */

/** Usual runs try what has found faults; `WINNOW_RANDOM=10 npm test` tries ten times as many (before a release). */
const TIMES = Number(process.env.WINNOW_RANDOM ?? 1);

export function tries(usual: number): number {
  return Math.ceil(usual * TIMES);
}

/** Mulberry32: numbers in [0, 1), the same for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same value with the keys of its objects in another order. */
export function shuffled(value: unknown, random: () => number): unknown {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return value;
  const entries = Object.entries(value).map(([key, inner]) => [random(), key, shuffled(inner, random)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, key, inner]) => [key, inner]));
}
