/** Spec, Modifiers, hour. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('hour', (timestamp) => timestamp.hour);
