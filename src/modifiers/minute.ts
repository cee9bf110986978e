/** Spec, Modifiers, minute. */
import { timePartModifier } from './time-part.ts';

export const modifier = timePartModifier('minute', (timestamp) => timestamp.minute);
