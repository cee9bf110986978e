/**
 * Spec, Modifiers, expand: each `%name%` is replaced by the values of that placeholder, `\%` is a percent sign. Refuses a rule
 * whose placeholders have no values. Values are Sigma text, so they may hold wildcards. Escapes are read from left to right as
 * in all Sigma text: in `\\%name%` the first backslash escapes the second, and the placeholder is replaced.
 */
import type { TextPart } from '../../model/rule.ts';
import { regexFault } from '../regex/regex.ts';
import { asText, type Draft, isFault, type Modifier, type ModifierFault } from './modifier.ts';
import { MAX_ALTERNATIVES } from './support/limits.ts';
import { joinParts, parseText, withWildcards } from './support/text-parts.ts';

/** An escape of Sigma text (the backslash together with the escaped character), or a placeholder. */
const IN_TEXT = /\\[\\*?%]|%([^%]+)%/g;
const IN_REGEX = /\\[\s\S]|%([^%]+)%/g;

/** A text between placeholders (as written, `\%` resolved), or the name of a placeholder. */
type Piece = { readonly text: string; readonly literal: boolean } | { readonly name: string };

function piecesOf(text: string, tokens: RegExp): readonly Piece[] {
  const pieces: Piece[] = [];
  let at = 0;
  for (const token of text.matchAll(tokens)) {
    const name = token[1];
    if (name === undefined && token[0] !== '\\%') continue;
    pieces.push({ text: text.slice(at, token.index), literal: false });
    pieces.push(name === undefined ? { text: '%', literal: true } : { name });
    at = token.index + token[0].length;
  }
  pieces.push({ text: text.slice(at), literal: false });
  return pieces;
}

const sameParts = (a: readonly TextPart[], b: readonly TextPart[]): boolean => JSON.stringify(a) === JSON.stringify(b);

/**
 * The wildcards that `contains`, `startswith` and `endswith` have added to the text as written. null where another modifier has
 * already changed the text, because then it no longer shows where the placeholders are.
 */
function addedWildcards(raw: string, parts: readonly TextPart[]): { front: boolean; behind: boolean } | null {
  const written = parseText(raw);
  for (const front of [false, true]) {
    for (const behind of [false, true]) if (sameParts(withWildcards(written, front, behind), parts)) return { front, behind };
  }
  return null;
}

function missing(name: string): ModifierFault {
  return {
    code: 'placeholder',
    fault: `no values for the placeholder %${name}%.`,
    hint: 'Give them in a YAML file (name: [value, ...]) with --values.',
  };
}

const TOO_MANY: ModifierFault = {
  code: 'too-large',
  fault: `placeholders make more than ${MAX_ALTERNATIVES} values of one.`,
};

/** Every combination of values, put together by `append`. */
function combine<T>(
  pieces: readonly { readonly values: readonly T[] }[],
  append: (left: T, right: T) => T,
  empty: T,
): T[] | ModifierFault {
  let combinations: T[] = [empty];
  for (const { values } of pieces) {
    if (combinations.length * values.length > MAX_ALTERNATIVES) return TOO_MANY;
    combinations = combinations.flatMap((left) => values.map((value) => append(left, value)));
  }
  return combinations;
}

export const modifier: Modifier = {
  name: 'expand',
  summary: 'replaces %name% by the values of that placeholder',
  apply(draft, { placeholders }) {
    if (draft.pattern.kind === 'regex') return expandRegex(draft, placeholders);
    const text = asText(draft, 'expand');
    if (isFault(text)) return text;
    const added = addedWildcards(draft.raw, text.parts);
    const written: readonly (Piece | TextPart)[] =
      added === null
        ? text.parts.flatMap((part): readonly (Piece | TextPart)[] =>
            typeof part === 'string' ? piecesOf(part, IN_TEXT) : [part],
          )
        : piecesOf(draft.raw, IN_TEXT);
    const pieces: { values: readonly (readonly TextPart[])[] }[] = [];
    for (const piece of written) {
      if (typeof piece === 'string' || 'wildcard' in piece) pieces.push({ values: [[piece]] });
      else if ('name' in piece) {
        const values = placeholders.get(piece.name);
        if (values === undefined) return missing(piece.name);
        pieces.push({ values: values.map(parseText) });
      } else pieces.push({ values: [piece.literal || added === null ? [piece.text] : parseText(piece.text)] });
    }
    const combinations = combine<readonly TextPart[]>(pieces, (left, right) => [...left, ...right], []);
    if (isFault(combinations)) return combinations;
    const { front, behind } = added ?? { front: false, behind: false };
    return combinations.map((parts) => ({
      ...draft,
      pattern: { ...text, parts: withWildcards(joinParts(parts), front, behind) },
    }));
  },
};

function expandRegex(draft: Draft, placeholders: ReadonlyMap<string, readonly string[]>): readonly Draft[] | ModifierFault {
  const { pattern } = draft;
  if (pattern.kind !== 'regex') return [draft];
  const pieces: { values: readonly string[] }[] = [];
  for (const piece of piecesOf(pattern.source, IN_REGEX)) {
    const values = 'name' in piece ? placeholders.get(piece.name) : [piece.text];
    if (values === undefined) return missing('name' in piece ? piece.name : '');
    pieces.push({ values });
  }
  const sources = combine(pieces, (left, right) => left + right, '');
  if (isFault(sources)) return sources;
  for (const source of sources) {
    const fault = regexFault(source, pattern.flags);
    if (fault !== null) return { code: 'regex', ...fault };
  }
  return sources.map((source) => ({ ...draft, pattern: { ...pattern, source } }));
}
