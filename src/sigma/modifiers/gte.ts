/** Spec, Modifiers, gte: a number, or text that is a plain decimal number; anything else does not match. */
import { compareModifier } from './support/compare.ts';

export const modifier = compareModifier('gte', 'the number in the field is at least the value');
