/**
 * Parses the text of a regular expression into a tree. It accepts what PCRE, Python and RE2 have in common, because rules are
 * written for all of them. Refuses what they read differently and what cannot run in linear time, with the place in the
 * pattern.
 */
import { type CharSet, EVERYTHING, negate, SHORTHANDS, withCaseVariants } from './char-set.ts';
import { ClassParser } from './parse-class.ts';
import { parseEscapedChar, RegexError } from './parse-escape.ts';
import type { Assertion, Node, Syntax } from './syntax.ts';

const ASSERTIONS: ReadonlyMap<string, Assertion> = new Map([
  ['b', 'word-boundary'],
  ['B', 'not-word-boundary'],
  ['A', 'text-start'],
  ['z', 'text-end'],
  ['Z', 'last-line-end'],
]);

/** Limits: characters of a pattern, depth of groups, and the count in `{n,m}` (the limit that RE2 has). */
const MAX_LENGTH = 20_000;
const MAX_DEPTH = 100;
const MAX_REPEAT = 1000;

const NOT_NEWLINE: CharSet = negate([0x0a, 0x0a]);
const QUANTIFIER = /(?:[*+?]|\{(\d+)(,)?(\d*)\}|\{,(\d+)\})/y;

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

/** Throws RegexError. */
export function parseRegex(source: string, flags: string): Syntax {
  if (source.length > MAX_LENGTH) throw new RegexError(`it has more than ${MAX_LENGTH} characters`, 0);
  return new RegexParser(source, flags).parse();
}

class RegexParser {
  readonly #source: string;
  #flags: Flags;
  #at = 0;
  #depth = 0;
  #captures = 0;
  readonly #names = new Set<string>();
  #irregular = false;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#flags = { i: flags.includes('i'), m: flags.includes('m'), s: flags.includes('s') };
  }

  parse(): Syntax {
    const root = this.#alternatives();
    if (this.#at < this.#source.length) throw new RegexError('a ")" without "("', this.#at);
    return { root, irregular: this.#irregular };
  }

  #alternatives(): Node {
    if (++this.#depth > MAX_DEPTH) throw new RegexError(`more than ${MAX_DEPTH} groups inside each other`, this.#at);
    const of = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      of.push(this.#sequence());
    }
    this.#depth--;
    return of.length === 1 ? of[0]! : { kind: 'alt', of };
  }

  #sequence(): Node {
    const of: Node[] = [];
    for (;;) {
      const char = this.#source[this.#at];
      if (char === undefined || char === '|' || char === ')') break;
      const start = this.#at;
      const atom = this.#atom(char);
      of.push(this.#quantified(atom, start));
    }
    if (of.length === 1) return of[0]!;
    return of.length === 0 ? { kind: 'empty' } : { kind: 'seq', of };
  }

  #quantified(atom: Node, start: number): Node {
    QUANTIFIER.lastIndex = this.#at;
    const match = QUANTIFIER.exec(this.#source);
    if (match === null) return atom;
    if (atom.kind === 'assert' || atom.kind === 'look') throw new RegexError('nothing to repeat', start);
    this.#at = QUANTIFIER.lastIndex;
    const [min, max] = bounds(match);
    if (min > MAX_REPEAT || (max !== Number.POSITIVE_INFINITY && max > MAX_REPEAT)) {
      throw new RegexError(`a count above ${MAX_REPEAT}`, start);
    }
    if (max < min) throw new RegexError(`"${match[0]}" counts backwards`, start);
    const after = this.#source[this.#at];
    // Lazy and greedy repeats match the same texts.
    if (after === '?') this.#at++;
    else if (after === '+') throw new RegexError('possessive quantifiers are not supported', this.#at);
    QUANTIFIER.lastIndex = this.#at;
    if (QUANTIFIER.test(this.#source)) throw new RegexError('two quantifiers in a row', this.#at);
    return { kind: 'repeat', of: atom, min, max };
  }

  #atom(char: string): Node {
    switch (char) {
      case '(':
        return this.#group();
      case '[': {
        const parsed = new ClassParser(this.#source, this.#at).parse();
        this.#at = parsed.end;
        const set = this.#flags.i ? withCaseVariants(parsed.set) : parsed.set;
        return { kind: 'set', set: parsed.negated ? negate(set) : set };
      }
      case '.':
        this.#at++;
        return { kind: 'set', set: this.#flags.s ? EVERYTHING : NOT_NEWLINE };
      case '^':
        return this.#assertion(this.#flags.m ? 'line-start' : 'text-start');
      case '$':
        return this.#assertion(this.#flags.m ? 'line-end' : 'last-line-end');
      case '\\':
        return this.#escape();
      case '*':
      case '+':
      case '?':
        throw new RegexError(`nothing to repeat before "${char}"`, this.#at);
      default: {
        const code = this.#source.codePointAt(this.#at)!;
        this.#at += code > 0xffff ? 2 : 1;
        return this.#character(code);
      }
    }
  }

  #assertion(assertion: Assertion, length = 1): Node {
    this.#at += length;
    return { kind: 'assert', assertion };
  }

  #character(code: number): Node {
    const set = [code, code];
    return { kind: 'set', set: this.#flags.i ? withCaseVariants(set) : set };
  }

  #escape(): Node {
    const next = this.#source[this.#at + 1];
    if (next === undefined) throw new RegexError('a backslash at the end', this.#at);
    const assertion = ASSERTIONS.get(next);
    if (assertion !== undefined) return this.#assertion(assertion, 2);
    if (next >= '1' && next <= '9') return this.#backreference();
    const shorthand = SHORTHANDS[next];
    if (shorthand !== undefined) {
      this.#at += 2;
      return { kind: 'set', set: shorthand };
    }
    const escaped = parseEscapedChar(this.#source, this.#at);
    this.#at = escaped.end;
    if (escaped.code !== undefined) return this.#character(escaped.code);
    return { kind: 'set', set: this.#flags.i ? withCaseVariants(escaped.set) : escaped.set };
  }

  #backreference(): Node {
    const digits = /\d+/y;
    digits.lastIndex = this.#at + 1;
    const capture = Number(digits.exec(this.#source)![0]);
    if (capture > this.#captures) throw new RegexError(`the back-reference \\${capture} has no group`, this.#at);
    if (this.#flags.i) throw new RegexError('back-references that ignore case are not supported', this.#at);
    this.#at = digits.lastIndex;
    this.#irregular = true;
    return { kind: 'backreference', capture };
  }

  /** At "(": every kind of group. Flags set inside a group end with it. */
  #group(): Node {
    const start = this.#at;
    const before = this.#flags;
    this.#at++;
    let make = (of: Node): Node => of;
    if (this.#source[this.#at] === '?') {
      const special = this.#specialGroup(start);
      if (special === null) return { kind: 'empty' };
      make = special;
    } else {
      this.#captures++;
      make = (of) => ({ kind: 'group', of });
    }
    const of = this.#alternatives();
    if (this.#source[this.#at] !== ')') throw new RegexError('a "(" that is never closed', start);
    this.#at++;
    this.#flags = before;
    return make(of);
  }

  /** After "(": reads `?...`. null for `(?i)`, which applies to the rest of the enclosing group. */
  #specialGroup(start: number): ((of: Node) => Node) | null {
    const head = /\?(?:(<?[=!])|(?:P?<|')(\w+)[>']|([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)]))/y;
    head.lastIndex = this.#at;
    const match = head.exec(this.#source);
    if (match === null) throw new RegexError('this kind of group is not supported', start);
    this.#at = head.lastIndex;
    const [, look, name, on = '', off = '', end] = match;
    if (look !== undefined) {
      this.#irregular = true;
      return (of) => ({ kind: 'look', of, behind: look.startsWith('<'), negative: look.endsWith('!') });
    }
    if (name !== undefined) {
      if (this.#names.has(name)) throw new RegexError(`two groups are called "${name}"`, start);
      this.#captures++;
      this.#names.add(name);
      return (of) => ({ kind: 'group', of });
    }
    for (const letter of on + off) {
      if (!'ims'.includes(letter)) throw new RegexError(`the flag "${letter}" is not supported`, start);
    }
    const flags = { ...this.#flags };
    for (const letter of on) flags[letter as keyof Flags] = true;
    for (const letter of off) flags[letter as keyof Flags] = false;
    this.#flags = flags;
    return end === ')' ? null : (of) => of;
  }
}

function bounds(match: RegExpExecArray): [number, number] {
  const [text, min, comma, max, upTo] = match;
  if (upTo !== undefined) return [0, Number(upTo)];
  if (min === undefined) return [text === '+' ? 1 : 0, text === '?' ? 1 : Number.POSITIVE_INFINITY];
  if (comma === undefined) return [Number(min), Number(min)];
  return [Number(min), max === undefined || max === '' ? Number.POSITIVE_INFINITY : Number(max)];
}
