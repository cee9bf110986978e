/** Spec, Modifiers, hour. */
import { timePartModifier } from './time-part.ts';

export const modifier = timePartModifier('hour', (timestamp) => timestamp.hour);
