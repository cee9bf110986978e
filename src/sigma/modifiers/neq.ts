/** Spec, Modifiers, neq: the negation of the whole item, so it holds for an absent field and, of a list, for none of it. */
import type { Modifier } from './modifier.ts';

export const modifier: Modifier = {
  name: 'neq',
  summary: 'the item does not hold',
  list: { negated: true },
};
