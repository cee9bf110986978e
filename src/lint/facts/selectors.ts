/** Finds the selectors (`1 of selection_*`) of a condition. */
import type { Condition } from '../../model/rule.ts';

export type Selector = Extract<Condition, { kind: 'selector' }>;

export function* selectorsIn(condition: Condition): Iterable<Selector> {
  if (condition.kind === 'selector') yield condition;
  else if (condition.kind === 'not') yield* selectorsIn(condition.of);
  else if (condition.kind === 'and' || condition.kind === 'or') for (const part of condition.of) yield* selectorsIn(part);
}
