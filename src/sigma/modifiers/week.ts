/** Spec, Modifiers, week. */
import { isoWeek, timePartModifier } from './support/time-part.ts';

export const modifier = timePartModifier('week', isoWeek);
