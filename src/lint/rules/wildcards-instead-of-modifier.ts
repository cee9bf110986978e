import type { DetectionItem, DetectionValue } from '../../model/rule.ts';
import { selectionText } from '../examples.ts';
import { isStar, writtenParts } from '../facts/written-values.ts';
import type { LintRule, Report } from '../lint-rule.ts';

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
  avoid: selectionText("Image: '*\\whoami.exe'"),
  prefer: selectionText("Image|endswith: '\\whoami.exe'"),
  checkItem(item, report) {
    if (item.field === null) return;
    const own = PLACES.find((name) => item.modifiers.includes(name));
    if (own !== undefined) {
      reportStars(item, own, report);
      return;
    }
    const modifier = modifierFor(item);
    if (modifier === undefined) return;
    report({
      at: item.span,
      message: `every value of "${item.field}" is written with a star where "${modifier}" would do.`,
      hint: `Write \`${item.field}|${modifier}\` and leave the star out.`,
    });
  },
};

const PLACES = ['contains', 'startswith', 'endswith'] as const;
type Place = (typeof PLACES)[number];

/**
 * Reports stars at the ends of values whose modifier is about an end. Such stars do nothing, or turn the modifier into
 * `contains`.
 */
function reportStars(item: DetectionItem, own: Place, report: Report): void {
  for (const value of item.values) {
    const ends = endsOf(item, value);
    if (ends === null || (!ends.front && !ends.behind)) continue;
    const widens = (own === 'endswith' && ends.behind) || (own === 'startswith' && ends.front);
    report({
      at: value.span,
      message: widens
        ? `with its star "${value.source}" may stand anywhere, whatever "${own}" says.`
        : `the star at an end of "${value.source}" does nothing below "${own}".`,
      hint: widens ? `Write \`${item.field}|contains\` and leave the star out.` : 'Leave it out.',
    });
  }
}

/** Whether a value begins and ends with a star; null where more than one text is between the stars. */
function endsOf(item: DetectionItem, value: DetectionValue): { front: boolean; behind: boolean } | null {
  const parts = writtenParts(item, value);
  if (parts === null || parts.length < 2) return null;
  const front = isStar(parts[0]);
  const behind = isStar(parts.at(-1));
  const inner = parts.slice(front ? 1 : 0, behind ? -1 : undefined);
  return inner.length === 1 && typeof inner[0] === 'string' ? { front, behind } : null;
}

/** The one modifier that can replace the stars of all values. */
function modifierFor(item: DetectionItem): Place | undefined {
  let found: Place | undefined;
  for (const value of item.values) {
    const ends = endsOf(item, value);
    if (ends === null) return undefined;
    const one = ends.front && ends.behind ? 'contains' : ends.front ? 'endswith' : 'startswith';
    if (found !== undefined && found !== one) return undefined;
    found = one;
  }
  return found;
}
