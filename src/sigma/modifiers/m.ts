/** Spec, Modifiers, m: the flag of a regular expression that lets `^` and `$` match at each line. */
import { regexFlagModifier } from './support/regex-flag.ts';

export const modifier = regexFlagModifier('m', 'multiline', '^ and $ of the regular expression also match at line breaks');
