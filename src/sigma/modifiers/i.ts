/** Spec, Modifiers, i: the flag of a regular expression that ignores case. */
import { regexFlagModifier } from './support/regex-flag.ts';

export const modifier = regexFlagModifier('i', 'ignorecase', 'the regular expression ignores case');
