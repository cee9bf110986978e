import type { CorrelationItem, CorrelationKind, WindowState } from '../correlation.ts';
import { fixedPointOf, fromFixedPoint } from '../decimal.ts';
import { scalars } from '../field-tuples.ts';

interface Summand {
  readonly sum: bigint;
  readonly numbers: number;
}

/** Sum or average of a field. The arithmetic is exact, so that removing a number leaves no rounding error. */
class ValueSum implements WindowState<Summand> {
  readonly #fields: readonly string[];
  readonly #average: boolean;
  #sum = 0n;
  #numbers = 0;

  constructor(fields: readonly string[], average: boolean) {
    this.#fields = fields;
    this.#average = average;
  }

  datum(item: CorrelationItem): Summand | undefined {
    let sum = 0n;
    let numbers = 0;
    for (const field of this.#fields) {
      for (const text of scalars(item.field(field))) {
        const number = text === null ? undefined : fixedPointOf(text);
        if (number === undefined) continue;
        sum += number;
        numbers++;
      }
    }
    return numbers === 0 ? undefined : { sum, numbers };
  }

  add(datum: Summand): void {
    this.#sum += datum.sum;
    this.#numbers += datum.numbers;
  }

  remove(datum: Summand): void {
    this.#sum -= datum.sum;
    this.#numbers -= datum.numbers;
  }

  value(): number {
    const sum = fromFixedPoint(this.#sum);
    return this.#average ? sum / this.#numbers : sum;
  }
}

export const correlation: CorrelationKind = {
  types: ['value_sum', 'value_avg'],
  // A negative number lowers a sum, and a small one lowers an average.
  monotone: false,
  countsRecords: true,
  everyFiring: false,
  bounds: (rule) => rule.condition.bounds,
  window: (rule) => new ValueSum(rule.condition.fields, rule.type === 'value_avg'),
};
