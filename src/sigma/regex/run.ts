// HOT: reads every character of the values that it tests.
/**
 * Patterns such as `.{1000,}`: at least so many characters of one set in a row. In: the tree of a pattern. Out: a test that
 * counts such characters, which is cheaper than an automaton with a state for each count. Gives null for patterns of any other
 * form.
 */
import { contains } from './char-set.ts';
import type { Node } from './syntax.ts';

/** With fewer repeats an automaton is as fast. */
const FEWEST = 16;

/** A test for the pattern, or null when it has another form. */
export function compileRun(root: Node): { test(text: string): boolean } | null {
  let node = root;
  while (node.kind === 'group' || (node.kind === 'seq' && node.of.length === 1)) {
    node = node.kind === 'group' ? node.of : node.of[0]!;
  }
  if (node.kind !== 'repeat' || node.of.kind !== 'set' || node.min < FEWEST) return null;
  const { set } = node.of;
  const least = node.min;
  const ascii = Uint8Array.from({ length: 128 }, (_, code) => (contains(set, code) ? 1 : 0));
  return {
    test: (text) => {
      let run = 0;
      for (let at = 0; at < text.length; at++) {
        const code = text.codePointAt(at)!;
        if (code > 0xffff) at++;
        run = (code < 128 ? ascii[code] === 1 : contains(set, code)) ? run + 1 : 0;
        if (run === least) return true;
      }
      return false;
    },
  };
}
