/** Spec, Modifiers, week: compares the ISO week of a timestamp. */
import { isoWeek, timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('week', isoWeek);
