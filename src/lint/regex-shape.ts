/**
 * What a regular expression looks like from outside: enough to tell an expensive or pointless one. Reads the common syntax of
 * PCRE, RE2 and JavaScript; text that it cannot follow gives no findings.
 */

export interface RegexShape {
  /** An unbounded repetition of something that itself repeats without bound and can match the same text: `(a+)+`. */
  readonly nestedRepetition: boolean;
  /** `(?=`, `(?!`, `(?<=`, `(?<!`, `(?>`, `\1`: outside what the specification allows. */
  readonly unsupported: string | undefined;
  /** `.*` at the start or the end of the whole expression, where a search needs none. */
  readonly idleStart: boolean;
  readonly idleEnd: boolean;
  /** The text that it stands for, when nothing in it is special. */
  readonly literal: string | undefined;
}

interface Parsed {
  /** Can repeat without bound. */
  readonly repeats: boolean;
  readonly nested: boolean;
  /** The set of what it may begin with is fixed and not what it repeats: `(\d+,)+` cannot be read in two ways. */
  readonly delimited: boolean;
}

const SPECIAL = /[\\^$.|?*+()[\]{}]/;

export function regexShape(source: string): RegexShape {
  const body = source.replace(/^\(\?[a-z]+\)/, '');
  const unsupported =
    /\(\?(?:=|!|<=|<!|>)/.exec(body)?.[0] ?? /(?<!\\)(?:\\\\)*(\\[1-9])/.exec(body.replace(/\[(?:\\.|[^\]\\])*\]/g, '[]'))?.[1];
  return {
    unsupported,
    nestedRepetition: new ShapeParser(body).nested(),
    idleStart: /^\.\*\??(?!\?)/.test(body) && !hasTopLevelAlternative(body) && body.length > 2,
    idleEnd: /(?<!\\)\.\*\??$/.test(body) && !hasTopLevelAlternative(body) && body.length > 2,
    literal: literalText(body),
  };
}

function literalText(body: string): string | undefined {
  let text = '';
  for (let i = 0; i < body.length; i++) {
    const char = body[i]!;
    if (char === '\\') {
      const next = body[++i];
      // A backslash before a letter or digit is a class or a reference, before anything else that character.
      if (next === undefined || /[A-Za-z0-9]/.test(next)) return undefined;
      text += next;
    } else if (SPECIAL.test(char)) return undefined;
    else text += char;
  }
  return text === '' ? undefined : text;
}

function hasTopLevelAlternative(body: string): boolean {
  let depth = 0;
  for (let i = 0; i < body.length; i++) {
    const char = body[i];
    if (char === '\\') i++;
    else if (char === '[') i = endOfClass(body, i);
    else if (char === '(') depth++;
    else if (char === ')') depth--;
    else if (char === '|' && depth === 0) return true;
  }
  return false;
}

function endOfClass(body: string, at: number): number {
  let i = at + 1;
  if (body[i] === '^') i++;
  // A bracket right at the start stands for itself.
  if (body[i] === ']') i++;
  for (; i < body.length && body[i] !== ']'; i++) if (body[i] === '\\') i++;
  return i;
}

/** Groups deeper than this are not followed. */
const MAX_DEPTH = 50;

class ShapeParser {
  readonly #body: string;
  #at = 0;

  constructor(body: string) {
    this.#body = body;
  }

  nested(): boolean {
    return this.#alternatives(0).nested;
  }

  #alternatives(depth: number): Parsed {
    let repeats = false;
    let nested = false;
    let delimited = true;
    for (;;) {
      const one = this.#sequence(depth);
      repeats ||= one.repeats;
      nested ||= one.nested;
      delimited &&= one.delimited;
      if (this.#body[this.#at] !== '|') return { repeats, nested, delimited };
      this.#at++;
    }
  }

  #sequence(depth: number): Parsed {
    let repeats = false;
    let nested = false;
    /** Something that must be there once stands beside what repeats. */
    let delimited = false;
    while (this.#at < this.#body.length && this.#body[this.#at] !== '|' && this.#body[this.#at] !== ')') {
      const part = this.#part(depth);
      const quantifier = this.#quantifier();
      nested ||= part.nested || (quantifier === 'many' && part.repeats && !part.delimited);
      if (quantifier === 'many' || part.repeats) repeats = true;
      if (quantifier === 'one' && !part.repeats) delimited = true;
    }
    return { repeats, nested, delimited: delimited || !repeats };
  }

  #part(depth: number): Parsed {
    const char = this.#body[this.#at];
    if (char === '(' && depth < MAX_DEPTH) {
      this.#at++;
      const head = /^\?(?:[a-z-]*:|[=!>]|<[=!]|P?<\w+>)/.exec(this.#body.slice(this.#at, this.#at + 64));
      this.#at += head?.[0].length ?? 0;
      const inside = this.#alternatives(depth + 1);
      this.#at++;
      return inside;
    }
    if (char === '[') this.#at = endOfClass(this.#body, this.#at) + 1;
    else this.#at += char === '\\' ? 2 : 1;
    return { repeats: false, nested: false, delimited: true };
  }

  #quantifier(): 'one' | 'some' | 'many' {
    const found = /^(?:[*+?]|\{(\d*)(,(\d*))?\})[?+]?/.exec(this.#body.slice(this.#at, this.#at + 24));
    if (found === null) return 'one';
    this.#at += found[0].length;
    if (found[0].startsWith('*') || found[0].startsWith('+')) return 'many';
    if (found[0].startsWith('?')) return 'some';
    if (found[2] !== undefined && found[3] === '') return 'many';
    return found[1] === '0' || found[1] === '' ? 'some' : 'one';
  }
}
