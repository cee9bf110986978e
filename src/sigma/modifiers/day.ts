/** Spec, Modifiers, day. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('day', (timestamp) => timestamp.day);
