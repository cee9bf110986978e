/**
 * Spec, Modifiers, all: every listed value must hold. Where another modifier makes several variants of one value, one of these
 * variants is enough.
 */
import type { Modifier } from './modifier.ts';

export const modifier: Modifier = {
  name: 'all',
  summary: 'every value of the list must hold, not only one',
  list: { linking: 'all' },
};
