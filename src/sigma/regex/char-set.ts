/** Sets of code points: sorted, disjoint, inclusive ranges `[low, high, low, high ...]`. */
import { foldCase } from '../../model/values/case.ts';
import { getOrInsert } from '../../model/values/maps.ts';

export type CharSet = readonly number[];

export const MAX_CODE_POINT = 0x10ffff;
export const EVERYTHING: CharSet = [0, MAX_CODE_POINT];

/** The set of any ranges: pairs that may be in any order and may overlap. */
export function charSet(ranges: readonly number[]): CharSet {
  const pairs: [number, number][] = [];
  for (let i = 0; i + 1 < ranges.length; i += 2) pairs.push([ranges[i]!, ranges[i + 1]!]);
  pairs.sort((a, b) => a[0] - b[0]);
  const set: number[] = [];
  for (const [low, high] of pairs) {
    const last = set.length - 1;
    if (last > 0 && low <= set[last]! + 1) set[last] = Math.max(set[last]!, high);
    else set.push(low, high);
  }
  return set;
}

export function negate(set: CharSet): CharSet {
  const rest: number[] = [];
  let from = 0;
  for (let i = 0; i < set.length; i += 2) {
    if (set[i]! > from) rest.push(from, set[i]! - 1);
    from = set[i + 1]! + 1;
  }
  if (from <= MAX_CODE_POINT) rest.push(from, MAX_CODE_POINT);
  return rest;
}

export function contains(set: CharSet, codePoint: number): boolean {
  // Binary search for the first range that does not end before the character: Unicode classes have hundreds of ranges.
  let low = 0;
  let high = set.length >>> 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (set[2 * middle + 1]! < codePoint) low = middle + 1;
    else high = middle;
  }
  return 2 * low < set.length && set[2 * low]! <= codePoint;
}

/** Characters above this one have no other case. */
const LAST_CASED = 0x1ffff;
/**
 * Cased characters in ascending order, each with all characters that fold to the same one. Built once, when a pattern needs it.
 */
let variants: readonly (readonly [number, readonly number[]])[] | null = null;

function caseVariants(): readonly (readonly [number, readonly number[]])[] {
  if (variants !== null) return variants;
  const groups = new Map<string, number[]>();
  for (let code = 0; code <= LAST_CASED; code++) {
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const char = String.fromCodePoint(code);
    const folded = foldCase(char);
    if (folded === char) continue;
    getOrInsert(groups, folded, () => [folded.codePointAt(0)!]).push(code);
  }
  variants = [...groups.values()].flatMap((group) => group.map((code) => [code, group] as const)).sort((a, b) => a[0] - b[0]);
  return variants;
}

/** The set, and every character that differs from a member only by case. */
export function withCaseVariants(set: CharSet): CharSet {
  const added: number[] = [...set];
  let onlyAscii = true;
  for (let i = 0; i < set.length; i += 2) {
    const [low, high] = [set[i]!, set[i + 1]!];
    if (high > 0x7f) onlyAscii = false;
    addShifted(added, low, high, 0x41, 0x5a, 0x20);
    addShifted(added, low, high, 0x61, 0x7a, -0x20);
  }
  // Nothing outside ASCII folds into ASCII.
  if (!onlyAscii) {
    let range = 0;
    for (const [code, group] of caseVariants()) {
      while (range < set.length && set[range + 1]! < code) range += 2;
      if (range >= set.length || set[range]! > code) continue;
      for (const other of group) if (!contains(set, other)) added.push(other, other);
    }
  }
  return charSet(added);
}

function addShifted(into: number[], low: number, high: number, first: number, last: number, shift: number): void {
  const from = Math.max(low, first);
  const to = Math.min(high, last);
  if (from <= to) into.push(from + shift, to + shift);
}

const DIGIT: CharSet = [0x30, 0x39];
const WORD: CharSet = [0x30, 0x39, 0x41, 0x5a, 0x5f, 0x5f, 0x61, 0x7a];
/** As in PCRE without its Unicode option: ASCII only, vertical tab included. */
const SPACE: CharSet = [0x09, 0x0d, 0x20, 0x20];

/** `\d \w \s` and their negations. */
export const SHORTHANDS: Readonly<Record<string, CharSet>> = {
  d: DIGIT,
  D: negate(DIGIT),
  w: WORD,
  W: negate(WORD),
  s: SPACE,
  S: negate(SPACE),
};

/** `[:alpha:]` and similar names, ASCII as in PCRE. */
export const POSIX_CLASSES: Readonly<Record<string, CharSet>> = {
  alpha: [0x41, 0x5a, 0x61, 0x7a],
  digit: DIGIT,
  alnum: [0x30, 0x39, 0x41, 0x5a, 0x61, 0x7a],
  upper: [0x41, 0x5a],
  lower: [0x61, 0x7a],
  space: SPACE,
  blank: [0x09, 0x09, 0x20, 0x20],
  punct: [0x21, 0x2f, 0x3a, 0x40, 0x5b, 0x60, 0x7b, 0x7e],
  xdigit: [0x30, 0x39, 0x41, 0x46, 0x61, 0x66],
  word: WORD,
  cntrl: [0x00, 0x1f, 0x7f, 0x7f],
  print: [0x20, 0x7e],
  graph: [0x21, 0x7e],
};

const properties = new Map<string, CharSet | null>();

/** The characters of `\p{name}`; null for a property that does not exist. */
export function unicodeProperty(name: string): CharSet | null {
  return getOrInsert(properties, name, scanProperty);
}

function scanProperty(name: string): CharSet | null {
  if (!/^[A-Za-z_]{1,40}(?:=[A-Za-z_]{1,40})?$/.test(name)) return null;
  for (const spelling of [name, `Script=${name}`]) {
    let test: RegExp;
    try {
      test = new RegExp(`^\\p{${spelling}}$`, 'u');
    } catch {
      continue;
    }
    const ranges: number[] = [];
    for (let code = 0; code <= MAX_CODE_POINT; code++) {
      if (!test.test(String.fromCodePoint(code))) continue;
      if (ranges.length > 0 && ranges.at(-1) === code - 1) ranges[ranges.length - 1] = code;
      else ranges.push(code, code);
    }
    return ranges;
  }
  return null;
}
