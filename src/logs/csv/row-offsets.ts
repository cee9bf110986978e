/**
 * Where rows stand in their log. The JSON reader knows them only as lines of JSON. In: a position in the JSON. Out: the row's
 * offset.
 */
import { LOOK_BEHIND_BYTES } from '../json/boundary.ts';
import { Carry } from '../text/carry.ts';

export class RowOffsets extends Carry {
  /** Positions in the JSON of the current batch and of its lines. For each line, the offset of its row in the log. */
  #batch = 0;
  #lines: number[] = [];
  #offsets: number[] = [];
  /** The line asked about last. Lines are asked about in order. */
  #last = 0;

  constructor() {
    super(0, LOOK_BEHIND_BYTES);
  }

  /** Notes a row at `offset` whose line begins `line` bytes after the start of the batch. */
  add(line: number, offset: number): void {
    this.#lines.push(this.#batch + line);
    this.#offsets.push(offset);
  }

  /** Call when the current batch of `length` bytes has been read. */
  next(length: number): void {
    this.#batch += length;
    this.#lines = this.#lines.slice(-1);
    this.#offsets = this.#offsets.slice(-1);
    this.#last = 0;
  }

  /** Offset in the log of the row whose line holds the position. */
  override offsetOf(position: number): number {
    const json = super.offsetOf(position);
    const lines = this.#lines;
    if (lines[this.#last]! > json) this.#last = 0;
    while (this.#last + 1 < lines.length && lines[this.#last + 1]! <= json) this.#last++;
    return this.#offsets[this.#last] ?? 0;
  }
}
