/** Spec, Modifiers, gt: a number, or text that is a plain decimal number; anything else does not match. */
import { compareModifier } from './support/compare.ts';

export const modifier = compareModifier('gt', 'the number in the field is greater than the value');
