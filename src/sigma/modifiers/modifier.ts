/**
 * Defines what a modifier is. Each file in this folder exports one as `modifier`. Shared code uses only what is defined here
 * and never asks for a modifier's name, so that a new modifier is one new file.
 */
import type { DetectionItem, Pattern, TextPart } from '../../model/rule.ts';

/**
 * One value of a rule while its modifiers are applied from left to right. A modifier may turn it into several values; one of
 * these is enough to match.
 */
export interface Draft {
  /** The value as written in the rule, quotes of YAML resolved. */
  readonly raw: string;
  readonly pattern: Pattern;
  /** True when each character of the text pattern stands for a byte (after an encoding such as `wide`). */
  readonly bytes?: boolean | undefined;
}

/** Why a modifier cannot be used here: the rule is refused. */
export interface ModifierFault {
  readonly fault: string;
  readonly hint?: string | undefined;
  /** The diagnostic's code without the part before the slash. The default is `modifier`. */
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
  /** One line of text for lists and hints. */
  readonly summary: string;
  /** Limits what may stand before it, as in pySigma: no other modifier, or only modifiers that do not change values. */
  readonly first?: 'of all' | 'of values' | undefined;
  /** What it does to the item as a whole, wherever it stands in the chain. */
  readonly list?: Partial<Pick<DetectionItem, 'linking' | 'negated'>> | undefined;
  /** What it makes of one value. Absent for modifiers that only concern the item as a whole. */
  readonly apply?: ((draft: Draft, context: ModifierContext) => Draft | readonly Draft[] | ModifierFault) | undefined;
  /** Turns the argument of this modifier's `test` patterns into a test of one text value. */
  readonly compileTest?: ((argument: unknown) => TextTest) | undefined;
}

export function isFault(result: object): result is ModifierFault {
  return 'fault' in result;
}

/** True when a modifier made several values from one. */
export function isAlternatives(result: Draft | readonly Draft[]): result is readonly Draft[] {
  return Array.isArray(result);
}

export type TextPattern = Extract<Pattern, { kind: 'text' }>;

/**
 * A draft as text, for modifiers that need text. Numbers and booleans become the text as it was written. `what` names the
 * modifier in the fault.
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

/** The text of a pattern without wildcards; null when it has wildcards. */
export function literalOf(parts: readonly TextPart[]): string | null {
  let text = '';
  for (const part of parts) {
    if (typeof part !== 'string') return null;
    text += part;
  }
  return text;
}
