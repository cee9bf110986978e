/** Spec, Modifiers, year. */
import { timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('year', (timestamp) => timestamp.year);
