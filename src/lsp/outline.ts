/**
 * Finds where in a YAML document a place is, by the lines and their indentation. While somebody types, the text is seldom valid
 * YAML, so the parser cannot tell. In: a text and an offset. Out: the keys above the place, and what is being written there.
 * Refuses nothing: in a text of another form, the path is empty. Maps in braces are not read.
 */

export interface Cursor {
  /** Keys from the top of the document to the place: `['detection', 'selection']` where a field is written. */
  readonly path: readonly string[];
  /** Whether a key or a value is being written at the place. An `item` of a list may become either. */
  readonly at: 'key' | 'value' | 'item';
  /** The text from `start` to the place, without an opening quote. */
  readonly word: string;
  readonly start: number;
  /** The quote that is open at the place; '' when none is. */
  readonly quote: '' | "'" | '"';
}

interface Line {
  /** Column of the first word, which follows the dashes of list items. */
  readonly column: number;
  /** Column of the first dash; the same as `column` where there is none. */
  readonly dash: number;
  readonly key: string | null;
  /** Column of the value; the end of the line where there is no key. */
  readonly valueColumn: number;
}

const LINE = /^(\s*)((?:-\s+|-$)*)(?:(?:'([^']*)'|"([^"]*)"|([^\s'"#{[&*!|>%@,][^#]*?))\s*:(?=\s|$)\s*)?/;

function readLine(text: string): Line {
  const match = LINE.exec(text)!;
  const [whole, indent = '', dashes = '', single, double, plain] = match;
  const column = indent.length + dashes.length;
  const key = single ?? double ?? plain ?? null;
  return { column, dash: indent.length, key, valueColumn: key === null ? text.length : whole.length };
}

/** The line of an offset: its text, and where it begins. */
export function lineAt(text: string, offset: number): { readonly text: string; readonly start: number } {
  // `lastIndexOf` takes a negative position for 0, and would find a line break there.
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return { text: text.slice(start, end < 0 ? text.length : end).replace(/\r$/, ''), start };
}

export function cursorAt(text: string, offset: number): Cursor {
  const { text: whole, start } = lineAt(text, offset);
  const before = whole.slice(0, offset - start);
  const line = readLine(before);
  const isValue = line.key !== null && before.length >= line.valueColumn && /:\s/.test(before.slice(line.column));
  const written = isValue ? before.slice(line.valueColumn) : before.slice(line.column);
  const quote = /^['"]/.exec(written)?.[0] ?? '';
  const parents = keysAbove(text, start, line);
  return {
    path: isValue ? [...parents, line.key!] : parents,
    at: isValue ? 'value' : line.column > line.dash ? 'item' : 'key',
    word: written.slice(quote.length),
    start: offset - written.length + quote.length,
    quote: quote as Cursor['quote'],
  };
}

/** The keys that a line is nested below, outermost first. */
function keysAbove(text: string, lineStart: number, of: Line): string[] {
  const keys: string[] = [];
  let limit = of.column > of.dash ? of.dash + 1 : of.column;
  let end = lineStart - 1;
  // An `end` of 0 means that only an empty first line is left.
  while (end > 0 && limit > 0) {
    const start = text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(start, end).replace(/\r$/, '');
    end = start - 1;
    if (/^(?:---|\.\.\.)(?:\s|$)/.test(line)) break;
    if (/^\s*(?:#|$)/.test(line)) continue;
    const { column, dash, key } = readLine(line);
    if (key !== null && column < limit) {
      keys.unshift(key);
      limit = column;
    }
    // The key of a list may stand as far to the left as its dashes.
    if (column > dash && dash < limit) limit = dash + 1;
  }
  return keys;
}

/** The text of the YAML document around an offset. */
export function documentAround(text: string, offset: number): string {
  const marker = text.lastIndexOf('\n---', offset - 1);
  const next = text.indexOf('\n---', offset);
  return text.slice(marker < 0 ? 0 : lineAt(text, marker + 1).start + 4, next < 0 ? text.length : next);
}

/** The scalar under a key below a top-level one: `scalarBelow(document, 'logsource', 'product')`. Maps in braces are read too. */
export function scalarBelow(document: string, key: string, below: string): string | undefined {
  const block = new RegExp(`(?:^|\\n)${key}:([^\\n]*(?:\\n[ \\t]+[^\\n]*|\\n(?=[ \\t]*(?:#|\\n)))*)`).exec(document)?.[1];
  return block === undefined ? undefined : new RegExp(`(?:^|[\\s{,])${below}:\\s*(['"]?)([\\w.-]+)\\1`).exec(block)?.[2];
}

/** The keys directly below a top-level key: the selections of `detection`. */
export function keysBelow(document: string, key: string): readonly string[] {
  const keys: string[] = [];
  let column: number | null = null;
  let inside = false;
  for (const text of document.split(/\r?\n/)) {
    if (/^\s*(?:#|$)/.test(text)) continue;
    const line = readLine(text);
    if (line.column === 0) {
      inside = line.key === key;
      continue;
    }
    if (!inside || line.key === null || line.column > line.dash) continue;
    column ??= line.column;
    if (line.column === column) keys.push(line.key);
  }
  return keys;
}
