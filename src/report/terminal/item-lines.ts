/**
 * Lists of names and times, broken between them and never inside of one. In: harmless texts. Out: lines. Where the lines do not
 * hold all of them, the last one says how many there are more.
 */
import { ELLIPSIS, textWidth, wrapText } from '../text-layout.ts';

export interface ItemLimits {
  /** How many items are shown at most. */
  readonly items: number;
  readonly lines: number;
}

/** Items have fewer characters than this, unless somebody wants to fill the page. */
const MAX_ITEM = 600;

/** `lead` comes before the first item. */
export function itemLines(given: readonly string[], width: number, limits: ItemLimits, lead = ''): readonly string[] {
  const items = given.map((item) => (item.length > MAX_ITEM ? item.slice(0, MAX_ITEM) + ELLIPSIS : item));
  for (let shown = Math.min(limits.items, items.length); shown > 0; shown--) {
    const rest = items.length - shown;
    const pieces = items.slice(0, shown).map((item, i) => (i === shown - 1 ? item : `${item},`));
    const lines = packed([...(lead === '' ? [] : [lead]), ...pieces, ...(rest > 0 ? [`and ${rest} more`] : [])], width);
    if (lines.length <= limits.lines) return lines;
    if (shown === 1) return lines.slice(0, limits.lines);
  }
  return [];
}

/** Pieces with blanks between. Only one that is longer than a line is broken. */
function packed(pieces: readonly string[], width: number): readonly string[] {
  const lines: string[] = [];
  for (const piece of pieces) {
    const last = lines.at(-1);
    if (last !== undefined && textWidth(last) + 1 + textWidth(piece) <= width) lines[lines.length - 1] = `${last} ${piece}`;
    else lines.push(...wrapText(piece, width));
  }
  return lines;
}
