/**
 * Makes the edits for fixes. In: a node and what should replace it. Out: an edit that keeps all other text, comments included;
 * null where that is not possible.
 */

import type { YamlEntry, YamlList, YamlNode, YamlScalar } from '../../sigma/yaml/yaml.ts';
import type { LintDocument } from '../document.ts';
import type { LintFix, TextEdit } from '../lint-rule.ts';

/** Plain scalars that need no quotes in any position. */
const PLAIN_SAFE = /^[A-Za-z\d_][\w .,/()\\|*-]*$/;

/** A correction, where its edits are possible. */
export function correction(title: string, edits: readonly TextEdit[] | null, removes?: string): LintFix | undefined {
  return edits === null ? undefined : { title, edits, removes };
}

/** Replaces the text of a scalar and keeps its style; null where that style cannot express the text. */
export function replaceScalar(node: YamlScalar, text: string): TextEdit[] | null {
  const written = writeScalar(node.style, text);
  return written === null ? null : [{ start: node.start, end: node.end, text: written }];
}

function writeScalar(style: YamlScalar['style'], text: string): string | null {
  if (/[\n\r]/.test(text)) return null;
  if (style === 'single') return `'${text.replaceAll("'", "''")}'`;
  if (style === 'double') return JSON.stringify(text);
  if (style === 'plain') return plainScalar(text);
  return null;
}

/** A text on one line as a YAML scalar, in quotes only where it needs them. */
export function plainScalar(text: string): string {
  return PLAIN_SAFE.test(text) && !text.endsWith(' ') ? text : `'${text.replaceAll("'", "''")}'`;
}

/** Removes one item from a list; null when its line has something else that must stay. */
export function removeItem(document: LintDocument, list: YamlList, item: YamlNode): TextEdit[] | null {
  const at = list.items.indexOf(item);
  if (at < 0 || list.items.length < 2) return null;
  if (list.flow) {
    const next = list.items[at + 1];
    const before = list.items[at - 1];
    if (next !== undefined) return [{ start: item.start, end: next.start, text: '' }];
    return before === undefined ? null : [{ start: before.end, end: item.end, text: '' }];
  }
  return removeLines(document, item.start, item.end, /^\s*-\s*$/);
}

/** Removes a key and its value from a block map; null when its line has something else. */
export function removeEntry(document: LintDocument, entry: YamlEntry): TextEdit[] | null {
  return removeLines(document, entry.key.start, entry.value.end, /^\s*$/);
}

export function renameKey(entry: YamlEntry, key: string): TextEdit[] | null {
  return replaceScalar(entry.key, key);
}

/** The whole lines from `start` to `end`, if the text before `start` on its line fits `lead`. */
function removeLines(document: LintDocument, start: number, end: number, lead: RegExp): TextEdit[] | null {
  const { text, lines } = document.file;
  const from = lines.lineStart(lines.span(start).line, text.length);
  if (!lead.test(text.slice(from, start))) return null;
  const last = lines.span(Math.max(start, end - 1)).line;
  const to = lines.lineStart(last + 1, text.length);
  return /^\s*(#.*)?$/.test(text.slice(end, to).trimEnd()) ? [{ start: from, end: to, text: '' }] : null;
}
