/**
 * Finds the part of a value to emphasise. In: a field's value, and the modifiers and pattern that it satisfied. Out: where in
 * the value the pattern stands. This is only a help for readers and no second matcher, so the result is null in doubt.
 */

export interface TextRange {
  readonly start: number;
  readonly end: number;
}

/** With these modifiers, the value does not contain the pattern's own text. */
const OPAQUE = new Set(['re', 'cidr', 'exists', 'expand', 'fieldref', 'base64', 'base64offset', 'lt', 'lte', 'gt', 'gte', 'neq']);
const OPAQUE_PREFIX = /^(?:utf16|wide|minute|hour|day|week|month|year)/;
/** The characters that `windash` treats as the same (specification, Value Modifiers). */
const DASHES = /[-/\u2013\u2014\u2015]/g;

/** Where a rule's value stands in a field's value. null when that is unknown, or when it is the whole value. */
export function matchedPart(value: string, modifier: string, pattern: string, keyword: boolean): TextRange | null {
  const modifiers = modifier === '' ? [] : modifier.split('|');
  if (modifiers.some((name) => OPAQUE.has(name) || OPAQUE_PREFIX.test(name))) return null;
  const fold = (text: string) => {
    const cased = modifiers.includes('cased') ? text : text.toLowerCase();
    return modifiers.includes('windash') ? cased.replace(DASHES, '-') : cased;
  };
  const text = fold(value);
  // A few letters change their length with their case. Offsets would then be wrong.
  if (text.length !== value.length) return null;
  const literals = literalsOf(pattern).map(fold);
  if (literals.length === 0) return null;
  if (modifiers.includes('endswith') && literals.length === 1) return anchored(text, literals[0] ?? '', 'end');
  if (modifiers.includes('startswith') && literals.length === 1) return anchored(text, literals[0] ?? '', 'start');
  const range = inOrder(text, literals);
  const partial = keyword || modifiers.length > 0 || range?.start !== 0 || range.end !== text.length;
  return partial ? range : null;
}

function anchored(text: string, literal: string, side: 'start' | 'end'): TextRange | null {
  if (side === 'start') return text.startsWith(literal) ? { start: 0, end: literal.length } : null;
  return text.endsWith(literal) ? { start: text.length - literal.length, end: text.length } : null;
}

function inOrder(text: string, literals: readonly string[]): TextRange | null {
  let start = -1;
  let at = 0;
  for (const literal of literals) {
    const found = text.indexOf(literal, at);
    if (found < 0) return null;
    if (start < 0) start = found;
    at = found + literal.length;
  }
  return { start, end: at };
}

/**
 * The text between a pattern's wildcards. A backslash escapes `*`, `?` and itself. Before anything else it is an ordinary
 * character.
 */
function literalsOf(pattern: string): string[] {
  const literals: string[] = [];
  let literal = '';
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern.charAt(i);
    const next = pattern.charAt(i + 1);
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      i++;
    } else if (character === '*' || character === '?') {
      if (literal !== '') literals.push(literal);
      literal = '';
    } else literal += character;
  }
  if (literal !== '') literals.push(literal);
  return literals;
}
