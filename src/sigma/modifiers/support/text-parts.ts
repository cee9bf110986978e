/**
 * Turns Sigma text into parts, and matches texts against parts. Spec, Escape Character: a backslash makes `*`, `?` and `\`
 * literal; before any other character, and at the end, it is a plain character. A value is always parsed before a modifier adds
 * its wildcards.
 */
import type { TextPart } from '../../../model/rule.ts';
import { foldCase } from '../../../model/values/case.ts';

type Wildcard = Exclude<TextPart, string>;

const ANY: Wildcard = { wildcard: '*' };
const ONE: Wildcard = { wildcard: '?' };
const SPECIAL = /[*?\\]/;

/** `C:\*\a?` becomes `C:*\a` and one `?`. Literals and wildcards keep their order; there is always at least one part. */
export function parseText(source: string): readonly TextPart[] {
  if (!SPECIAL.test(source)) return [source];
  const parts: TextPart[] = [];
  let literal = '';
  for (let i = 0; i < source.length; i++) {
    const char = source[i]!;
    const next = source[i + 1];
    if (char === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (char === '*' || char === '?') {
      parts.push(literal, char === '*' ? ANY : ONE);
      literal = '';
    } else {
      literal += char;
    }
  }
  parts.push(literal);
  return joinParts(parts);
}

/** Joins neighbouring literals, drops empty ones and repeated `*`. Gives `['']` when nothing is left. */
export function joinParts(parts: readonly TextPart[]): readonly TextPart[] {
  const joined: TextPart[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string') {
      if (part === '') continue;
      if (typeof last === 'string') joined[joined.length - 1] = last + part;
      else joined.push(part);
    } else if (part.wildcard !== '*' || last === undefined || typeof last === 'string' || last.wildcard !== '*') {
      joined.push(part);
    }
  }
  return joined.length === 0 ? [''] : joined;
}

function isAny(part: TextPart | undefined): boolean {
  return part !== undefined && typeof part !== 'string' && part.wildcard === '*';
}

/** Adds `*` at the front and at the end, as asked for, unless one is already there. */
export function withWildcards(parts: readonly TextPart[], front: boolean, behind: boolean): readonly TextPart[] {
  if (parts.length === 1 && parts[0] === '') return front || behind ? [ANY] : parts;
  const widened: TextPart[] = [];
  if (front && !isAny(parts[0])) widened.push(ANY);
  for (const part of parts) widened.push(part);
  if (behind && !isAny(parts[parts.length - 1])) widened.push(ANY);
  return widened;
}

export function foldParts(parts: readonly TextPart[]): readonly TextPart[] {
  return parts.map((part) => (typeof part === 'string' ? foldCase(part) : part));
}

/**
 * True when the whole text fits the parts: `*` is any number of characters (code points), line breaks included, `?` is exactly
 * one. Case counts; to ignore it, fold both sides first. It goes back to the last `*` only, so the cost is quadratic at worst.
 */
export function partsMatch(parts: readonly TextPart[], text: string): boolean {
  // Most values do not contain some literal, and are decided here.
  for (const part of parts) if (typeof part === 'string' && !text.includes(part)) return false;
  const characters = Array.from(text);
  const pattern = parts.flatMap((part): readonly TextPart[] => (typeof part === 'string' ? Array.from(part) : [part]));
  let at = 0;
  let p = 0;
  let starAt = -1;
  let starP = -1;
  while (at < characters.length) {
    const want = pattern[p];
    if (want !== undefined && typeof want !== 'string' && want.wildcard === '*') {
      starP = p++;
      starAt = at;
    } else if (want !== undefined && (typeof want === 'string' ? want === characters[at] : want.wildcard === '?')) {
      p++;
      at++;
    } else if (starP >= 0) {
      p = starP + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  return pattern.slice(p).every((want) => typeof want !== 'string' && want.wildcard === '*');
}
