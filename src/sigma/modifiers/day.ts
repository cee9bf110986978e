/** Spec, Modifiers, day: compares the day of the month in a timestamp. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('day', (timestamp) => timestamp.day);
