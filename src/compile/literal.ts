/** Literal text in patterns: what a value must contain for a pattern to hold, and the few characters it is filed under. */
import { foldCase } from '../model/case.ts';
import type { TextPart } from '../model/rule.ts';

/** Literals shorter than this are not worth looking for first: nearly every value has them. */
const SHORTEST_GUARD = 3;
/** A surrogate without its other half. */
const HALF_PAIR = /[\ud800-\udfff]/u;
/** Positions after this one are not considered for a literal's gram (positions are stored in 16 bits). */
const LAST_GRAM_AT = 60_000;

/** Literal text and wildcards with empty text removed, neighbouring text joined, `**` as `*`. */
export function normaliseParts(parts: readonly TextPart[]): readonly TextPart[] {
  const out: TextPart[] = [];
  for (const part of parts) {
    const last = out.at(-1);
    if (typeof part === 'string') {
      if (part === '') continue;
      if (typeof last === 'string') out[out.length - 1] = last + part;
      else out.push(part);
    } else if (part.wildcard !== '*' || last === undefined || typeof last === 'string' || last.wildcard !== '*') {
      out.push(part);
    }
  }
  return out;
}

function longest(literals: readonly string[]): string | null {
  let best = '';
  for (const literal of literals) if (literal.length > best.length) best = literal;
  return best.length >= SHORTEST_GUARD ? best : null;
}

/**
 * A literal that the folded value must contain when the value contains all of `literals`, cased or not; null when there is
 * none worth it. Case is folded code point by code point, so a part folds to a part. Half a surrogate pair is no code point.
 */
export function guardOf(literals: readonly string[]): string | null {
  return longest(literals.filter((literal) => !HALF_PAIR.test(literal)).map(foldCase));
}

/** Four characters from `at` on, low bytes, the last in the top byte: what a rolling window holds there. */
export function gramAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) & 255) |
    ((text.charCodeAt(at + 1) & 255) << 8) |
    ((text.charCodeAt(at + 2) & 255) << 16) |
    ((text.charCodeAt(at + 3) & 255) << 24)
  );
}

/** A three-character literal's gram: the lowest byte of the window is left out. */
export function shortGram(text: string): number {
  return ((text.charCodeAt(0) & 255) << 8) | ((text.charCodeAt(1) & 255) << 16) | ((text.charCodeAt(2) & 255) << 24);
}

/** Counts the grams of a field's literals, so that each can be filed under its rarest. */
export function countGrams(counts: Map<number, number>, text: string): void {
  const end = Math.min(text.length - 4, LAST_GRAM_AT);
  for (let at = 0; at <= end; at++) {
    const gram = gramAt(text, at);
    counts.set(gram, (counts.get(gram) ?? 0) + 1);
  }
}

/** Where a literal of at least four characters has its rarest gram. */
export function rarestGramAt(counts: ReadonlyMap<number, number>, text: string): number {
  let best = 0;
  let bestCount = Number.POSITIVE_INFINITY;
  const end = Math.min(text.length - 4, LAST_GRAM_AT);
  for (let at = 0; at <= end; at++) {
    const count = counts.get(gramAt(text, at)) ?? 0;
    if (count < bestCount) {
      best = at;
      bestCount = count;
    }
  }
  return best;
}
