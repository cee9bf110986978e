/**
 * Literal text in patterns: the text a value must contain for a pattern to hold, and the few characters (the gram) it is filed
 * under.
 */
import { foldCase } from '../../model/values/case.ts';

/** A surrogate that is not part of a pair. */
const HALF_PAIR = /[\ud800-\udfff]/u;
/** log2 of the number of slots for counts of grams. All literals of SigmaHQ have 100,000 grams; one field has up to 60,000. */
const GRAM_BITS = 16;
/** A literal's gram is chosen among the positions up to this one, because positions are stored in 16 bits. */
const LAST_GRAM_AT = 60_000;

function longest(literals: readonly string[]): string | null {
  let best = '';
  for (const literal of literals) if (literal.length > best.length) best = literal;
  return best === '' ? null : best;
}

/**
 * The literal that a case-folded value must contain whenever the value contains all of `literals`, whether these are cased or
 * not. Null when there is none. Case is folded code point by code point, so a part of a text folds to a part of the folded
 * text. That does not hold for half a surrogate pair, so no such literal is used.
 */
export function guardOf(literals: readonly string[]): string | null {
  return longest(literals.filter((literal) => !HALF_PAIR.test(literal)).map(foldCase));
}

/**
 * The low bytes of the four characters from `at` on, the last one in the top byte. A window of four characters that moves over a
 * value has the same number where the value has these characters.
 */
export function gramAt(text: string, at: number): number {
  return (
    (text.charCodeAt(at) & 255) |
    ((text.charCodeAt(at + 1) & 255) << 8) |
    ((text.charCodeAt(at + 2) & 255) << 16) |
    ((text.charCodeAt(at + 3) & 255) << 24)
  );
}

/** The gram of a three-character literal: the lowest byte of the window is left out. */
export function shortGram(text: string): number {
  return ((text.charCodeAt(0) & 255) << 8) | ((text.charCodeAt(1) & 255) << 16) | ((text.charCodeAt(2) & 255) << 24);
}

/**
 * Counts how often each gram occurs in a field's literals. Grams with the same hash share a count, which only makes them look
 * more common.
 */
export class GramCounts {
  readonly #counts = new Uint32Array(1 << GRAM_BITS);

  #slot(gram: number): number {
    return Math.imul(gram, 0x9e3779b1) >>> (32 - GRAM_BITS);
  }

  clear(): void {
    this.#counts.fill(0);
  }

  add(text: string): void {
    const end = Math.min(text.length - 4, LAST_GRAM_AT);
    for (let at = 0; at <= end; at++) this.#counts[this.#slot(gramAt(text, at))]!++;
  }

  /** The position of the rarest gram of a literal, which must have at least four characters. */
  rarestAt(text: string): number {
    let best = 0;
    let bestCount = Number.POSITIVE_INFINITY;
    const end = Math.min(text.length - 4, LAST_GRAM_AT);
    for (let at = 0; at <= end; at++) {
      const count = this.#counts[this.#slot(gramAt(text, at))]!;
      if (count < bestCount) {
        best = at;
        bestCount = count;
      }
    }
    return best;
  }
}
