/**
 * In: rows of text from logs. Out: lines with columns one below the other, harmless to print. Columns of numbers are aligned to
 * the right. Columns that do not fit into `width` continue on further lines, so that a terminal does not wrap them.
 */
import { isoFromUs } from '../model/values/time.ts';
import { visibleText } from '../report/sanitize.ts';
import { padEnd, padStart, textWidth } from '../report/text-layout.ts';
import { grouped, secondsText } from '../report/wording.ts';

export type Cell = string | number;

const GAP = '  ';
const INDENT = 2;
/** The further indentation of all lines of a row after the first. */
const DEEPER = 4;

/**
 * Longer cells are cut. Names are not that long, and measuring the width of a value of a megabyte takes minutes. JSON Lines have
 * the whole value.
 */
const MAX_CELL = 256;

/** `loadTextWidths` must have been called before. */
export function* textTable(
  columns: readonly string[],
  rows: readonly (readonly Cell[])[],
  width = Number.POSITIVE_INFINITY,
): Iterable<string> {
  const texts = rows.map((row) => row.map((cell) => (typeof cell === 'number' ? grouped(cell) : visibleText(cut(cell)))));
  const widths = columns.map((column, i) =>
    texts.reduce((widest, row) => Math.max(widest, textWidth(row[i] ?? '')), column.length),
  );
  const atRight = columns.map((_, i) => rows.length > 0 && rows.every((row) => typeof row[i] === 'number'));
  const lines = inLines(widths, width);
  for (const row of [columns, ...texts]) {
    const cells = row.map((text, i) => (atRight[i] ? padStart(text, widths[i]!) : padEnd(text, widths[i]!)));
    for (const [i, { from, to, indent }] of lines.entries()) {
      const line = cells.slice(from, to).join(GAP).trimEnd();
      if (line !== '' || i === 0) yield `${' '.repeat(indent)}${line}\n`;
    }
  }
}

/** The first `top` rows, and how many more there are. */
export function* topTable<T>(
  columns: readonly string[],
  rows: readonly T[],
  cellsOf: (row: T) => readonly Cell[],
  top: number,
  width?: number,
): Iterable<string> {
  yield* textTable(columns, rows.slice(0, top).map(cellsOf), width);
  yield* moreRows(rows.length - top);
}

export function* moreRows(more: number): Iterable<string> {
  if (more > 0) yield `  and ${grouped(more)} more (--top)\n`;
}

/** UTC, for a cell. */
export function timeCell(timeUs: number): string {
  return secondsText(Number.isNaN(timeUs) ? null : isoFromUs(timeUs));
}

function cut(text: string): string {
  return text.length <= MAX_CELL ? text : `${text.slice(0, MAX_CELL - 1)}\u2026`;
}

/** Which columns stand in each line of a row. */
function inLines(widths: readonly number[], width: number): { from: number; to: number; indent: number }[] {
  const lines = [{ from: 0, to: 0, indent: INDENT }];
  let used = INDENT - GAP.length;
  for (const [i, own] of widths.entries()) {
    const last = lines.at(-1)!;
    if (used + GAP.length + own > width && last.to > last.from) {
      lines.push({ from: i, to: i + 1, indent: INDENT + DEEPER });
      used = INDENT + DEEPER + own;
    } else {
      last.to = i + 1;
      used += GAP.length + own;
    }
  }
  return lines;
}
