/**
 * Proves facts about patterns: whether one implies or excludes another, and its truth for a known value. Each answer `true` is
 * proven. `false` and `undefined` mean "not proven", even where the fact holds. Lint errors depend on this, so it never
 * guesses.
 */
import type { Pattern, TextPart } from '../../model/rule.ts';
import { foldCase } from '../../model/values/case.ts';
import { plainDecimal } from '../../model/values/decimal.ts';
import { remembered } from '../../model/values/maps.ts';
import { apart, intervalOf, within } from './interval.ts';

/** Longer patterns are not compared, because the proof would cost too much. */
const MAX_TOKENS = 4096;

const STAR = -1;
const ANY_ONE = -2;

/** A text pattern as code points, `*` and `?` as STAR and ANY_ONE; case-folded unless it is cased. */
function tokens(parts: readonly TextPart[], fold: boolean): number[] {
  const out: number[] = [];
  for (const part of parts) {
    if (typeof part === 'string') {
      for (const character of fold ? foldCase(part) : part) out.push(character.codePointAt(0)!);
    } else if (part.wildcard === '*') {
      if (out.at(-1) !== STAR) out.push(STAR);
    } else out.push(ANY_ONE);
  }
  return out;
}

/** What comparisons need of a text pattern. It is made once, because a pattern is compared with many others. */
class Prepared {
  readonly #pattern: TextPattern;
  /** The case-folded literals, separated by a character that no literal has. */
  readonly text: string;
  readonly longest: string;
  /** True for `*`, which holds for every value that is present and not null. */
  readonly isAny: boolean;
  #folded: readonly number[] | null = null;
  #exact: readonly number[] | null = null;

  constructor(pattern: TextPattern) {
    this.#pattern = pattern;
    const literals = pattern.parts.map((part) => (typeof part === 'string' ? foldCase(part) : '\ud800'));
    this.text = literals.join('');
    this.longest = literals.reduce((best, one) => (one.length > best.length && one !== '\ud800' ? one : best), '');
    const stars = pattern.parts.filter((part) => part !== '');
    this.isAny = stars.length > 0 && stars.every((part) => typeof part === 'object' && part.wildcard === '*');
  }

  /** Most comparisons end before they need tokens. */
  get folded(): readonly number[] {
    this.#folded ??= tokens(this.#pattern.parts, true);
    return this.#folded;
  }

  get exact(): readonly number[] {
    if (!this.#pattern.cased) return this.folded;
    this.#exact ??= tokens(this.#pattern.parts, false);
    return this.#exact;
  }
}

const prepare = remembered((pattern: TextPattern) => new Prepared(pattern));

/**
 * All literals of a text pattern in lower case, and the longest of them. Where a pattern A implies a pattern B, the text of A
 * contains the longest literal of B.
 */
export function patternText(pattern: TextPattern): { readonly text: string; readonly longest: string } {
  return prepare(pattern);
}

/** The text of a pattern without wildcards. */
export function literalOf(pattern: Pattern): string | undefined {
  if (pattern.kind !== 'text') return undefined;
  return pattern.parts.every((part) => typeof part === 'string') ? pattern.parts.join('') : undefined;
}

/** True when the pattern holds for every value that is present and not null: `*`, `contains: ''`. */
export function matchesAnyValue(pattern: Pattern): boolean {
  return pattern.kind === 'text' && prepare(pattern).isAny;
}

/** True when the pattern holds only for values that are present and not null. */
function needsValue(pattern: Pattern): boolean {
  return pattern.kind !== 'null' && pattern.kind !== 'exists' && pattern.kind !== 'any';
}

/** A key for a text pattern. Equal keys mean equal patterns. */
export function patternKey(pattern: Pattern): string {
  if (pattern.kind === 'text') {
    const parts = pattern.parts.map((part) =>
      typeof part === 'string' ? (pattern.cased ? part : foldCase(part)) : `\ud800${part.wildcard}`,
    );
    return `${pattern.cased ? 'T' : 't'}${parts.join('')}`;
  }
  if (pattern.kind === 'number') return `n${pattern.decimal}`;
  return JSON.stringify(pattern);
}

/** True when it is proven that every value that satisfies `a` satisfies `b` (same field). */
export function patternImplies(a: Pattern, b: Pattern): boolean {
  if (b.kind === 'exists' && b.value) return needsValue(a) || (a.kind === 'exists' && a.value);
  if (a.kind === 'text' && b.kind === 'text') return textImplies(a, b);
  if (matchesAnyValue(b)) return needsValue(a);
  if (a.kind === 'text' && b.kind === 'boolean') return literalOf(a)?.toLowerCase() === String(b.value);
  if (a.kind === 'boolean' && b.kind === 'text') return !b.cased && globMatches(String(a.value), b) === true;
  if (b.kind === 'number' || b.kind === 'test') {
    const from = intervalOf(a, literalOf(a));
    const to = intervalOf(b, undefined);
    // A text that reads as a number is only one way to write that number, so the text implies the number.
    if (from !== null && to !== null) return within(from, to);
  }
  return a.kind === b.kind && patternKey(a) === patternKey(b);
}

type TextPattern = Extract<Pattern, { kind: 'text' }>;

function textImplies(a: TextPattern, b: TextPattern): boolean {
  const from = prepare(a);
  const to = prepare(b);
  if (to.isAny) return true;
  // Each literal of the wider pattern must occur inside a literal of the narrower one. Most pairs fail here.
  if (!from.text.includes(to.longest)) return false;
  // A pattern that ignores case accepts spellings that a cased one rejects.
  if (b.cased && !a.cased && hasCase(a.parts)) return false;
  const left = b.cased ? from.exact : from.folded;
  const right = b.cased ? to.exact : to.folded;
  return left.length <= MAX_TOKENS && right.length <= MAX_TOKENS && includes(left, right);
}

function hasCase(parts: readonly TextPart[]): boolean {
  return parts.some((part) => typeof part === 'string' && (foldCase(part) !== part || part.toUpperCase() !== part));
}

/**
 * True when the pattern `to` accepts the pattern `from`, read as a text in which STAR and ANY_ONE are symbols. Only a star
 * accepts a star; either wildcard accepts "any one". If so, `to` matches every text that `from` matches.
 */
function includes(from: readonly number[], to: readonly number[]): boolean {
  let at = 0;
  let want = 0;
  let star = -1;
  let retry = 0;
  while (at < from.length) {
    const symbol = from[at]!;
    const wanted = to[want];
    if (wanted === STAR) {
      star = want++;
      retry = at;
    } else if (wanted !== undefined && symbol !== STAR && (wanted === symbol || wanted === ANY_ONE)) {
      at++;
      want++;
    } else if (star >= 0) {
      want = star + 1;
      at = ++retry;
    } else return false;
  }
  while (to[want] === STAR) want++;
  return want === to.length;
}

/** Whether a text pattern holds for a value. */
export function globMatches(value: string, pattern: TextPattern): boolean {
  const { exact } = prepare(pattern);
  return includes(tokens([value], !pattern.cased), exact);
}

/** Whether the pattern holds for a field with `value` (undefined: absent field). Undefined when this cannot be decided here. */
export function patternOn(pattern: Pattern, value: string | undefined): boolean | undefined {
  if (pattern.kind === 'exists') return pattern.value === (value !== undefined);
  if (pattern.kind === 'null') return value === undefined;
  if (value === undefined) return false;
  switch (pattern.kind) {
    case 'text':
      return globMatches(value, pattern);
    case 'number':
      return plainDecimal(value) === pattern.decimal;
    case 'boolean':
      return value.toLowerCase() === String(pattern.value);
    default:
      return undefined;
  }
}

/** True when it is proven that no single value satisfies both (same field). For fields with one value per event. */
export function patternsExclude(a: Pattern, b: Pattern): boolean {
  if (isAbsence(a)) return needsValue(b) || (a.kind === 'exists' && isPresence(b));
  if (isAbsence(b)) return patternsExclude(b, a);
  const left = intervalOf(a, a.kind === 'text' ? literalOf(a) : undefined);
  const right = intervalOf(b, b.kind === 'text' ? literalOf(b) : undefined);
  if (left !== null && right !== null && (a.kind !== 'text' || b.kind !== 'text')) return apart(left, right);
  if (a.kind === 'boolean' && b.kind === 'boolean') return a.value !== b.value;
  const literalA = literalOf(a);
  if (literalA !== undefined) return literalExcludes(literalA, b);
  const literalB = literalOf(b);
  if (literalB !== undefined) return literalExcludes(literalB, a);
  if (a.kind === 'text' && b.kind === 'text') return endsExclude(a, b);
  return false;
}

function isAbsence(pattern: Pattern): boolean {
  return pattern.kind === 'null' || (pattern.kind === 'exists' && !pattern.value);
}

function isPresence(pattern: Pattern): boolean {
  return pattern.kind === 'exists' && pattern.value;
}

function literalExcludes(literal: string, other: Pattern): boolean {
  if (other.kind === 'number') return plainDecimal(literal) !== other.decimal;
  if (other.kind === 'boolean') return literal.toLowerCase() !== String(other.value);
  if (other.kind !== 'text') return false;
  // The comparison ignores case on both sides, because what does not match then does not match at all.
  return !globMatches(literal, other.cased ? { ...other, cased: false } : other);
}

/** True when both patterns fix how the value begins (or ends), and differ there. */
function endsExclude(a: TextPattern, b: TextPattern): boolean {
  const left = prepare(a).folded;
  const right = prepare(b).folded;
  return beginningsDiffer(left, right) || beginningsDiffer(left.toReversed(), right.toReversed());
}

function beginningsDiffer(left: readonly number[], right: readonly number[]): boolean {
  for (let i = 0; i < left.length && i < right.length; i++) {
    const a = left[i]!;
    const b = right[i]!;
    if (a === STAR || b === STAR) return false;
    if (a !== b && a !== ANY_ONE && b !== ANY_ONE) return true;
  }
  return false;
}
