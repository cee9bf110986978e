/** Spec, Modifiers, lt: a number, or text that is a plain decimal number; anything else does not match. */
import { compareModifier } from './support/compare.ts';

export const modifier = compareModifier('lt', 'the number in the field is less than the value');
