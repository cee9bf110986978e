import type { DetectionItem, DetectionValue } from '../../model/rule.ts';
import { selectionText } from '../examples.ts';
import { correction } from '../facts/edits.ts';
import { itemName, removeValue } from '../facts/items.ts';
import type { LintRule } from '../lint-rule.ts';
import { matchesAnyValue, patternImplies, patternKey, patternText } from '../logic/pattern.ts';

/** Longer lists (of indicators) are not compared value by value. */
const MAX_VALUES = 300;

export const lintRule: LintRule = {
  id: 'covered-value',
  severity: 'info',
  summary: 'A value of a list is covered by another one.',
  why: 'Whatever has the longer text has the shorter one as well. In a list of alternatives the longer is idle, below `all` the shorter.',
  avoid: selectionText(`CommandLine|contains:
    - 'whoami'
    - 'whoami /priv'`),
  prefer: selectionText(`CommandLine|contains:
    - 'whoami'
    - 'quser'`),
  checkItem(item, report, document) {
    if (item.values.length < 2 || item.values.length > MAX_VALUES) return;
    const able = mayTakeIn(item.values);
    if (able.length === 0) return;
    for (const value of item.values) {
      // With `all`, the wider value adds nothing to the narrower one.
      if (item.linking === 'all' && !able.includes(value)) continue;
      const others = item.linking === 'all' ? item.values : able;
      const other = others.find((one) => one !== value && covers(item, one, value));
      if (other === undefined) continue;
      const removes = `"${value.source}" of "${itemName(item)}", which "${other.source}" covers`;
      report({
        at: value.span,
        message: `"${value.source}" adds nothing to "${itemName(item)}": "${other.source}" covers it.`,
        fix: correction('remove it', removeValue(document, item, value), removes),
      });
    }
  },
};

/**
 * True when the list means the same without `value`, because of `other`. `duplicate-value` reports equal values.
 * `value-always-true` reports an empty text, which should go instead of the values beside it.
 */
function covers(item: DetectionItem, other: DetectionValue, value: DetectionValue): boolean {
  if (isEmptyText(other) || isEmptyText(value)) return false;
  const [narrow, wide] = item.linking === 'all' ? [other, value] : [value, other];
  return patternImplies(narrow.pattern, wide.pattern) && patternKey(other.pattern) !== patternKey(value.pattern);
}

/**
 * The values that another value of the list may imply. The longest literal of such a value stands in the other value. In most
 * lists there is no such value, and nothing needs to be compared.
 */
function mayTakeIn(values: readonly DetectionValue[]): readonly DetectionValue[] {
  const all = values
    .map(({ pattern, source }) => (pattern.kind === 'text' ? patternText(pattern).text : source.toLowerCase()))
    .join('\n');
  return values.filter(({ pattern }) => {
    if (pattern.kind !== 'text') return true;
    const { longest } = patternText(pattern);
    return all.indexOf(longest, all.indexOf(longest) + 1) !== -1;
  });
}

function isEmptyText({ source, pattern }: DetectionValue): boolean {
  return source === '' && matchesAnyValue(pattern);
}
