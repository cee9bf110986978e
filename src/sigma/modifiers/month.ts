/** Spec, Modifiers, month. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('month', (timestamp) => timestamp.month);
