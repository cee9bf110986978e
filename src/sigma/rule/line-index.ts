/** Converts offsets in a text to lines and columns, and back. Both count from 1; columns count UTF-16 units. */
import type { Span } from '../../model/rule.ts';

export class LineIndex {
  readonly #starts: number[] = [0];

  constructor(text: string) {
    for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1);
  }

  span(offset: number): Span {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - this.#starts[low]! + 1 };
  }

  offset(span: Span): number {
    return (this.#starts[span.line - 1] ?? 0) + span.column - 1;
  }

  /** The offset where a line begins. For lines after the last one, the end of the text. */
  lineStart(line: number, textLength: number): number {
    return this.#starts[line - 1] ?? textLength;
  }
}
