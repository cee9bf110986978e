/** Spec, Modifiers, year: compares the year of a timestamp. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('year', (timestamp) => timestamp.year);
