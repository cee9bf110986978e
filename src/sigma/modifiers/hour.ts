/** Spec, Modifiers, hour: compares the hour of a timestamp. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('hour', (timestamp) => timestamp.hour);
