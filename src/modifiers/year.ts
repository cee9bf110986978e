/** Spec, Modifiers, year. */
import { timePartModifier } from './time-part.ts';

export const modifier = timePartModifier('year', (timestamp) => timestamp.year);
