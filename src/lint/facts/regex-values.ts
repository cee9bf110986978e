/** Finds the regular expressions of a document and describes the form of each. */
import type { DetectionItem, DetectionValue } from '../../model/rule.ts';
import type { LintDocument } from '../document.ts';
import { itemsOf } from './items.ts';
import { type RegexShape, regexShape } from './regex-shape.ts';

export interface RegexValue {
  readonly item: DetectionItem;
  readonly value: DetectionValue;
  readonly source: string;
  readonly shape: RegexShape;
}

const cache = new WeakMap<LintDocument, readonly RegexValue[]>();

export function regexValues(document: LintDocument): readonly RegexValue[] {
  let values = cache.get(document);
  if (values === undefined) {
    values = itemsOf(document).flatMap((item) =>
      item.values.flatMap((value): RegexValue[] => {
        if (value.pattern.kind !== 'regex') return [];
        const { source, flags } = value.pattern;
        const shape = regexShape(source, flags);
        return shape === null ? [] : [{ item, value, source, shape }];
      }),
    );
    cache.set(document, values);
  }
  return values;
}
