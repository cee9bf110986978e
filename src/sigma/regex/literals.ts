/**
 * Finds texts that every match must contain, for indexes. In: the tree of a pattern. Out: lower-cased texts. It may miss some,
 * but never gives one that a match can do without.
 */
import { foldCase } from '../../model/values/case.ts';
import type { CharSet } from './char-set.ts';
import type { Node } from './syntax.ts';

/** The folded character, when all characters of the set fold to the same one. */
function onlyChar(set: CharSet): string | null {
  let char: string | null = null;
  let count = 0;
  for (let i = 0; i < set.length; i += 2) {
    count += set[i + 1]! - set[i]! + 1;
    // One letter has at most a few cases.
    if (count > 4) return null;
    for (let code = set[i]!; code <= set[i + 1]!; code++) {
      const folded = foldCase(String.fromCodePoint(code));
      if (char !== null && folded !== char) return null;
      char = folded;
    }
  }
  return char;
}

/** Literals that a matching text contains, lower-cased (`foldCase`), each somewhere in the lower-cased text. */
export function literalsOf(root: Node): readonly string[] {
  const literals: string[] = [];
  let run = '';
  const close = (): void => {
    if (run !== '') literals.push(run);
    run = '';
  };
  const walk = (node: Node): void => {
    switch (node.kind) {
      case 'empty':
      case 'assert':
        return;
      case 'set': {
        const char = onlyChar(node.set);
        if (char === null) close();
        else run += char;
        return;
      }
      case 'group':
        walk(node.of);
        return;
      case 'seq':
        for (const part of node.of) walk(part);
        return;
      case 'repeat':
        if (node.min === 0) close();
        else {
          walk(node.of);
          // Further repetitions stand between this one and what follows.
          if (node.max !== 1) close();
        }
        return;
      default:
        // Alternatives, look-around and back-references: a match can do without each of their texts.
        close();
    }
  };
  walk(root);
  close();
  return [...new Set(literals)];
}
