/** Finds the regular expressions of a document and describes the form of each. */
import type { DetectionItem, DetectionValue } from '../../model/rule.ts';
import { remembered } from '../../model/values/maps.ts';
import type { LintDocument } from '../document.ts';
import { itemsOf } from './items.ts';
import { type RegexShape, regexShape } from './regex-shape.ts';

export interface RegexValue {
  readonly item: DetectionItem;
  readonly value: DetectionValue;
  readonly source: string;
  readonly shape: RegexShape;
}

export const regexValues = remembered((document: LintDocument): readonly RegexValue[] =>
  itemsOf(document).flatMap((item) =>
    item.values.flatMap((value): RegexValue[] => {
      if (value.pattern.kind !== 'regex') return [];
      const { source, flags } = value.pattern;
      const shape = regexShape(source, flags);
      return shape === null ? [] : [{ item, value, source, shape }];
    }),
  ),
);
