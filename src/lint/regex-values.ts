/** The regular expressions of a document. */
import type { DetectionItem, DetectionValue } from '../model/rule.ts';
import type { LintDocument } from './document.ts';
import { itemsOf } from './items.ts';

export function* regexValues(document: LintDocument): Iterable<{ item: DetectionItem; value: DetectionValue; source: string }> {
  for (const item of itemsOf(document)) {
    for (const value of item.values) if (value.pattern.kind === 'regex') yield { item, value, source: value.pattern.source };
  }
}
