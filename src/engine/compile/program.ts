/** Writes an expression as a program. In: an expression. Out: numbers; `NODE` in `model/match-plan.ts` documents their layout. */
import { NODE } from '../../model/match-plan.ts';
import type { Expression } from './expression.ts';

/** The children of an `and` or `or` if all of them are plain predicates with consecutive leaves; else null. */
function plainLeaves(expression: Expression): readonly { predicate: number; leaf: number }[] | null {
  const children = expression.kind === 'predicate' ? [expression] : expression.kind === 'not' ? null : expression.of;
  if (children === null || children.length === 0) return null;
  const leaves: { predicate: number; leaf: number }[] = [];
  for (const child of children) {
    if (child.kind !== 'predicate') return null;
    const last = leaves.at(-1);
    if (last !== undefined && child.leaf !== last.leaf + 1) return null;
    leaves.push(child);
  }
  return leaves;
}

/**
 * Appends a program to `code` and returns where it begins. `renumbered` gives the final number of each predicate. A subtree that
 * occurs twice (a selection that is named twice) is written once.
 */
export function writeProgram(code: number[], expression: Expression, renumbered: Int32Array): number {
  const written = new Map<Expression, number>();
  const write = (node: Expression): void => {
    const begin = code.length;
    const known = written.get(node);
    code.push(0, 0);
    if (known !== undefined) {
      code[begin] = NODE.use;
      code.push(known);
    } else {
      written.set(node, begin);
      const leaves = plainLeaves(node);
      if (leaves !== null) {
        code[begin] = node.kind === 'and' ? NODE.every : NODE.some;
        code.push(leaves[0]!.leaf);
        for (const leaf of leaves) code.push(renumbered[leaf.predicate]!);
      } else if (node.kind === 'not') {
        code[begin] = NODE.not;
        write(node.of);
      } else if (node.kind !== 'predicate') {
        code[begin] = node.kind === 'and' ? NODE.and : NODE.or;
        for (const child of node.of) write(child);
      }
    }
    code[begin + 1] = code.length;
  };
  const begin = code.length;
  write(expression);
  return begin;
}
