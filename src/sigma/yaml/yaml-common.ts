/**
 * YAML as rules use it, read fast: block maps and lists, plain and quoted scalars on one line, plain text over several lines,
 * block scalars. In: a file's text. Out: the same trees as the full parser makes, or null for anything unusual (flow style,
 * anchors, tags, directives, tabs ...), which is then left to that parser. A test holds the two against each other.
 */
import type { YamlDocument, YamlEntry, YamlMap, YamlNode, YamlScalar } from './yaml.ts';
import { plainType } from './yaml.ts';

/** Tabs, other control characters, Unicode line breaks, surrogates, byte order marks: the full parser has rules for these. */
const UNUSUAL_CHARACTERS = /[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]/;
const MAX_DEPTH = 24;
const MAX_NODES = 100_000;
/** YAML bounds a key on one line to 1024 characters. */
const MAX_KEY = 1000;

const NEWLINE = 0x0a;
const SPACE = 0x20;
const HASH = 0x23;
const QUOTE = 0x27;
const DOUBLE_QUOTE = 0x22;
const DASH = 0x2d;
const COLON = 0x3a;

/** Thrown for text that is left to the full parser. */
const UNUSUAL = new Error('unusual YAML');

/** Characters of plain keys: letters, digits and `_ | . - $ space` (not first: `. - $ space`). */
const KEY_CHARACTER = new Uint8Array(128);
for (const char of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_') KEY_CHARACTER[char.charCodeAt(0)] = 1;
for (const char of '|.-$/ ') KEY_CHARACTER[char.charCodeAt(0)] = 2;

/** Characters that a plain scalar may not begin with here, although some may in YAML. */
const NO_PLAIN_START = new Uint8Array(128);
for (const char of '[]{},#&*!|>\'"%@`?:') NO_PLAIN_START[char.charCodeAt(0)] = 1;

const SIMPLE_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\', '"': '"', n: '\n', t: '\t', r: '\r', '/': '/' };

/** null: ask the full parser. */
export function parseCommonYaml(text: string): readonly YamlDocument[] | null {
  if (UNUSUAL_CHARACTERS.test(text)) return null;
  try {
    return new CommonYaml(text).documents();
  } catch (error) {
    if (error === UNUSUAL) return null;
    throw error;
  }
}

class CommonYaml {
  readonly #text: string;
  /** Start of what has not been read. */
  #at = 0;
  /** Spaces before the content of the current line; -1 at the end of a document. */
  #indent = 0;
  #depth = 0;
  #nodes = 0;

  constructor(text: string) {
    this.#text = text;
  }

  documents(): YamlDocument[] {
    const documents: YamlDocument[] = [];
    this.#nextLine(true);
    if (this.#isMarker()) this.#skipMarker();
    while (this.#at < this.#text.length) {
      if (this.#indent < 0) throw UNUSUAL;
      const key = this.#key();
      if (key === null) throw UNUSUAL;
      documents.push({ root: this.#map(this.#indent, key), faults: [] });
      if (this.#at >= this.#text.length) break;
      if (!this.#isMarker()) throw UNUSUAL;
      this.#skipMarker();
      if (this.#at >= this.#text.length) throw UNUSUAL;
    }
    // Without content there may still be an empty document.
    if (documents.length === 0) throw UNUSUAL;
    return documents;
  }

  /** To the first content from here on. `here`: the rest of the line has not been read; else it is at its end. */
  #nextLine(here: boolean): void {
    const text = this.#text;
    let at = here ? this.#at : text.indexOf('\n', this.#at) + 1;
    if (!here && at === 0) at = text.length;
    for (;;) {
      const start = at;
      while (text.charCodeAt(at) === SPACE) at++;
      const char = text.charCodeAt(at);
      if (char === HASH) {
        at = text.indexOf('\n', at);
        if (at < 0) at = text.length;
      } else if (char !== NEWLINE) {
        this.#at = at;
        this.#indent = at >= text.length ? -1 : at - start;
        if (this.#indent === 0 && (char === DASH || char === 0x2e || char === 0x25)) this.#checkMarker(at);
        return;
      }
      if (at >= text.length) {
        this.#at = at;
        this.#indent = -1;
        return;
      }
      at++;
    }
  }

  /** At column 0: `---` ends a document; `...` and directives are unusual. */
  #checkMarker(at: number): void {
    const three = this.#text.slice(at, at + 3);
    if (three === '...' || three.startsWith('%')) throw UNUSUAL;
    if (three === '---') this.#indent = -1;
  }

  #isMarker(): boolean {
    return this.#indent < 0 && this.#text.startsWith('---', this.#at);
  }

  #skipMarker(): void {
    this.#at += 3;
    this.#endLine();
  }

  /** Nothing but spaces and a comment may be left on the line; goes to the next content. */
  #endLine(): void {
    const text = this.#text;
    let at = this.#at;
    while (text.charCodeAt(at) === SPACE) at++;
    const char = text.charCodeAt(at);
    if (char !== NEWLINE && at < text.length && (char !== HASH || at === this.#at)) throw UNUSUAL;
    this.#at = at;
    this.#nextLine(false);
  }

  /** The key at this place, with the place behind its colon; null when there is none. Moves only when there is one. */
  #key(): Key | null {
    const text = this.#text;
    const start = this.#at;
    const first = text.charCodeAt(start);
    if (first === QUOTE) return this.#quotedKey(start);
    if (first > 127 || KEY_CHARACTER[first] !== 1) return null;
    let at = start + 1;
    while (at < text.length && text.charCodeAt(at) < 128 && KEY_CHARACTER[text.charCodeAt(at)] !== 0) at++;
    if (text.charCodeAt(at) !== COLON || !this.#isBlank(at + 1)) return null;
    if (text.charCodeAt(at - 1) === SPACE || at - start > MAX_KEY) throw UNUSUAL;
    this.#at = at + 1;
    return { text: text.slice(start, at), at: start, end: at };
  }

  #quotedKey(start: number): Key | null {
    const text = this.#text;
    const close = text.indexOf("'", start + 1);
    if (close < 0 || text.charCodeAt(close + 1) !== COLON || !this.#isBlank(close + 2)) return null;
    const key = text.slice(start + 1, close);
    if (key.includes('\n') || key.length > MAX_KEY) throw UNUSUAL;
    this.#at = close + 2;
    return { text: key, at: start, end: close };
  }

  #isBlank(at: number): boolean {
    const char = this.#text.charCodeAt(at);
    return char === SPACE || char === NEWLINE || at >= this.#text.length;
  }

  #map(indent: number, first: Key): YamlMap {
    this.#enter();
    const entries: YamlEntry[] = [];
    const seen = new Set<string>();
    for (let key: Key | null = first; key !== null; key = this.#key()) {
      if (seen.has(key.text)) throw UNUSUAL;
      seen.add(key.text);
      entries.push({ key: key.text, keyAt: key.at, value: this.#value(indent, key.end) });
      if (this.#indent < indent) {
        this.#depth--;
        return { kind: 'map', entries, at: first.at };
      }
      if (this.#indent > indent) throw UNUSUAL;
    }
    throw UNUSUAL;
  }

  #list(indent: number): YamlNode {
    this.#enter();
    const text = this.#text;
    const start = this.#at;
    const items: YamlNode[] = [];
    while (this.#indent === indent && text.charCodeAt(this.#at) === DASH && this.#isBlank(this.#at + 1)) {
      const dash = this.#at;
      this.#at++;
      while (text.charCodeAt(this.#at) === SPACE) this.#at++;
      const char = text.charCodeAt(this.#at);
      if (char === NEWLINE || char === HASH || this.#at >= text.length) throw UNUSUAL;
      const column = indent + this.#at - dash;
      const key = this.#key();
      items.push(key === null ? this.#scalar(indent) : this.#map(column, key));
    }
    this.#depth--;
    return { kind: 'list', items, at: start };
  }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH || ++this.#nodes > MAX_NODES) throw UNUSUAL;
  }

  /** Behind a colon: the value of a key of a map at `indent`. */
  #value(indent: number, keyEnd: number): YamlNode {
    const text = this.#text;
    while (text.charCodeAt(this.#at) === SPACE) this.#at++;
    const char = text.charCodeAt(this.#at);
    if (char !== NEWLINE && char !== HASH && this.#at < text.length) return this.#scalar(indent);
    // `key: #comment` needs the blank that was skipped; `key:#` is no key.
    this.#at = keyEnd;
    this.#nextLine(false);
    const dash = this.#indent >= indent && text.charCodeAt(this.#at) === DASH && this.#isBlank(this.#at + 1);
    if (dash) return this.#list(this.#indent);
    if (this.#indent <= indent) return { kind: 'scalar', type: 'null', text: '', at: keyEnd };
    const key = this.#key();
    return key === null ? this.#scalar(indent) : this.#map(this.#indent, key);
  }

  /** A scalar inside a collection at `indent`; goes to the next content. */
  #scalar(indent: number): YamlScalar {
    if (++this.#nodes > MAX_NODES) throw UNUSUAL;
    const start = this.#at;
    const char = this.#text.charCodeAt(start);
    switch (char) {
      case QUOTE:
        return this.#singleQuoted(start);
      case DOUBLE_QUOTE:
        return this.#doubleQuoted(start);
      case 0x7c:
      case 0x3e:
        return this.#block(start, indent, char === 0x3e);
      default:
        return this.#plain(start, indent);
    }
  }

  #singleQuoted(start: number): YamlScalar {
    const text = this.#text;
    let close = start;
    let escaped = false;
    for (;;) {
      close = text.indexOf("'", close + 1);
      if (close < 0) throw UNUSUAL;
      if (text.charCodeAt(close + 1) !== QUOTE) break;
      escaped = true;
      close++;
    }
    const raw = text.slice(start + 1, close);
    return this.#quoted(start, close, escaped ? raw.replaceAll("''", "'") : raw);
  }

  #doubleQuoted(start: number): YamlScalar {
    const text = this.#text;
    const close = text.indexOf('"', start + 1);
    if (close < 0) throw UNUSUAL;
    const raw = text.slice(start + 1, close);
    if (!raw.includes('\\')) return this.#quoted(start, close, raw);
    let value = '';
    let at = start + 1;
    for (let char = text[at]; char !== '"'; char = text[at]) {
      if (char === undefined) throw UNUSUAL;
      if (char === '\\') {
        char = SIMPLE_ESCAPES[text[++at] ?? ''];
        if (char === undefined) throw UNUSUAL;
      } else if (char === '\n') throw UNUSUAL;
      value += char;
      at++;
    }
    return this.#quoted(start, at, value, false);
  }

  #quoted(start: number, close: number, value: string, oneLine = true): YamlScalar {
    if (oneLine && value.includes('\n')) throw UNUSUAL;
    this.#at = close + 1;
    this.#endLine();
    return { kind: 'scalar', type: 'string', text: value, at: start };
  }

  /** Where the plain text that begins at `start` ends on its line (trailing blanks left out). Moves behind it. */
  #plainEnd(start: number): number {
    const text = this.#text;
    let at = start;
    for (; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (char === NEWLINE) break;
      if (char === COLON && this.#isBlank(at + 1)) throw UNUSUAL;
      if (char === HASH && at > start && text.charCodeAt(at - 1) === SPACE) {
        at--;
        break;
      }
    }
    this.#at = at;
    while (text.charCodeAt(at - 1) === SPACE) at--;
    return at;
  }

  #plain(start: number, indent: number): YamlScalar {
    const text = this.#text;
    const first = text.charCodeAt(start);
    if (first < 128 && NO_PLAIN_START[first] === 1) throw UNUSUAL;
    if (first === DASH && this.#isBlank(start + 1)) throw UNUSUAL;
    let value = text.slice(start, this.#plainEnd(start));
    const commented = text.charCodeAt(this.#at) === SPACE;
    let lineEnd = this.#at;
    this.#endLine();
    // Further lines of the same text; a comment would have ended it.
    while (this.#indent > indent) {
      const between = text.slice(lineEnd, this.#at);
      if (commented || between.includes('#')) throw UNUSUAL;
      if (text.charCodeAt(this.#at) === HASH) throw UNUSUAL;
      const from = this.#at;
      const breaks = between.split('\n').length - 1;
      const end = this.#plainEnd(from);
      if (text.charCodeAt(this.#at) === SPACE) throw UNUSUAL;
      value += (breaks === 1 ? ' ' : '\n'.repeat(breaks - 1)) + text.slice(from, end);
      lineEnd = this.#at;
      this.#endLine();
    }
    return { kind: 'scalar', type: plainType(value), text: value, at: start };
  }

  /** `|` and `>` with `-` or nothing behind them. */
  #block(start: number, indent: number, folded: boolean): YamlScalar {
    const text = this.#text;
    this.#at = start + 1;
    const strip = text.charCodeAt(this.#at) === DASH;
    if (strip) this.#at++;
    const headerEnd = text.indexOf('\n', start);
    if (headerEnd < 0 || text.slice(this.#at, headerEnd).trim() !== '') throw UNUSUAL;
    const lines: string[] = [];
    let own = -1;
    let at = headerEnd + 1;
    while (at < text.length) {
      let end = text.indexOf('\n', at);
      // A last line without its line break is chomped differently.
      if (end < 0) throw UNUSUAL;
      let content = at;
      while (text.charCodeAt(content) === SPACE) content++;
      if (content === end) {
        // Blanks of an empty line that go beyond the indentation are content.
        if (end - at > Math.max(own, 0)) throw UNUSUAL;
        lines.push('');
      } else {
        const spaces = content - at;
        if (spaces <= indent) break;
        if (own < 0) own = spaces;
        if (spaces < own || (folded && spaces > own)) throw UNUSUAL;
        lines.push(text.slice(at + own, end));
      }
      at = ++end;
    }
    if (own < 0) throw UNUSUAL;
    while (lines.at(-1) === '') lines.pop();
    if (lines[0] === '') throw UNUSUAL;
    this.#at = at;
    this.#nextLine(true);
    const value = folded ? fold(lines) : lines.join('\n');
    return { kind: 'scalar', type: 'string', text: strip ? value : `${value}\n`, at: headerEnd };
  }
}

interface Key {
  readonly text: string;
  readonly at: number;
  /** Where its text ends. */
  readonly end: number;
}

/** Spec, folded style, without lines that are indented further: one line break is a blank, more are one less. */
function fold(lines: readonly string[]): string {
  let text = lines[0]!;
  let empty = 0;
  for (const line of lines.slice(1)) {
    if (line === '') empty++;
    else {
      text += (empty === 0 ? ' ' : '\n'.repeat(empty)) + line;
      empty = 0;
    }
  }
  return text;
}
