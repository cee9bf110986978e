/** Spec, Modifiers, endswith: adds wildcards to the parsed value. */
import { substringModifier } from './support/substring.ts';

export const modifier = substringModifier('endswith', 'the field ends with the value');
