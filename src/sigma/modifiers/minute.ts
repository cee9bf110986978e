/** Spec, Modifiers, minute: compares the minute of a timestamp. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('minute', (timestamp) => timestamp.minute);
