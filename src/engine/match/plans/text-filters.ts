/**
 * Makes the filters that save readers from decoding values in which no rule can find anything (`model/values/text-filter.ts`).
 * In: predicates. Out: a filter. Refuses (null) predicates that do not need a certain text, and too many of them.
 */

import { type MatchPlan, PREDICATE } from '../../../model/match-plan.ts';
import { addQuad, quadHash, quadMask, type TextFilter } from '../../../model/values/text-filter.ts';
import { COMMON_VALUES } from '../../compile/common-values.ts';
import { pooledText } from '../../compile/text-pool.ts';

/** A character that never occurs in numbers, dates, GUIDs and SIDs, case folded. */
const WORD = /[^0-9a-fxstz{}.:-]/;
const LATIN_1 = /^[\0-\xff]*$/;
/**
 * Characters of a quad. It is three when the shortest text would otherwise need every position, or every second one, to be
 * looked at.
 */
const QUAD = 4;
const TRIPLE = 3;
const SHORT_TEXT = 5;
/**
 * The most characters between two positions that are looked at. A text has one quad in the table for each position between them.
 */
const MOST_STEP = 8;
/** Looking at every position would cost more than decoding the value. */
const LEAST_STEP = 2;
/** With more texts, nearly every value holds one of their quads. */
const MOST_TEXTS = 300;
/** Table slots per quad. More slots make it rarer that another quad falls on the same slot. */
const BITS_PER_QUAD = 64;
const MIN_BITS = 10;
const MAX_BITS = 15;
/** The number of filters kept. Views that come later get none. */
const MOST_FILTERS = 1000;
/** A common value counts this many times as much as a rule's literal. */
const COMMON_WEIGHT = 20;
const COUNT_BITS = 16;
/** Quads counted. A sample is enough to tell common from rare, and every thread counts for itself. */
const MOST_COUNTED = 200_000;

export class TextFilters {
  readonly #plan: MatchPlan;
  readonly #made = new Map<string, TextFilter | null>();
  #counts: Uint32Array | null = null;

  constructor(plan: MatchPlan) {
    this.#plan = plan;
  }

  /** The filter for values that satisfy at least one of the predicates; null when every value must be looked at. */
  filterFor(predicates: readonly number[]): TextFilter | null {
    if (predicates.length > MOST_TEXTS) return null;
    const key = [...predicates].sort((a, b) => a - b).join();
    let filter = this.#made.get(key);
    if (filter === undefined) {
      if (this.#made.size >= MOST_FILTERS) return null;
      filter = this.#make(predicates);
      this.#made.set(key, filter);
    }
    return filter;
  }

  #make(predicates: readonly number[]): TextFilter | null {
    const texts = new Set<string>();
    let shortest = Number.POSITIVE_INFINITY;
    for (const predicate of predicates) {
      const text = this.#literal(predicate);
      if (text === null || !LATIN_1.test(text)) return null;
      texts.add(text);
      shortest = Math.min(shortest, text.length);
    }
    const size = shortest <= SHORT_TEXT ? TRIPLE : QUAD;
    const step = Math.min(MOST_STEP, shortest - size + 1);
    if (step < LEAST_STEP) return null;
    const mask = quadMask(size);
    const bits = Math.ceil(Math.log2(texts.size * step * BITS_PER_QUAD));
    const shift = 32 - Math.min(MAX_BITS, Math.max(MIN_BITS, bits));
    const quads = new Int32Array(1 << (27 - shift));
    for (const text of texts) {
      const first = this.#rarestAt(text, step, size);
      for (let i = 0; i < step; i++) addQuad(quads, quadAt(text, first + i) & mask, shift);
    }
    return { quads, shift, size, mask, step, words: [...texts].every((text) => WORD.test(text)) };
  }

  /** What a value must contain to satisfy the predicate; null when there is no such text. */
  #literal(predicate: number): string | null {
    const { kind, literal, literals, literalStart } = this.#plan;
    // Numbers have no such text, because `10` and `10.0` are equal.
    if (kind[predicate]! > PREDICATE.guarded || kind[predicate] === PREDICATE.number || literal[predicate]! < 0) return null;
    return pooledText(literals, literalStart, literal[predicate]!);
  }

  /**
   * Where `step` quads in a row are rarest. Texts of rules are counted too, because what rules look for is also common in logs.
   */
  #rarestAt(text: string, step: number, size: number): number {
    this.#counts ??= countQuads(this.#plan.literals, COMMON_VALUES.join('\n').repeat(COMMON_WEIGHT));
    let best = 0;
    let bestCount = Number.POSITIVE_INFINITY;
    for (let at = 0; at + step + size - 1 <= text.length; at++) {
      let count = 0;
      for (let i = 0; i < step; i++) count += this.#counts[countSlot(text, at + i)]!;
      if (count < bestCount) {
        best = at;
        bestCount = count;
      }
    }
    return best;
  }
}

function quadAt(text: string, at: number): number {
  const code = (i: number) => text.charCodeAt(at + i) & 255;
  return code(0) | (code(2) << 8) | (code(1) << 16) | (code(3) << 24);
}

function countSlot(text: string, at: number): number {
  return quadHash(quadAt(text, at) & quadMask(QUAD), 32 - COUNT_BITS);
}

function countQuads(...texts: readonly string[]): Uint32Array {
  const counts = new Uint32Array(1 << COUNT_BITS);
  for (const text of texts) {
    const step = Math.max(1, Math.floor(text.length / MOST_COUNTED));
    for (let at = 0; at + QUAD <= text.length; at += step) counts[countSlot(text, at)]!++;
  }
  return counts;
}
