/** Spec, Modifiers, minute. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('minute', (timestamp) => timestamp.minute);
