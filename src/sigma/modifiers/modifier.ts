/**
 * What a modifier is. One file per modifier in this folder exports `modifier`; shared code asks a modifier what it does and
 * never what it is called.
 */
import type { DetectionItem, Pattern, TextPart } from '../../model/rule.ts';

/** One rule value on its way through a chain of modifiers. A modifier may turn it into several: they stay an OR group. */
export interface Draft {
  /** The value as written in the rule, quotes of YAML resolved. */
  readonly raw: string;
  readonly pattern: Pattern;
  /** True when the text pattern's characters stand for bytes (after an encoding such as `wide`). */
  readonly bytes?: boolean | undefined;
}

/** Why a modifier cannot be used here: the rule is refused. */
export interface ModifierFault {
  readonly fault: string;
  readonly hint?: string | undefined;
  /** Diagnostic code without its area, `modifier` when not given. */
  readonly code?: string | undefined;
}

export interface ModifierContext {
  /** Values for `%name%`. */
  readonly placeholders: ReadonlyMap<string, readonly string[]>;
  warn(code: string, message: string, hint?: string): void;
}

export type TextTest = (text: string) => boolean;

export interface Modifier {
  readonly name: string;
  /** Other names that rules use for it. */
  readonly aliases?: readonly string[] | undefined;
  /** One line for lists and hints. */
  readonly summary: string;
  /** What may not stand before it, as in pySigma: no modifier at all, or none that changes values. */
  readonly first?: 'of all' | 'of values' | undefined;
  /** What it does to the item as a whole, wherever it stands in the chain. */
  readonly list?: Partial<Pick<DetectionItem, 'linking' | 'negated'>> | undefined;
  /** What it makes of one value. Absent for modifiers that only concern the list. */
  readonly apply?: ((draft: Draft, context: ModifierContext) => Draft | readonly Draft[] | ModifierFault) | undefined;
  /** For a `test` pattern of this modifier: its argument as a test of one text value. */
  readonly compileTest?: ((argument: unknown) => TextTest) | undefined;
}

export function isFault(result: object): result is ModifierFault {
  return 'fault' in result;
}

/** True when a modifier made several values of one. */
export function isAlternatives(result: Draft | readonly Draft[]): result is readonly Draft[] {
  return Array.isArray(result);
}

export type TextPattern = Extract<Pattern, { kind: 'text' }>;

/**
 * A draft as text, for modifiers that work on text. Numbers and booleans give the text they were written as.
 * `what` names the modifier in the fault.
 */
export function asText(draft: Draft, what: string): TextPattern | ModifierFault {
  const { pattern } = draft;
  switch (pattern.kind) {
    case 'text':
      return pattern;
    case 'number':
    case 'boolean':
      return { kind: 'text', parts: [draft.raw], cased: false };
    case 'null':
      return { fault: `"${what}" needs text, not null.`, hint: 'Put null under the plain field name.' };
    default:
      return { fault: `"${what}" applies to text, not to ${NAMES[pattern.kind]}.`, hint: 'Put it first, or leave it out.' };
  }
}

const NAMES = {
  exists: 'a test of presence',
  regex: 'a regular expression',
  fieldref: 'a field reference',
  test: 'the result of another test',
  any: 'several alternatives',
} as const;

/** The literal text of a pattern without wildcards; null when it has any. */
export function literalOf(parts: readonly TextPart[]): string | null {
  let text = '';
  for (const part of parts) {
    if (typeof part !== 'string') return null;
    text += part;
  }
  return text;
}
