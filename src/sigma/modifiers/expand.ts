/**
 * Spec, Modifiers, expand: `%name%` is replaced by each value of a placeholder, `\%` is a percent sign. Without values the
 * rule cannot be used. Values are Sigma text: they may hold wildcards.
 */
import type { TextPart } from '../../model/rule.ts';
import { regexFault } from '../regex/regex.ts';
import { asText, type Draft, isFault, type Modifier, type ModifierFault } from './modifier.ts';
import { MAX_ALTERNATIVES } from './support/limits.ts';
import { joinParts, parseText } from './support/text-parts.ts';

const PLACEHOLDER = /(?<!\\)%([^%]+)%/g;

/** Literal text as an alternation of plain text and placeholder names (odd positions). */
function splitPlaceholders(text: string): string[] {
  return text.split(PLACEHOLDER).map((piece, i) => (i % 2 === 0 ? piece.replaceAll('\\%', '%') : piece));
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
    const pieces: { values: readonly (readonly TextPart[])[] }[] = [];
    for (const part of text.parts) {
      if (typeof part !== 'string') {
        pieces.push({ values: [[part]] });
        continue;
      }
      for (const [i, piece] of splitPlaceholders(part).entries()) {
        if (i % 2 === 0) pieces.push({ values: [[piece]] });
        else {
          const values = placeholders.get(piece);
          if (values === undefined) return missing(piece);
          pieces.push({ values: values.map(parseText) });
        }
      }
    }
    const combinations = combine<readonly TextPart[]>(pieces, (left, right) => [...left, ...right], []);
    if (isFault(combinations)) return combinations;
    return combinations.map((parts) => ({ ...draft, pattern: { ...text, parts: joinParts(parts) } }));
  },
};

function expandRegex(draft: Draft, placeholders: ReadonlyMap<string, readonly string[]>): readonly Draft[] | ModifierFault {
  const { pattern } = draft;
  if (pattern.kind !== 'regex') return [draft];
  const pieces: { values: readonly string[] }[] = [];
  for (const [i, piece] of splitPlaceholders(pattern.source).entries()) {
    const values = i % 2 === 0 ? [piece] : placeholders.get(piece);
    if (values === undefined) return missing(piece);
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
