/** Spec, Modifiers, startswith: adds wildcards to the parsed value. */
import { substringModifier } from './support/substring.ts';

export const modifier = substringModifier('startswith', 'the field begins with the value');
