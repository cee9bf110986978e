import { InternalError } from '../../../model/errors.ts';
import type { CorrelationItem, CorrelationKind, WindowState } from '../correlation.ts';
import { decimalOf } from '../decimal.ts';
import { scalars } from '../field-tuples.ts';
import { RankedNumbers } from '../ranked-numbers.ts';

/**
 * The value below which a given percentage of the window's numbers lie, by linear interpolation between the closest ranks (rank
 * p/100 * (n - 1), from 0). SQL calls this PERCENTILE_CONT. The 50th percentile is the median.
 */
class ValuePercentile implements WindowState<readonly number[]> {
  readonly #fields: readonly string[];
  readonly #fraction: number;
  readonly #numbers = new RankedNumbers();

  constructor(fields: readonly string[], percentile: number) {
    this.#fields = fields;
    this.#fraction = percentile / 100;
  }

  datum(item: CorrelationItem): readonly number[] | undefined {
    const numbers: number[] = [];
    for (const field of this.#fields) {
      for (const text of scalars(item.field(field))) {
        const number = text === null ? undefined : decimalOf(text);
        if (number !== undefined) numbers.push(number);
      }
    }
    return numbers.length === 0 ? undefined : numbers;
  }

  add(numbers: readonly number[]): void {
    for (const number of numbers) this.#numbers.add(number);
  }

  remove(numbers: readonly number[]): void {
    for (const number of numbers) this.#numbers.remove(number);
  }

  value(): number {
    const rank = this.#fraction * (this.#numbers.size - 1);
    const below = Math.floor(rank);
    const low = this.#numbers.at(below);
    if (rank === below) return low;
    return low + (this.#numbers.at(below + 1) - low) * (rank - below);
  }
}

export const correlation: CorrelationKind = {
  types: ['value_percentile', 'value_median'],
  monotone: false,
  countsRecords: true,
  everyFiring: false,
  bounds: (rule) => rule.condition.bounds,
  window: (rule) => {
    const percentile = rule.type === 'value_median' ? 50 : rule.condition.percentile;
    if (percentile === undefined) throw new InternalError(`${rule.head.title}: value_percentile without a percentile`);
    return new ValuePercentile(rule.condition.fields, percentile);
  },
};
