/**
 * Tables in Markdown summaries. In: things, and the cells of a row for each. Out: a table within the size that CI servers accept,
 * and how many rows were left out.
 */
import { markdownText } from './sanitize.ts';

/** Nobody reads more rows on the page of a job. */
const MAX_ROWS = 200;
/** GitHub refuses a summary of more than 1 MiB for a step; lint and tests may write to the same one. */
const MAX_BYTES = 400_000;
/** Characters of one cell. */
const MAX_CELL = 500;

export function* markdownTable<T>(
  columns: readonly string[],
  things: readonly T[],
  cellsOf: (thing: T) => readonly string[],
): Iterable<string> {
  if (things.length === 0) return;
  yield `| ${columns.join(' | ')} |\n|${columns.map(() => '---|').join('')}\n`;
  let bytes = 0;
  let shown = 0;
  for (const thing of things.slice(0, MAX_ROWS)) {
    const row = `| ${cellsOf(thing).map(cell).join(' | ')} |\n`;
    bytes += Buffer.byteLength(row);
    if (bytes > MAX_BYTES) break;
    shown++;
    yield row;
  }
  if (shown < things.length) yield `\n${things.length - shown} more are not listed here.\n`;
}

function cell(text: string): string {
  return markdownText(text.length > MAX_CELL ? `${text.slice(0, MAX_CELL)}...` : text);
}
