/** Spec, Modifiers, m: of a regular expression. */
import { regexFlagModifier } from './support/regex-flag.ts';

export const modifier = regexFlagModifier('m', 'multiline', '^ and $ of the regular expression also match at line breaks');
