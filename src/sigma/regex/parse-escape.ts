/**
 * Reads escapes that stand for one character, or (`\p{L}`) for a set. They are the same inside and outside of classes. Refuses
 * escapes that PCRE, Python and RE2 read differently.
 */
import { type CharSet, negate, unicodeProperty } from './char-set.ts';

/** What is wrong with a pattern, and where. */
export class RegexError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Without `\v` and `\e`: PCRE and Python read them differently, and whoever wrote `C:\vm\explorer.exe` meant neither. */
const NAMED: Readonly<Record<string, number>> = { t: 9, n: 10, f: 12, r: 13, a: 7 };
const HEX = /\\(?:x\{([\da-fA-F]{1,6})\}|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/y;
const OCTAL = /\\0([0-7]{0,2})/y;
const PROPERTY = /\\([pP])\{(\^?)([^}]*)\}/y;

export type Escaped =
  | { readonly code: number; readonly set?: undefined; readonly end: number }
  | { readonly code?: undefined; readonly set: CharSet; readonly end: number };

/** Reads the escape whose backslash is at `at`. */
export function parseEscapedChar(source: string, at: number): Escaped {
  const next = source[at + 1]!;
  if (Object.hasOwn(NAMED, next)) return { code: NAMED[next]!, end: at + 2 };
  if (next === '0') {
    OCTAL.lastIndex = at;
    const octal = OCTAL.exec(source)!;
    return { code: Number.parseInt(octal[1] || '0', 8), end: OCTAL.lastIndex };
  }
  if (next === 'p' || next === 'P') return parseProperty(source, at);
  if (next === 'x' || next === 'u' || next === 'U') {
    HEX.lastIndex = at;
    const hex = HEX.exec(source);
    const code = hex === null ? Number.NaN : Number.parseInt((hex[1] ?? hex[2] ?? hex[3] ?? hex[4])!, 16);
    if (!(code <= 0x10ffff)) throw new RegexError(`"\\${next}" without the digits of a character`, at);
    return { code, end: HEX.lastIndex };
  }
  // Any character that is not a letter or digit may be escaped, needed or not: `\"`, `\/`, `\-`.
  if (/[A-Za-z\d]/.test(next)) throw new RegexError(`the escape "\\${next}" is not supported; a backslash is "\\\\"`, at);
  const code = source.codePointAt(at + 1)!;
  return { code, end: at + (code > 0xffff ? 3 : 2) };
}

function parseProperty(source: string, at: number): Escaped {
  PROPERTY.lastIndex = at;
  const match = PROPERTY.exec(source);
  // `\PSHost` is more often a path than the property S.
  if (match === null) throw new RegexError(`"\\${source[at + 1]}" without a property in braces`, at);
  const set = unicodeProperty(match[3]!);
  if (set === null) throw new RegexError(`"${match[3]}" is not a Unicode property`, at);
  const negated = (match[1] === 'P') !== (match[2] === '^');
  return { set: negated ? negate(set) : set, end: PROPERTY.lastIndex };
}
