/** Gives rule values as they were written, before modifiers were applied. */
import type { DetectionItem, DetectionValue, TextPart } from '../../model/rule.ts';
import { parseText } from '../../sigma/modifiers/support/text-parts.ts';

/** With these modifiers a value is not a Sigma text with wildcards and escapes. */
const OTHER_TEXT = new Set(['re', 'cidr', 'exists', 'fieldref', 'gt', 'gte', 'lt', 'lte']);

/** True when the item's values are Sigma texts, with wildcards and escapes. */
export function holdsText(item: DetectionItem): boolean {
  return !item.modifiers.some((name) => OTHER_TEXT.has(name));
}

/** The written value as parts; null for numbers, booleans and null. */
export function writtenParts(item: DetectionItem, value: DetectionValue): readonly TextPart[] | null {
  if (!holdsText(item)) return null;
  const { kind } = value.pattern;
  return kind === 'text' || kind === 'any' ? parseText(value.source) : null;
}

export function isStar(part: TextPart | undefined): boolean {
  return typeof part === 'object' && part.wildcard === '*';
}
