/** Spec, Modifiers, month. */
import { timePartModifier } from './time-part.ts';

export const modifier = timePartModifier('month', (timestamp) => timestamp.month);
