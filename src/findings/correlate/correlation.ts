/**
 * Defines what a correlation type is. Each file in `types/` exports one family of types as `correlation`; nothing else needs to
 * be edited for a new one.
 */

import type { FieldValue } from '../../model/event.ts';
import {
  type Condition,
  type CorrelationCondition,
  type CorrelationRule,
  type CorrelationType,
  negates,
} from '../../model/rule.ts';
import { holds } from '../../model/values/decimal.ts';

/** One match of a group, or one firing of another correlation, as a window sees it. */
export interface CorrelationItem {
  readonly timeUs: number;
  /** The references of the correlation rule that this item fits, as positions in `rules`. */
  readonly references: readonly number[];
  /** True when the previous item of the group is the same record, matched by another rule. */
  readonly sameRecord: boolean;
  /** The value of a field, read from the event as its log source says; for a firing, a group value of that correlation. */
  field(name: string): FieldValue | undefined;
}

/**
 * What is known about the items of one group inside the sliding window. Items enter in time order and leave in the same order.
 * Adding and removing take amortised constant time, or logarithmic time where a rank is needed.
 */
export interface WindowState<Datum = unknown> {
  /** What an item adds to the window. Undefined when it adds nothing and is not evidence. */
  datum(item: CorrelationItem): Datum | undefined;
  add(datum: Datum, timeUs: number): void;
  /** Removes the oldest item. */
  remove(datum: Datum): void;
  /** The number that the condition compares, for the window that starts at `firstUs`. Only called when the window has an item. */
  value(firstUs: number): number;
  /** Whether the window satisfies an extended condition. Temporal types only. */
  satisfies?(expression: Condition, firstUs: number): boolean;
}

export interface CorrelationKind {
  readonly types: readonly CorrelationType[];
  /** True when another item can only raise the value. A condition with `gte` is then decided before the window is complete. */
  readonly monotone: boolean;
  /** True when a record that several referenced rules match counts as one item. */
  readonly countsRecords: boolean;
  /** True when every firing of a referenced correlation is an item. False when each of its reported correlations is one. */
  readonly everyFiring: boolean;
  /** The bounds for a rule that states none. */
  bounds(rule: CorrelationRule): CorrelationCondition['bounds'];
  window(rule: CorrelationRule): WindowState;
}

/** True when all bounds hold. */
export function withinBounds(value: number, bounds: CorrelationCondition['bounds']): boolean {
  for (const bound of bounds) if (!holds[bound.operator](value - bound.value)) return false;
  return true;
}

/** True when the bounds have only lower limits. Once they hold, further items cannot make them fail. */
export function onlyLowerBounds(bounds: CorrelationCondition['bounds'], expression: Condition | undefined): boolean {
  if (expression !== undefined) return !negates(expression);
  return bounds.every(({ operator }) => operator === 'gt' || operator === 'gte');
}
