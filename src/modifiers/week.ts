/** Spec, Modifiers, week. */
import { isoWeek, timePartModifier } from './time-part.ts';

export const modifier = timePartModifier('week', isoWeek);
