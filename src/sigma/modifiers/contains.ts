/** Spec, Modifiers, contains: adds wildcards to the parsed value. */
import { substringModifier } from './support/substring.ts';

export const modifier = substringModifier('contains', 'the value stands anywhere in the field');
