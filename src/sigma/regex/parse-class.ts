/**
 * Reads `[...]` and gives the set inside. The caller applies `^` and case. Refuses what PCRE, Python and RE2 read differently.
 */
import { type CharSet, charSet, negate, POSIX_CLASSES, SHORTHANDS } from './char-set.ts';
import { parseEscapedChar, RegexError } from './parse-escape.ts';

const POSIX = /\[:(\^?)([a-z]+):\]/y;

export class ClassParser {
  readonly #source: string;
  readonly #start: number;
  #at: number;

  /** `start`: where the "[" is. */
  constructor(source: string, start: number) {
    this.#source = source;
    this.#start = start;
    this.#at = start + 1;
  }

  parse(): { set: CharSet; negated: boolean; end: number } {
    const negated = this.#source[this.#at] === '^';
    if (negated) this.#at++;
    const ranges: number[] = [];
    // A "]" directly after the opening bracket is a plain character.
    for (let first = true; first || this.#source[this.#at] !== ']'; first = false) {
      const low = this.#member();
      if (low.code === undefined) {
        ranges.push(...low.set);
        continue;
      }
      const high = this.#rangeEnd();
      if (high !== null && high < low.code) throw new RegexError('a range that runs backwards', this.#at);
      ranges.push(low.code, high ?? low.code);
    }
    return { set: charSet(ranges), negated, end: this.#at + 1 };
  }

  /** After a character: the end of a range such as `a-z`; null when no range follows (`a-]`, `a-\d`). */
  #rangeEnd(): number | null {
    const after = this.#source[this.#at + 1];
    if (this.#source[this.#at] !== '-' || after === undefined || after === ']') return null;
    const back = this.#at;
    this.#at++;
    const high = this.#member();
    if (high.code !== undefined) return high.code;
    this.#at = back;
    return null;
  }

  #member(): { code: number; set?: undefined } | { code?: undefined; set: CharSet } {
    const char = this.#source[this.#at];
    if (char === undefined) throw new RegexError('a "[" that is never closed', this.#start);
    if (char === '[') {
      POSIX.lastIndex = this.#at;
      const posix = POSIX.exec(this.#source);
      const set = posix === null ? undefined : POSIX_CLASSES[posix[2]!];
      if (posix !== null) {
        if (set === undefined) throw new RegexError(`"${posix[0]}" is not a class`, this.#at);
        this.#at = POSIX.lastIndex;
        return { set: posix[1] === '^' ? negate(set) : set };
      }
    }
    if (char !== '\\') {
      const code = this.#source.codePointAt(this.#at)!;
      this.#at += code > 0xffff ? 2 : 1;
      return { code };
    }
    const next = this.#source[this.#at + 1];
    if (next === undefined) throw new RegexError('a "[" that is never closed', this.#start);
    const shorthand = SHORTHANDS[next];
    if (shorthand !== undefined) {
      this.#at += 2;
      return { set: shorthand };
    }
    if (next === 'b') {
      this.#at += 2;
      return { code: 8 };
    }
    if (next >= '1' && next <= '9') throw new RegexError(`the escape "\\${next}" is not supported in a class`, this.#at);
    const escaped = parseEscapedChar(this.#source, this.#at);
    this.#at = escaped.end;
    return escaped;
  }
}
