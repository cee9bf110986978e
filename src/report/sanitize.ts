/**
 * In: text from logs, rules and file names, which attackers write. Out: the same text, harmless in one kind of output.
 * What is replaced stays visible: an escape sequence in a command line is evidence.
 */

import { BIDI, INVISIBLE } from '../model/json-text.ts';

export { harmlessJson } from '../model/json-text.ts';

/** C0, DEL, C1. */
const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f';
const LONE_SURROGATE = '\\p{Surrogate}';
const UNSAFE = new RegExp(`[${CONTROLS}${BIDI}${INVISIBLE}${LONE_SURROGATE}]`, 'gu');
const UNSAFE_BUT_BREAKS = new RegExp(`(?![\\n\\t])[${CONTROLS}${BIDI}${INVISIBLE}${LONE_SURROGATE}]`, 'gu');

/** U+2400 is the picture of NUL; the others follow in order. */
const CONTROL_PICTURES = 0x2400;
const PICTURE_OF_DELETE = '\u2421';

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
  if (code === 0x7f) return PICTURE_OF_DELETE;
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}

/** One line of harmless text: every control, bidirectional or invisible character becomes a picture or its code point. */
export function visibleText(text: string): string {
  return text.replace(UNSAFE, picture);
}

/** The same, but line breaks (`\r\n` and `\n`) and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(UNSAFE_BUT_BREAKS, picture);
}

const HTML_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an HTML element or a quoted attribute. Line breaks stay. */
export function htmlText(text: string): string {
  return visibleLines(text).replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? character);
}

/** Characters that start markup, HTML, mentions or cells; the scheme of a bare link; what makes a list or quote at the start. */
const MARKDOWN_MARKUP = /[&<>@|]|[\\`*_[\]{}#~!$^]|:(?=\/\/)|\b(?:www|mailto|xmpp)[.:]|^\s*(?:[-+=]|\d+[.)])/gi;

/** Text inside a Markdown line: no markup, no HTML, no link, mention, table cell or line break comes of it. */
export function markdownText(text: string): string {
  return visibleText(text).replace(MARKDOWN_MARKUP, (found) => {
    const last = found.charAt(found.length - 1);
    if (/[&<>@|:]/.test(last) || /^[a-z]/i.test(found)) return `${found.slice(0, -1)}&#${last.charCodeAt(0)};`;
    return `${found.slice(0, -1)}\\${last}`;
  });
}

/** Text as Markdown code within a line, verbatim but for {@link visibleText}. Not for table cells: `|` ends those. */
export function markdownCode(text: string): string {
  const shown = visibleText(text);
  if (shown.trim() === '') return shown === '' ? '*(empty)*' : '*(blank)*';
  let longest = 0;
  for (const run of shown.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  // A blank beside the fence is dropped by Markdown if both sides have one: add one on both to keep what is there.
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** What spreadsheets take for a formula at the start of a cell, also behind blanks and in full-width form. */
const FORMULA = /^[\s\u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20|%]|^[\t\r\n]/;
const PLAIN_NUMBER = /^[+-]?\d+(?:\.\d+)?$/;

/** One CSV field (RFC 4180). A value that a spreadsheet would run gets an apostrophe in front; line breaks become pictures. */
export function csvField(text: string): string {
  const safe = FORMULA.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text;
  const shown = visibleText(safe);
  return /[",;]|^\s|\s$/.test(shown) ? `"${shown.replace(/"/g, '""')}"` : shown;
}
