import { assertNever } from '../../../model/errors.ts';
import type { Condition, CorrelationRule } from '../../../model/rule.ts';
import type { CorrelationItem, CorrelationKind, WindowState } from '../correlation.ts';
import { LatestChains } from '../latest-chains.ts';

/** Finds which of the referenced rules matched inside the window, and for temporal_ordered also in which order. */
class Temporal implements WindowState<readonly number[]> {
  readonly #rules: readonly string[];
  /** For each reference, how many items of the window fit it. */
  readonly #items: number[];
  readonly #chains: LatestChains | null;
  /** How many references have an item. */
  #present = 0;
  /** The references that the latest record fits so far, ascending. */
  #ofRecord: readonly number[] = [];

  constructor(rule: CorrelationRule) {
    this.#rules = rule.rules;
    this.#items = rule.rules.map(() => 0);
    this.#chains = rule.type === 'temporal_ordered' ? new LatestChains(rule.rules.length) : null;
  }

  datum(item: CorrelationItem): readonly number[] {
    const { references, sameRecord } = item;
    this.#ofRecord = sameRecord ? [...new Set([...this.#ofRecord, ...references])].sort((a, b) => a - b) : references;
    return references;
  }

  add(references: readonly number[], timeUs: number): void {
    for (const reference of references) if (this.#items[reference]!++ === 0) this.#present++;
    if (this.#chains === null) return;
    this.#chains.add(references, timeUs);
    // All rules that match one record match at the same time, so they count in any order.
    if (this.#ofRecord.length > references.length) for (const reference of this.#ofRecord) this.#chains.add([reference], timeUs);
  }

  remove(references: readonly number[]): void {
    for (const reference of references) if (--this.#items[reference]! === 0) this.#present--;
  }

  value(firstUs: number): number {
    return this.#chains === null ? this.#present : this.#chains.longest(firstUs);
  }

  satisfies(expression: Condition, firstUs: number): boolean {
    if (!this.#holds(expression)) return false;
    // With an order, the matched rules must also have matched in the order of the list.
    return this.#chains === null || this.#chains.longest(firstUs) === this.#present;
  }

  #holds(condition: Condition): boolean {
    switch (condition.kind) {
      case 'selection':
        return this.#fired(condition.name);
      case 'not':
        return !this.#holds(condition.of);
      case 'and':
        return condition.of.every((part) => this.#holds(part));
      case 'or':
        return condition.of.some((part) => this.#holds(part));
      case 'selector':
        return condition.quantifier === 'all'
          ? condition.names.every((name) => this.#fired(name))
          : condition.names.some((name) => this.#fired(name));
      default:
        return assertNever(condition);
    }
  }

  #fired(name: string): boolean {
    return this.#rules.some((rule, reference) => rule === name && this.#items[reference]! > 0);
  }
}

export const correlation: CorrelationKind = {
  types: ['temporal', 'temporal_ordered'],
  monotone: true,
  // A record that matches two of the rules is evidence for both.
  countsRecords: false,
  everyFiring: true,
  // Specification, temporal: without a condition all referenced rules must fire.
  bounds: (rule) => (rule.condition.bounds.length > 0 ? rule.condition.bounds : [{ operator: 'gte', value: rule.rules.length }]),
  window: (rule) => new Temporal(rule),
};
