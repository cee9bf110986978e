/**
 * In: the text of a rule file. Out: which lint rules its comments switch off, and where. A comment that switches off nothing
 * is reported itself.
 *
 *   # winnow-disable-next-line duplicate-value -- why       the next line
 *   - 'x'  # winnow-disable-line duplicate-value            its own line
 *   # winnow-disable subsumed-rule, all-of-them             the whole file
 */
import type { LintFile } from './document.ts';

export interface Suppression {
  readonly id: string;
  /** The line that it applies to; null for the whole file. */
  readonly line: number | null;
  /** Where the id stands in the text. */
  readonly at: number;
}

const COMMENT = /(?:^|\s)#\s*winnow-disable(-next-line|-line)?(?=[\s]|$)([^\n]*)/gm;
/** Ids of the parser contain a slash. */
const ID = /[\w/-]+/g;

export function suppressionsIn(file: LintFile): readonly Suppression[] {
  if (!file.text.includes('winnow-disable')) return [];
  const found: Suppression[] = [];
  for (const match of file.text.matchAll(COMMENT)) {
    const rest = match[2] ?? '';
    const reason = rest.indexOf('--');
    const ids = reason < 0 ? rest : rest.slice(0, reason);
    const start = match.index + match[0].length - rest.length;
    const own = file.lines.span(start).line;
    const line = match[1] === undefined ? null : match[1] === '-line' ? own : own + 1;
    for (const id of ids.matchAll(ID)) found.push({ id: id[0], line, at: start + id.index });
  }
  return found;
}
