/**
 * Makes text harmless. In: text from logs, rules and file names, which attackers may have written. Out: the same text, harmless
 * in one kind of output and in the log of a CI server that prints it. Replaced characters stay visible, because an escape
 * sequence in a command line is evidence.
 */
import { BIDI, harmlessJson, INVISIBLE } from '../bytes/json-text.ts';

/** C0, DEL, C1. */
const CONTROLS = '\\u0000-\\u001f\\u007f-\\u009f';
const LONE_SURROGATE = '\\p{Surrogate}';
/** Code points that are not characters. XML refuses a document that has them. */
const NONCHARACTERS = '\\ufffe\\uffff';
const UNSAFE_SET = `[${CONTROLS}${BIDI}${INVISIBLE}${LONE_SURROGATE}${NONCHARACTERS}]`;
const UNSAFE = new RegExp(UNSAFE_SET, 'gu');
const UNSAFE_BUT_BREAKS = new RegExp(`(?![\\n\\t])${UNSAFE_SET}`, 'gu');

/** U+2400 is the picture of NUL; the others follow in order. */
const CONTROL_PICTURES = 0x2400;
const PICTURE_OF_DELETE = '\u2421';

function picture(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCharCode(CONTROL_PICTURES + code);
  if (code === 0x7f) return PICTURE_OF_DELETE;
  return codePoint(code);
}

function codePoint(code: number): string {
  return `\u27e8U+${code.toString(16).toUpperCase().padStart(4, '0')}\u27e9`;
}

/** Azure Pipelines (`##vso[`, `##[`), GitHub Actions (`##[`) and TeamCity (`##teamcity[`) accept commands anywhere in a line. */
const COMMAND_INSIDE = /##(?=\w{0,32}\[)/g;
/** GitHub Actions accepts a command in a line that begins with `::name::`, ignoring blanks and colours before it. */
const COMMAND_LINE = /^((?:[^\S\n]|\u001b\[[\d;]*m)*):(?=:[^\n]*::)/gm;

function withoutCommands(text: string, numberSign: string): string {
  return text.includes('##') ? text.replace(COMMAND_INSIDE, `#${numberSign}`) : text;
}

/** One line of harmless text: every control, bidirectional or invisible character becomes a picture or its code point. */
export function visibleText(text: string): string {
  return withoutCommands(text.replace(UNSAFE, picture), codePoint(0x23));
}

/** As {@link visibleText}, but line breaks (`\r\n` and `\n`) and tabs stay. */
export function visibleLines(text: string): string {
  return withoutCommands(text.replace(/\r\n/g, '\n').replace(UNSAFE_BUT_BREAKS, picture), codePoint(0x23));
}

/** Whole lines of harmless text, ready to print: a CI server finds no command in them. */
export function printedLines(lines: string): string {
  const begun = lines.includes('::') ? lines.replace(COMMAND_LINE, `$1${codePoint(0x3a)}`) : lines;
  return withoutCommands(begun, codePoint(0x23));
}

export function* printedPieces(pieces: Iterable<string>): Iterable<string> {
  for (const piece of pieces) yield printedLines(piece);
}

/** Any value as JSON text that is harmless to print. */
export function printedJson(value: unknown, indent?: number): string {
  return printedJsonText(JSON.stringify(value, null, indent));
}

/** JSON Lines of objects, harmless to print. */
export function* printedJsonLines(objects: Iterable<unknown>): Iterable<string> {
  for (const object of objects) yield `${printedJson(object)}\n`;
}

/** Makes text that is JSON already harmless to print. */
export function printedJsonText(json: string): string {
  return withoutCommands(harmlessJson(json), '\\u0023');
}

/** Characters that XML cannot contain, not even as a reference. */
const NO_XML = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|\p{Surrogate}/gu;

/**
 * Makes XML text harmless to print. Characters that would act on a reader, a terminal or a CI server become references, which
 * mean the same. Line breaks stay.
 */
export function printedXml(xml: string): string {
  return xml
    .replace(NO_XML, '\ufffd')
    .replace(UNSAFE_BUT_BREAKS, (character) => `&#x${(character.codePointAt(0) ?? 0).toString(16)};`)
    .replace(COMMAND_INSIDE, '#&#35;')
    .replace(COMMAND_LINE, '$1&#58;');
}

// Marked as free of side effects: the HTML report's page contains this module, and a browser has no Buffer.
const COMMAND_SIGNS = /* @__PURE__ */ Buffer.from('##');

/** As {@link printedJsonText}, for bytes (UTF-8) in which only commands for CI servers are not yet harmless. */
export function printedJsonBytes(json: Uint8Array): Uint8Array {
  const bytes = Buffer.from(json.buffer, json.byteOffset, json.length);
  if (!bytes.includes(COMMAND_SIGNS)) return json;
  return Buffer.from(withoutCommands(bytes.toString('latin1'), '\\u0023'), 'latin1');
}

/** Text inside a workflow command of GitHub Actions. A line break is escaped, because it would begin a new command. */
export function githubData(text: string): string {
  return visibleLines(text).replaceAll('%', '%25').replaceAll('\n', '%0A');
}

export function githubProperty(text: string): string {
  return githubData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

const HTML_ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Text for an element or a quoted attribute of HTML or XML. Line breaks stay. */
export function htmlText(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(UNSAFE_BUT_BREAKS, picture)
    .replace(/[&<>"']/g, (character) => HTML_ENTITIES[character] ?? character)
    .replace(COMMAND_INSIDE, '#&#35;')
    .replace(COMMAND_LINE, '$1&#58;');
}

/** Characters that begin Markdown markup, HTML or table cells, and those that begin a list or quote at the start of a line. */
const MARKDOWN_MARKUP = /[&<>|]|[\\`*_[\]{}#~!$^]|^\s*(?:[-+=]|\d+[.)]|:(?=:))/g;
/**
 * GitHub and other sites look for mentions (`@user`), references (`#1`, `org/repo#1`, `GH-1`), addresses and links in the text
 * that remains after markup and entities. A zero-width space breaks these apart.
 */
const MARKDOWN_REFERENCE = /@(?=[^\s@])|#(?=\w)|GH-(?=\d)|www(?=\.)|(?:mailto|xmpp)(?=:)|:(?=\/\/)/gi;
const NO_WIDTH = '&#8203;';
/** A placeholder for that space during the conversion. No visible text contains it. */
const MARK = '\0';

/** Text inside a line of Markdown. It cannot become markup, HTML, a link, a mention, a table cell or a line break. */
export function markdownText(text: string): string {
  return visibleText(text)
    .replace(MARKDOWN_REFERENCE, `$&${MARK}`)
    .replace(MARKDOWN_MARKUP, (found) => {
      const last = found.charAt(found.length - 1);
      return /[&<>|:]/.test(last) ? `${found.slice(0, -1)}&#${last.charCodeAt(0)};` : `${found.slice(0, -1)}\\${last}`;
    })
    .replaceAll(MARK, NO_WIDTH);
}

/** Text as Markdown code inside a line, unchanged except for {@link visibleText}. Not for table cells, which a `|` ends. */
export function markdownCode(text: string): string {
  const shown = visibleText(text);
  if (shown.trim() === '') return shown === '' ? '*(empty)*' : '*(blank)*';
  let longest = 0;
  for (const run of shown.match(/`+/g) ?? []) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  // Markdown removes a blank next to the fence if both sides have one. Adding one on both sides keeps the text as it is.
  const pad = /^[` ]|[` ]$/.test(shown) ? ' ' : '';
  return `${fence}${pad}${shown}${pad}${fence}`;
}

/** What spreadsheets read as the start of a formula, including full-width characters. */
const FORMULA_SIGN = '[=+\\-@\\uff1d\\uff0b\\uff0d\\uff20|%]';
/** A formula at the start of a cell, or after blanks. */
const FORMULA = new RegExp(`^(?:[\\s\\u00a0]*${FORMULA_SIGN}|[\\t\\r\\n])`);
/**
 * Where semicolons separate cells, as in much of Europe, the quotes around a field do not hold it together, so a formula may also
 * follow a semicolon. Tabs and line breaks are already replaced.
 */
const FORMULA_BEHIND_SEMICOLON = new RegExp(`;(?=[\\s\\u00a0"]*${FORMULA_SIGN})`, 'g');

/**
 * One CSV field (RFC 4180). An apostrophe is put before anything that a spreadsheet would read as a formula, whether it
 * separates cells by commas, semicolons or tabs. Line breaks are replaced by visible characters.
 */
export function csvField(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text;
  const shown = visibleText(safe).replace(FORMULA_BEHIND_SEMICOLON, ";'");
  return /[",;]|^\s|\s$/.test(shown) ? `"${shown.replace(/"/g, '""')}"` : shown;
}
