/**
 * Which elements and attributes do not appear: those with an optional substitution that is null, and elements whose dependency
 * is null ([MS-EVEN6] 2.2.12 DependencyID, 3.1.4.7.2). In: a node of the tree. Out: the values of which none may be null.
 */
import { ABSENT_VALUE, type AttributeNode, type ElementNode, type Part } from './tree.ts';

/** The values of which none may be null for the element to appear, each once. Contains ABSENT_VALUE when it never appears. */
export function neededByElement(node: ElementNode): readonly number[] {
  const needed = optionalIndexes(node.content);
  return node.depends < 0 || needed.includes(node.depends) ? needed : [node.depends, ...needed];
}

export function neededByAttribute(attribute: AttributeNode): readonly number[] {
  return optionalIndexes(attribute.parts);
}

function optionalIndexes(parts: readonly Part[]): number[] {
  const indexes = new Set<number>();
  for (const part of parts) if (part.kind === 'value' && part.optional) indexes.add(part.index);
  return [...indexes];
}

/** True for an element or attribute that no record of the layout prints. */
export function neverAppears(needed: readonly number[]): boolean {
  return needed.includes(ABSENT_VALUE);
}
