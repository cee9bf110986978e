/** A JSON array as a multi-valued field. In: the array's text. Out: its items. */
import { unescapeJson } from '../text/text-value.ts';

/** Items kept of one array. Further items are not searched. */
const MAX_ITEMS = 10_000;

/** Where the value that starts at `at` ends; the end of the text if the value does not end. */
function endOfItem(text: string, at: number): number {
  if (text[at] === '"') return endOfString(text, at);
  let depth = 0;
  for (let i = at; i < text.length; i++) {
    const char = text[i];
    if (char === '"') i = endOfString(text, i) - 1;
    else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') {
      if (depth === 0) return i;
      depth--;
      if (depth === 0) return i + 1;
    } else if (depth === 0 && (char === ',' || char! <= ' ')) return i;
  }
  return text.length;
}

function endOfString(text: string, at: number): number {
  for (let i = at + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === '"') return i + 1;
  }
  return text.length;
}

/** The items of an array's text, as they are written. */
export function writtenItems(text: string): string[] {
  const items: string[] = [];
  let at = 1;
  while (at < text.length && items.length < MAX_ITEMS) {
    const char = text[at]!;
    if (char === ',' || char <= ' ') at++;
    else if (char === ']') break;
    else {
      const end = endOfItem(text, at);
      items.push(text.slice(at, end));
      at = Math.max(end, at + 1);
    }
  }
  return items;
}

/**
 * The items of an array's text: strings without quotes and escapes, numbers and booleans as written, nested values as JSON text.
 */
export function listItems(text: string): (string | null)[] {
  return writtenItems(text).map((item) => {
    if (item.startsWith('"')) return unescapeJson(item.slice(1, -1));
    return item === 'null' ? null : item;
  });
}
