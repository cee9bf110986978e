/**
 * What does not appear: an element or attribute with an optional substitution that is null, and an element whose dependency
 * is null ([MS-EVEN6] 2.2.12 DependencyID, 3.1.4.7.2).
 */
import { ABSENT_VALUE, type AttributeNode, type ElementNode, type Part } from './tree.ts';

/** Values of which none may be null, each once. Contains ABSENT_VALUE when the element never appears. */
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

/** True for what no record of the layout prints. */
export function neverAppears(needed: readonly number[]): boolean {
  return needed.includes(ABSENT_VALUE);
}
