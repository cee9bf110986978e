/**
 * Sigma text <-> parts. Spec, Escape Character: a backslash makes `*`, `?` and `\` plain; before anything else, and at the
 * end, it is a character like any other. A value is always parsed first and gets a modifier's wildcards afterwards.
 */
import type { TextPart } from '../../../model/rule.ts';

type Wildcard = Exclude<TextPart, string>;

const ANY: Wildcard = { wildcard: '*' };
const ONE: Wildcard = { wildcard: '?' };
const SPECIAL = /[*?\\]/;

/** `C:\*\a?` as `C:*\a` and one `?`: literal runs and wildcards in order, at least one part. */
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

/** Neighbouring literals joined, empty ones and repeated `*` dropped; `['']` when nothing is left. */
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

/** Adds `*` in front and behind, where it is asked for and not there already. */
export function withWildcards(parts: readonly TextPart[], front: boolean, behind: boolean): readonly TextPart[] {
  if (parts.length === 1 && parts[0] === '') return front || behind ? [ANY] : parts;
  const widened: TextPart[] = [];
  if (front && !isAny(parts[0])) widened.push(ANY);
  for (const part of parts) widened.push(part);
  if (behind && !isAny(parts[parts.length - 1])) widened.push(ANY);
  return widened;
}

/**
 * True when the whole text fits the parts: `*` is any number of characters (code points), line breaks included, `?` is one.
 * Case counts: fold both sides first where it must not. Backtracks to the last `*` only, so it is at worst quadratic.
 */
export function partsMatch(parts: readonly TextPart[], text: string): boolean {
  // Most values of most rules end here.
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
