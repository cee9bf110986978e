/** Makes the filter that keeps keyword searches from decoding every value of every event (`model/text-filter.ts`). */
import { COMMON_VALUES } from '../compile/common-values.ts';
import { pooledText } from '../compile/text-pool.ts';
import { foldCase } from '../model/case.ts';
import { type MatchPlan, PREDICATE } from '../model/match-plan.ts';
import type { TextFilter } from '../model/text-filter.ts';

/** A character that numbers, dates, GUIDs and SIDs never have, case folded. */
const WORD = /[^0-9a-fxstz{}.:-]/;
const LATIN_1 = /^[\0-\xff]*$/;
const PAIRS = 1 << 16;
/** How much more a value that is common counts than a rule's literal. */
const COMMON_WEIGHT = 20;

/** Folded Latin-1 character -> the Latin-1 characters that fold to it. */
const caseVariants: readonly (readonly number[])[] = (() => {
  const variants: number[][] = Array.from({ length: 256 }, () => []);
  for (let code = 0; code < 256; code++) {
    const folded = foldCase(String.fromCharCode(code)).charCodeAt(0);
    if (folded < 256) variants[folded]!.push(code);
  }
  return variants;
})();

export class KeywordFilters {
  readonly #plan: MatchPlan;
  readonly #made = new Map<string, TextFilter | null>();
  #counts: Uint32Array | null = null;

  constructor(plan: MatchPlan) {
    this.#plan = plan;
  }

  /** The filter for values that satisfy one of the predicates; null when every value must be looked at. */
  filterFor(predicates: readonly number[]): TextFilter | null {
    const key = [...predicates].sort((a, b) => a - b).join();
    let filter = this.#made.get(key);
    if (filter === undefined) {
      filter = this.#make(predicates);
      this.#made.set(key, filter);
    }
    return filter;
  }

  #make(predicates: readonly number[]): TextFilter | null {
    const { kind, literal, literals, literalStart } = this.#plan;
    const pairs = new Uint8Array(PAIRS);
    let words = true;
    for (const predicate of predicates) {
      if (kind[predicate] !== PREDICATE.contains && kind[predicate] !== PREDICATE.guarded) return null;
      const text = pooledText(literals, literalStart, literal[predicate]!);
      // Two neighbouring pairs, one of which is at an even position wherever the text stands.
      if (text.length < 3 || !LATIN_1.test(text)) return null;
      const at = this.#rarestAt(text);
      addPair(pairs, text, at);
      addPair(pairs, text, at + 1);
      if (!WORD.test(text)) words = false;
    }
    return { pairs, words };
  }

  /** Where the two pairs of three characters are rarest, as rules write: what they look for is what logs hold. */
  #rarestAt(text: string): number {
    this.#counts ??= countPairs(`${this.#plan.literals}\n${COMMON_VALUES.join('\n').repeat(COMMON_WEIGHT)}`);
    let best = 0;
    let bestCount = Number.POSITIVE_INFINITY;
    for (let at = 0; at + 3 <= text.length; at++) {
      const count = this.#counts[pairAt(text, at)]! + this.#counts[pairAt(text, at + 1)]!;
      if (count < bestCount) {
        best = at;
        bestCount = count;
      }
    }
    return best;
  }
}

function pairAt(text: string, at: number): number {
  return (text.charCodeAt(at) & 255) | ((text.charCodeAt(at + 1) & 255) << 8);
}

function countPairs(text: string): Uint32Array {
  const counts = new Uint32Array(PAIRS);
  for (let at = 0; at + 2 <= text.length; at++) counts[pairAt(text, at)]!++;
  return counts;
}

function addPair(pairs: Uint8Array, text: string, at: number): void {
  for (const first of caseVariants[text.charCodeAt(at)]!) {
    for (const second of caseVariants[text.charCodeAt(at + 1)]!) pairs[first | (second << 8)] = 1;
  }
}
