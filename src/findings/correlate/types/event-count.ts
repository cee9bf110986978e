import type { CorrelationKind, WindowState } from '../correlation.ts';

/** Counts the events of the referenced rules in the window. */
class EventCount implements WindowState<true> {
  #count = 0;

  datum(): true {
    return true;
  }

  add(): void {
    this.#count++;
  }

  remove(): void {
    this.#count--;
  }

  value(): number {
    return this.#count;
  }
}

export const correlation: CorrelationKind = {
  types: ['event_count'],
  monotone: true,
  countsRecords: true,
  everyFiring: false,
  bounds: (rule) => rule.condition.bounds,
  window: () => new EventCount(),
};
