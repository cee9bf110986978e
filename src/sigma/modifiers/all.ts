/** Spec, Modifiers, all: every value must hold, each on its own. Values that a modifier made of one stay alternatives. */
import type { Modifier } from './modifier.ts';

export const modifier: Modifier = {
  name: 'all',
  summary: 'every value of the list must hold, not only one',
  list: { linking: 'all' },
};
