/** How long a match is at least: `.{1000,}` need not look at short texts. */
import type { Node } from './syntax.ts';

/** Enough to leave out nearly every text; also the answer for longer ones. */
const MOST = 1 << 20;

/** Characters that every match has at least. */
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
      // Assertions and look-around take no room, a back-reference may be empty.
      return 0;
  }
}
