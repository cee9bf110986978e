import type { CorrelationItem, CorrelationKind, WindowState } from '../correlation.ts';
import { fieldTuples, tupleKey } from '../field-tuples.ts';

/** One distinct value, and how many items of the window have it. */
interface Cell {
  readonly key: string;
  items: number;
}

/** Counts the distinct values (tuples, when there are several fields) in the window. Items without these fields add nothing. */
class ValueCount implements WindowState<readonly Cell[]> {
  readonly #fields: readonly string[];
  readonly #cells = new Map<string, Cell>();

  constructor(fields: readonly string[]) {
    this.#fields = fields;
  }

  datum(item: CorrelationItem): readonly Cell[] | undefined {
    const tuples = fieldTuples(this.#fields.map((field) => item.field(field)));
    if (tuples.length === 0) return undefined;
    const keys = new Set(tuples.map(tupleKey));
    return [...keys].map((key) => this.#cells.get(key) ?? { key, items: 0 });
  }

  add(cells: readonly Cell[]): void {
    for (const cell of cells) {
      if (cell.items++ === 0) this.#cells.set(cell.key, cell);
    }
  }

  remove(cells: readonly Cell[]): void {
    for (const cell of cells) {
      if (--cell.items === 0) this.#cells.delete(cell.key);
    }
  }

  value(): number {
    return this.#cells.size;
  }
}

export const correlation: CorrelationKind = {
  types: ['value_count'],
  monotone: true,
  countsRecords: true,
  everyFiring: true,
  bounds: (rule) => rule.condition.bounds,
  window: (rule) => new ValueCount(rule.condition.fields),
};
