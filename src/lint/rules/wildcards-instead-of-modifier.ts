import type { DetectionItem } from '../../model/rule.ts';
import { detection, ruleText } from '../examples.ts';
import { itemsOf } from '../facts/items.ts';
import { isStar, writtenParts } from '../facts/written-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'wildcards-instead-of-modifier',
  severity: 'info',
  summary: 'A star at the start or end does what a modifier is for.',
  why: '`endswith`, `startswith` and `contains` say what is meant and spare the reader (and the backend) the question whether a backslash before the star escapes it.',
  aliases: [
    'wildcards_instead_of_modifiers',
    'WildcardsInsteadOfModifiersValidator',
    'WildcardsInsteadOfContainsModifierIssue',
    'WildcardInsteadOfStartswithIssue',
    'WildcardInsteadOfEndswithIssue',
  ],
  avoid: ruleText(
    detection(`selection:
    Image: '*\\whoami.exe'
condition: selection`),
  ),
  prefer: ruleText(
    detection(`selection:
    Image|endswith: '\\whoami.exe'
condition: selection`),
  ),
  check(document, report) {
    for (const item of itemsOf(document)) {
      const modifier = item.field === null ? undefined : modifierFor(item);
      if (modifier === undefined || item.modifiers.includes(modifier)) continue;
      report({
        at: item.span,
        message: `every value of "${item.field}" is written with a star where "${modifier}" would do.`,
        hint: `Write \`${item.field}|${modifier}\` and leave the star out.`,
      });
    }
  },
};

/** The one modifier that could stand for the stars of all values. */
function modifierFor(item: DetectionItem): 'contains' | 'startswith' | 'endswith' | undefined {
  let found: 'contains' | 'startswith' | 'endswith' | undefined;
  for (const value of item.values) {
    const parts = writtenParts(item, value);
    if (parts === null || parts.length < 2) return undefined;
    const front = isStar(parts[0]);
    const behind = isStar(parts.at(-1));
    const inner = parts.slice(front ? 1 : 0, behind ? -1 : undefined);
    if (inner.length !== 1 || typeof inner[0] !== 'string') return undefined;
    const one = front && behind ? 'contains' : front ? 'endswith' : 'startswith';
    if (found !== undefined && found !== one) return undefined;
    found = one;
  }
  return found;
}
