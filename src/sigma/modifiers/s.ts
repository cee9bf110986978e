/** Spec, Modifiers, s: the flag of a regular expression that lets `.` match a line break. */
import { regexFlagModifier } from './support/regex-flag.ts';

export const modifier = regexFlagModifier('s', 'dotall', 'the dot of the regular expression also matches line breaks');
