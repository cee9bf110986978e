/**
 * Describes the form of a regular expression. In: its source and flags. Out: what is needed to recognise an expensive or a
 * useless one.
 */
import type { CharSet } from '../../sigma/regex/char-set.ts';
import { parseRegex } from '../../sigma/regex/parse.ts';
import { RegexError } from '../../sigma/regex/parse-escape.ts';
import type { Node } from '../../sigma/regex/syntax.ts';

export interface RegexShape {
  /** True for look-around and back-references, which the specification does not allow. */
  readonly irregular: boolean;
  /** An unlimited repetition of a part that is itself unlimited, so that a text can be divided in many ways: `(a+)+`. */
  readonly nestedRepetition: boolean;
  /** `.*` at the start or end of the whole expression. A search does not need it. */
  readonly idleStart: boolean;
  readonly idleEnd: boolean;
  /** It matches an empty text, so it is found in every value: `.*`, `a?`. */
  readonly holdsEverywhere: boolean;
  /** The text that it matches, when it has no special characters. */
  readonly literal: string | undefined;
}

/** null for expressions that cannot be used. */
export function regexShape(source: string, flags: string): RegexShape | null {
  try {
    const { root, irregular } = parseRegex(source, flags);
    const parts = root.kind === 'seq' ? root.of : [root];
    return {
      irregular,
      nestedRepetition: hasNestedRepetition(root),
      idleStart: parts.length > 1 && isDotStar(parts[0]),
      idleEnd: parts.length > 1 && isDotStar(parts.at(-1)),
      holdsEverywhere: takesNothing(root),
      literal: literalOf(parts),
    };
  } catch (error) {
    if (error instanceof RegexError) return null;
    throw error;
  }
}

function childrenOf(node: Node): readonly Node[] {
  switch (node.kind) {
    case 'seq':
    case 'alt':
      return node.of;
    case 'repeat':
    case 'group':
    case 'look':
      return [node.of];
    default:
      return [];
  }
}

function isOpen(node: Node): node is Extract<Node, { kind: 'repeat' }> {
  return node.kind === 'repeat' && node.max === Number.POSITIVE_INFINITY;
}

/** True when a node matches an empty text wherever it stands. Anchors and look-around do not, because they may fail. */
function takesNothing(node: Node): boolean {
  switch (node.kind) {
    case 'seq':
      return node.of.every(takesNothing);
    case 'alt':
      return node.of.some(takesNothing);
    case 'group':
      return takesNothing(node.of);
    case 'repeat':
      return node.min === 0 || takesNothing(node.of);
    default:
      return false;
  }
}

/** A set with more characters than this counts as "nearly all characters". */
const NEARLY_ALL = 1_000_000;

function isDotStar(node: Node | undefined): boolean {
  return node !== undefined && isOpen(node) && node.min === 0 && node.of.kind === 'set' && sizeOf(node.of.set) > NEARLY_ALL;
}

function sizeOf(set: CharSet): number {
  let size = 0;
  for (let i = 0; i < set.length; i += 2) size += set[i + 1]! - set[i]! + 1;
  return size;
}

function hasNestedRepetition(node: Node): boolean {
  if (isOpen(node) && !isDelimited(node.of)) return true;
  return childrenOf(node).some(hasNestedRepetition);
}

/**
 * True when each repetition of the body needs a character that its unlimited parts cannot match. A text can then be divided in
 * one way only.
 */
function isDelimited(body: Node): boolean {
  if (body.kind === 'group') return isDelimited(body.of);
  if (body.kind === 'alt') return body.of.every(isDelimited) && !haveCommonCharacter(body.of);
  const parts = body.kind === 'seq' ? body.of : [body];
  const repeated = parts.flatMap(openSets);
  if (repeated.length === 0) return true;
  return parts.some((part) => part.kind === 'set' && repeated.every((set) => disjoint(set, part.set)));
}

/** True when two alternatives of one character each overlap: `(\w|\d)+` can match each digit in two ways. */
function haveCommonCharacter(alternatives: readonly Node[]): boolean {
  const sets = alternatives.flatMap((one) => (one.kind === 'set' ? [one.set] : []));
  return sets.some((set, i) => sets.slice(i + 1).some((other) => !disjoint(set, other)));
}

/** The character sets that are repeated without limit inside a node. */
function openSets(node: Node): readonly CharSet[] {
  return isOpen(node) ? setsIn(node.of) : childrenOf(node).flatMap(openSets);
}

function setsIn(node: Node): readonly CharSet[] {
  return node.kind === 'set' ? [node.set] : childrenOf(node).flatMap(setsIn);
}

function disjoint(a: CharSet, b: CharSet): boolean {
  for (let i = 0; i < a.length; i += 2) {
    for (let j = 0; j < b.length; j += 2) if (a[i]! <= b[j + 1]! && b[j]! <= a[i + 1]!) return false;
  }
  return true;
}

function literalOf(parts: readonly Node[]): string | undefined {
  let text = '';
  for (const part of parts) {
    const char = part.kind === 'set' ? oneChar(part.set) : undefined;
    if (char === undefined) return undefined;
    text += char;
  }
  // Line breaks and similar characters are easier to write in an expression than in text.
  return text === '' || /[\x00-\x1f]/.test(text) ? undefined : text;
}

/** The only character of a set, or the letter whose cases make up the set. */
function oneChar(set: CharSet): string | undefined {
  if (sizeOf(set) > 3) return undefined;
  const chars = new Set<string>();
  for (let i = 0; i < set.length; i += 2) {
    for (let code = set[i]!; code <= set[i + 1]!; code++) chars.add(String.fromCodePoint(code).toLowerCase());
  }
  return chars.size === 1 ? String.fromCodePoint(set[0]!) : undefined;
}
