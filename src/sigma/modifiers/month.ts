/** Spec, Modifiers, month: compares the month of a timestamp. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('month', (timestamp) => timestamp.month);
