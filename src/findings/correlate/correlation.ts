/** What a correlation type is. One file per family in `correlations/` exports `correlation`; nothing else is edited. */

import { assertNever } from '../../model/errors.ts';
import type { FieldValue } from '../../model/event.ts';
import type { CompareOperator, Condition, CorrelationCondition, CorrelationRule, CorrelationType } from '../../model/rule.ts';

/** One match (or inner correlation) of a group, as a window sees it. */
export interface CorrelationItem {
  readonly timeUs: number;
  /** Which references of the correlation rule it answers: positions in `rules`. */
  readonly references: readonly number[];
  /** True: the item before it in its group is the same record, matched by another rule. */
  readonly sameRecord: boolean;
  /** A field of the event, read as its log source says, or a group value of the inner correlation. */
  field(name: string): FieldValue | undefined;
}

/**
 * What is known of the items of one group inside the sliding window. Items enter in time order and leave in the same order.
 * Adding and removing cost amortised constant time, logarithmic where a rank is asked for.
 */
export interface WindowState<Datum = unknown> {
  /** What an item adds to the window; undefined when it adds nothing and is no evidence. */
  datum(item: CorrelationItem): Datum | undefined;
  add(datum: Datum, timeUs: number): void;
  /** The oldest item leaves. */
  remove(datum: Datum): void;
  /** What the condition compares, for the window that starts at `firstUs`. Only called when the window holds an item. */
  value(firstUs: number): number;
  /** The truth of an extended condition; temporal types only. */
  satisfies?(expression: Condition, firstUs: number): boolean;
}

export interface CorrelationKind {
  readonly types: readonly CorrelationType[];
  /** True when one more item can only raise the value: `gte` may then be answered before the window is complete. */
  readonly monotone: boolean;
  /** True: a record that several referenced rules match is one item. */
  readonly countsRecords: boolean;
  /** True: each window of a referenced correlation that fired is an item; false: each reported correlation is one. */
  readonly everyFiring: boolean;
  /** The bounds when the rule states none. */
  bounds(rule: CorrelationRule): CorrelationCondition['bounds'];
  window(rule: CorrelationRule): WindowState;
}

/** All bounds hold. */
export function withinBounds(value: number, bounds: CorrelationCondition['bounds']): boolean {
  for (const bound of bounds) if (!compares(value, bound.operator, bound.value)) return false;
  return true;
}

function compares(value: number, operator: CompareOperator, bound: number): boolean {
  switch (operator) {
    case 'lt':
      return value < bound;
    case 'lte':
      return value <= bound;
    case 'gt':
      return value > bound;
    case 'gte':
      return value >= bound;
    case 'eq':
      return value === bound;
    case 'neq':
      return value !== bound;
    default:
      return assertNever(operator);
  }
}

/** True when no upper bound, equality or absence is asked for: once satisfied, more items cannot undo it. */
export function onlyLowerBounds(bounds: CorrelationCondition['bounds'], expression: Condition | undefined): boolean {
  if (expression !== undefined) return !negates(expression);
  return bounds.every(({ operator }) => operator === 'gt' || operator === 'gte');
}

function negates(condition: Condition): boolean {
  switch (condition.kind) {
    case 'not':
      return true;
    case 'and':
    case 'or':
      return condition.of.some(negates);
    case 'selection':
    case 'selector':
      return false;
    default:
      return assertNever(condition);
  }
}
