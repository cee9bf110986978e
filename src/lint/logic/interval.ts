/** Numeric comparisons (`gt: 5`) and plain numbers as intervals, for proofs about them. */
import type { Pattern } from '../../model/rule.ts';
import { compareDecimals, plainDecimal } from '../../model/values/decimal.ts';
import type { CompareArgument } from '../../sigma/modifiers/support/compare.ts';

interface Bound {
  readonly value: string;
  /** True when the bound itself is excluded. */
  readonly open: boolean;
}

export interface Interval {
  readonly low: Bound | null;
  readonly high: Bound | null;
}

const COMPARISONS = new Set(['gt', 'gte', 'lt', 'lte']);

/**
 * The numbers that satisfy a pattern; null for patterns that are not about numbers. `literal` is the pattern's text, if it has
 * one.
 */
export function intervalOf(pattern: Pattern, literal: string | undefined): Interval | null {
  if (pattern.kind === 'number') return point(pattern.decimal);
  if (literal !== undefined) {
    const decimal = plainDecimal(literal);
    return decimal === null ? null : point(decimal);
  }
  if (pattern.kind !== 'test' || !COMPARISONS.has(pattern.modifier)) return null;
  // The four comparison modifiers all use this form of argument.
  const { operator, value } = pattern.argument as CompareArgument;
  const open = operator === 'gt' || operator === 'lt';
  return operator.startsWith('g') ? { low: { value, open }, high: null } : { low: null, high: { value, open } };
}

function point(value: string): Interval {
  return { low: { value, open: false }, high: { value, open: false } };
}

/** True when every number of `a` is in `b`. */
export function within(a: Interval, b: Interval): boolean {
  return reaches(a.low, b.low, 1) && reaches(a.high, b.high, -1);
}

/** True when `inner` is at least as narrow as `outer`. `side` is 1 for lower bounds, -1 for upper ones. */
function reaches(inner: Bound | null, outer: Bound | null, side: 1 | -1): boolean {
  if (outer === null) return true;
  if (inner === null) return false;
  const difference = compareDecimals(inner.value, outer.value) * side;
  return difference > 0 || (difference === 0 && (inner.open || !outer.open));
}

/** True when no number is in both. */
export function apart(a: Interval, b: Interval): boolean {
  return below(a.high, b.low) || below(b.high, a.low);
}

function below(high: Bound | null, low: Bound | null): boolean {
  if (high === null || low === null) return false;
  const difference = compareDecimals(high.value, low.value);
  return difference < 0 || (difference === 0 && (high.open || low.open));
}
