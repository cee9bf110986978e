/** Spec, Modifiers, lte: a number, or text that is a plain decimal number; anything else does not match. */
import { compareModifier } from './support/compare.ts';

export const modifier = compareModifier('lte', 'the number in the field is at most the value');
