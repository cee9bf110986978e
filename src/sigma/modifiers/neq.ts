/**
 * Spec, Modifiers, neq: the whole item is negated. It therefore holds for an absent field, and for a list when none of its
 * values match.
 */
import type { Modifier } from './modifier.ts';

export const modifier: Modifier = {
  name: 'neq',
  summary: 'the item does not hold',
  list: { negated: true },
};
