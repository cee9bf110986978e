/** Spec, Modifiers, i: of a regular expression. */
import { regexFlagModifier } from './support/regex-flag.ts';

export const modifier = regexFlagModifier('i', 'ignorecase', 'the regular expression ignores case');
