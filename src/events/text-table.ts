/** In: rows of text from logs. Out: lines with columns one below the other, harmless to print. Numbers stand at the right. */
import { visibleText } from '../report/sanitize.ts';
import { padEnd, padStart, textWidth } from '../report/text-layout.ts';
import { grouped } from '../report/wording.ts';

export type Cell = string | number;

/** `loadTextWidths` comes before. */
export function* textTable(columns: readonly string[], rows: readonly (readonly Cell[])[]): Iterable<string> {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : visibleText(cell))));
  const widths = columns.map((column, i) =>
    texts.reduce((widest, row) => Math.max(widest, textWidth(row[i] ?? '')), column.length),
  );
  const atRight = columns.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  for (const row of [columns, ...texts]) {
    const cells = row.map((text, i) => (atRight[i] ? padStart(text, widths[i]!) : padEnd(text, widths[i]!)));
    yield `  ${cells.join('  ').trimEnd()}\n`;
  }
}
