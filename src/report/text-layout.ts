/**
 * Fits text into columns. In: harmless text of one line (see `sanitize.ts`) and a width. Out: the text shortened, wrapped or
 * padded, with widths as terminals count them: wide characters take two columns, combining ones none. Throws when text beyond
 * {@link PLAIN} comes before `loadTextWidths` has been called.
 */
import { InternalError } from '../model/errors.ts';

export const ELLIPSIS = '\u2026';

/** Texts of characters that take one column each and combine with nothing: Latin letters, and the signs that reports contain. */
const PLAIN = /^[\x20-\x7e\u00a1-\u00ac\u00ae-\u017f\u2013\u2014\u2026\u2192\u2193\u2514]*$/;

let widthOf: typeof import('string-width').default | null = null;
let graphemes: Intl.Segmenter | null = null;

/** Loads the Unicode tables for widths. This takes 40 ms, a tenth of a small scan, and plain texts do not need them. */
export async function loadTextWidths(): Promise<void> {
  widthOf ??= (await import('string-width')).default;
}

function segments(text: string): Intl.Segments {
  graphemes ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return graphemes.segment(text);
}

/** Columns that a text takes. */
export function textWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  if (widthOf === null) throw new InternalError('widths of characters are not loaded');
  return widthOf(text, { countAnsiEscapeCodes: true });
}

/** Pads with blanks at the end. A longer text stays as it is. */
export function padEnd(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

export function padStart(text: string, width: number): string {
  return ' '.repeat(Math.max(0, width - textWidth(text))) + text;
}

/**
 * Text in at most `width` columns; an ellipsis replaces an end that does not fit. The cost depends on the width, not on the
 * length of the text.
 */
export function elide(text: string, width: number): string {
  // The first character after the cut is plain, too: it does not combine with those before.
  if (PLAIN.test(text.slice(0, width + 1))) return text.length <= width ? text : text.slice(0, Math.max(0, width - 1)) + ELLIPSIS;
  // Apart from combining characters, no more characters than columns can be shown. This limits the work for values of
  // megabytes.
  const head = text.length > width * 8 ? text.slice(0, width * 8) : text;
  let shown = 0;
  let used = 0;
  for (const { segment } of segments(head)) {
    used += textWidth(segment);
    if (used > width) return head.slice(0, shown) + ELLIPSIS;
    if (used <= width - 1) shown += segment.length;
  }
  return head.length === text.length ? text : head.slice(0, shown) + ELLIPSIS;
}

/** Text in at most `width` columns with its middle replaced, for paths, where both ends matter. */
export function elideMiddle(given: string, width: number): string {
  // Only the ends of a very long text are looked at, because each step of the segmenter may copy the whole text.
  const most = width * 8;
  const text = given.length > 2 * most ? `${given.slice(0, most)}${ELLIPSIS}${given.slice(-most)}` : given;
  if (textWidth(text) <= width) return text;
  const graphemes = [...segments(text)].map(({ segment }) => segment);
  const room = Math.max(2, width - 1);
  const tail: string[] = [];
  let used = 0;
  while (graphemes.length > 0) {
    const last = graphemes[graphemes.length - 1] ?? '';
    if (used + textWidth(last) > Math.ceil(room * 0.6)) break;
    used += textWidth(last);
    tail.unshift(last);
    graphemes.pop();
  }
  let head = '';
  for (const grapheme of graphemes) {
    if (used + textWidth(grapheme) > room) break;
    used += textWidth(grapheme);
    head += grapheme;
  }
  return `${head}${ELLIPSIS}${tail.join('')}`;
}

/** A piece of a line, emphasised or not. */
export interface Span {
  readonly text: string;
  readonly strong: boolean;
}

/** A line is broken at a blank only if it is then still filled to this share. */
const FULL_ENOUGH = 0.6;

interface Grapheme {
  readonly text: string;
  readonly columns: number;
  readonly strong: boolean;
}

/**
 * Wraps spans to lines of `width` columns, at blanks or path separators where possible. An ellipsis replaces what does not fit
 * into `maxLines`. Lines after the first may have another width.
 */
export function wrapSpans(spans: readonly Span[], width: number, maxLines: number, later = width): Span[][] {
  const lines: Grapheme[][] = [];
  let line: Grapheme[] = [];
  let used = 0;
  let rest = false;
  let room = width;
  for (const grapheme of graphemesOf(spans)) {
    if (used + grapheme.columns > room && line.length > 0) {
      if (lines.length + 1 === maxLines) {
        rest = true;
        break;
      }
      const carried = grapheme.text === ' ' ? [] : cutAtBreak(line, room);
      lines.push(line);
      room = later;
      line = carried;
      used = columnsOf(line);
      if (line.length === 0 && grapheme.text === ' ') continue;
    }
    line.push(grapheme);
    used += grapheme.columns;
  }
  if (rest) {
    while (line.length > 0 && columnsOf(line) > room - 1) line.pop();
    line.push({ text: ELLIPSIS, columns: 1, strong: false });
  }
  if (line.length > 0 || lines.length === 0) lines.push(line);
  return lines.map(joinGraphemes);
}

function* graphemesOf(spans: readonly Span[]): Iterable<Grapheme> {
  for (const { text, strong } of spans) {
    if (PLAIN.test(text)) for (const char of text) yield { text: char, columns: 1, strong };
    else for (const { segment } of segments(text)) yield { text: segment, columns: textWidth(segment), strong };
  }
}

function columnsOf(line: readonly Grapheme[]): number {
  let columns = 0;
  for (const grapheme of line) columns += grapheme.columns;
  return columns;
}

/** Removes from the line what follows the last blank, or else the last separator of a path, and returns it. */
function cutAtBreak(line: Grapheme[], width: number): Grapheme[] {
  for (const breaks of [' ', '/\\']) {
    let at = line.length - 1;
    while (at >= 0 && !breaks.includes(line[at]?.text ?? '')) at--;
    if (at < 0 || columnsOf(line.slice(0, at)) < width * FULL_ENOUGH) continue;
    const carried = line.splice(at + 1);
    // A blank is replaced by the line break. A separator stays.
    if (breaks === ' ') line.pop();
    return carried;
  }
  return [];
}

function joinGraphemes(line: readonly Grapheme[]): Span[] {
  const spans: { text: string; strong: boolean }[] = [];
  for (const { text, strong } of line) {
    const last = spans[spans.length - 1];
    if (last !== undefined && last.strong === strong) last.text += text;
    else spans.push({ text, strong });
  }
  return spans;
}

/** {@link wrapSpans} for text without emphasis. */
export function wrapText(text: string, width: number, maxLines = Number.POSITIVE_INFINITY): string[] {
  const bounded = maxLines === Number.POSITIVE_INFINITY ? text : text.slice(0, width * maxLines * 8);
  return wrapSpans([{ text: bounded, strong: false }], width, maxLines).map((spans) => spans.map((span) => span.text).join(''));
}
