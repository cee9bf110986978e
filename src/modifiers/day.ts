/** Spec, Modifiers, day. */
import { timePartModifier } from './time-part.ts';

export const modifier = timePartModifier('day', (timestamp) => timestamp.day);
