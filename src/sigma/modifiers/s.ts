/** Spec, Modifiers, s: of a regular expression. */
import { regexFlagModifier } from './support/regex-flag.ts';

export const modifier = regexFlagModifier('s', 'dotall', 'the dot of the regular expression also matches line breaks');
