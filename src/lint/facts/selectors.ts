/** Finds the selectors (`1 of selection_*`) of a condition. */
import type { Condition, DetectionRule } from '../../model/rule.ts';
import type { LintDocument } from '../document.ts';

export type Selector = Extract<Condition, { kind: 'selector' }>;

export function* selectorsIn(condition: Condition): Iterable<Selector> {
  if (condition.kind === 'selector') yield condition;
  else if (condition.kind === 'not') yield* selectorsIn(condition.of);
  else if (condition.kind === 'and' || condition.kind === 'or') for (const part of condition.of) yield* selectorsIn(part);
}

/** The document's rule if it is a detection rule. */
export function detectionOf(document: LintDocument): DetectionRule | null {
  return document.rule?.kind === 'detection' ? document.rule : null;
}
