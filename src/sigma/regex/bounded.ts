/**
 * Look-around and back-references. No finite automaton can run these, so the pattern goes to `RegExp`, provided that there are
 * few ways to match from one position: trying them all is then linear in the length of the text. Refuses all other patterns.
 */
import type { CharSet } from './char-set.ts';
import { RegexError } from './parse-escape.ts';
import type { Assertion, Node } from './syntax.ts';

/** Limit on the ways to match from one position. Each is tried at most once for each position of the text. */
const MAX_WAYS = 2000;

/** How many ways to match a backtracking engine may have to try from one position. */
export function waysOf(node: Node): number {
  switch (node.kind) {
    case 'seq':
      return node.of.reduce((ways, part) => Math.min(ways * waysOf(part), Number.MAX_SAFE_INTEGER), 1);
    case 'alt':
      return node.of.reduce((ways, part) => ways + waysOf(part), 0);
    case 'group':
    case 'look':
      return waysOf(node.of) + 1;
    case 'repeat': {
      if (node.max === Number.POSITIVE_INFINITY) return Number.POSITIVE_INFINITY;
      const each = waysOf(node.of);
      let ways = 0;
      for (let i = node.min; i <= node.max && ways <= MAX_WAYS; i++) ways += each ** i;
      return Math.max(1, ways);
    }
    default:
      return 1;
  }
}

/** Throws RegexError when testing a text could take long. */
export function compileBounded(root: Node): RegExp {
  if (waysOf(root) > MAX_WAYS) {
    throw new RegexError('look-around and back-references are only supported in patterns without long repetition', 0);
  }
  return new RegExp(print(root), 'u');
}

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  'text-start': '^',
  'line-start': '(?<=^|\\n)',
  'text-end': '$',
  'last-line-end': '(?=\\n?$)',
  'line-end': '(?=\\n|$)',
  'word-boundary': '\\b',
  'not-word-boundary': '\\B',
};

function printSet(set: CharSet): string {
  const hex = (code: number): string => `\\u{${code.toString(16)}}`;
  let text = '';
  for (let i = 0; i < set.length; i += 2) text += set[i] === set[i + 1] ? hex(set[i]!) : `${hex(set[i]!)}-${hex(set[i + 1]!)}`;
  return `[${text}]`;
}

/** The tree as source text for `RegExp`, to be used with the flag `u` alone. */
function print(node: Node): string {
  switch (node.kind) {
    case 'empty':
      return '';
    case 'set':
      return printSet(node.set);
    case 'seq':
      return node.of.map(print).join('');
    case 'alt':
      return `(?:${node.of.map(print).join('|')})`;
    case 'group':
      return `(${print(node.of)})`;
    case 'repeat':
      return `(?:${print(node.of)}){${node.min},${node.max === Number.POSITIVE_INFINITY ? '' : node.max}}`;
    case 'assert':
      return ASSERTIONS[node.assertion];
    case 'look':
      return `(?${node.behind ? '<' : ''}${node.negative ? '!' : '='}${print(node.of)})`;
    default:
      return `(?:\\${node.capture})`;
  }
}
