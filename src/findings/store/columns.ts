/**
 * Columns of numbers in typed arrays. They grow by whole segments, so that growing copies nothing and little memory stays
 * unused.
 */

const SEGMENT_BITS = 14;
const SEGMENT_ROWS = 1 << SEGMENT_BITS;
const SEGMENT_MASK = SEGMENT_ROWS - 1;

type NumberArray = Float64Array | Uint32Array | Uint16Array;

export class Column<A extends NumberArray = NumberArray> {
  readonly #create: (rows: number) => A;
  readonly #segments: A[] = [];
  #length = 0;

  constructor(create: (rows: number) => A) {
    this.#create = create;
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    const row = this.#length++;
    if ((row & SEGMENT_MASK) === 0) this.#segments.push(this.#create(SEGMENT_ROWS));
    this.#segments[row >> SEGMENT_BITS]![row & SEGMENT_MASK] = value;
  }

  set(row: number, value: number): void {
    this.#segments[row >> SEGMENT_BITS]![row & SEGMENT_MASK] = value;
  }

  at(row: number): number {
    return this.#segments[row >> SEGMENT_BITS]![row & SEGMENT_MASK]!;
  }
}

export const float64Column = (): Column<Float64Array> => new Column((rows) => new Float64Array(rows));
export const uint32Column = (): Column<Uint32Array> => new Column((rows) => new Uint32Array(rows));
export const uint16Column = (): Column<Uint16Array> => new Column((rows) => new Uint16Array(rows));
