/** Spec, Modifiers, i: of a regular expression. */
import { regexFlagModifier } from './regex-flag.ts';

export const modifier = regexFlagModifier('i', 'ignorecase', 'the regular expression ignores case');
