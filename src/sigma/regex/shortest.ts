/** Finds the least length of a match, so that `.{1000,}` need not be tested on short texts. */
import type { Node } from './syntax.ts';

/** An upper bound on the answer. Nearly every text is shorter, so a higher answer would rule out hardly any more texts. */
const MOST = 1 << 20;

/** How many characters every match has at least. */
export function shortestMatch(node: Node): number {
  switch (node.kind) {
    case 'set':
      return 1;
    case 'group':
      return shortestMatch(node.of);
    case 'seq':
      return Math.min(
        MOST,
        node.of.reduce((sum, part) => sum + shortestMatch(part), 0),
      );
    case 'alt':
      return node.of.reduce((least, part) => Math.min(least, shortestMatch(part)), MOST);
    case 'repeat':
      return node.min === 0 ? 0 : Math.min(MOST, node.min * shortestMatch(node.of));
    default:
      // Assertions and look-around take up no characters, and a back-reference may be empty.
      return 0;
  }
}
