import { detectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'not-binds-to-last',
  severity: 'warning',
  summary: 'Without parentheses a filter takes away from the last alternative only.',
  why:
    '`and` binds closer than `or`: `a or b and not filter` is `a or (b and not filter)`. What the filter describes is still found by ' +
    '`a`. Parentheses say which of the two is meant.',
  avoid: detectionText(`selection_image:
    Image|endswith: '\\whoami.exe'
selection_name:
    OriginalFileName: 'whoami.exe'
filter_agent:
    ParentImage|endswith: '\\agent.exe'
condition: selection_image or selection_name and not filter_agent`),
  prefer: detectionText(`selection_image:
    Image|endswith: '\\whoami.exe'
selection_name:
    OriginalFileName: 'whoami.exe'
filter_agent:
    ParentImage|endswith: '\\agent.exe'
condition: (selection_image or selection_name) and not filter_agent`),
  checkDetection({ rule }, report) {
    if (!rule.conditionSource.some(filtersLastOnly)) return;
    report({
      at: rule.conditionSpan,
      message: '"and not" takes away from the last alternative only, since "and" binds closer than "or".',
      hint: 'Put the alternatives, or the last of them with its filter, in parentheses.',
    });
  },
};

/** True for `x or y and not z` inside one pair of parentheses (or outside all) where `x` has no `not`. */
function filtersLastOnly(condition: string): boolean {
  // Replaces parentheses from the inside out. What they contain then counts as one word.
  const inner = /\(([^()]*)\)/;
  let rest = condition;
  for (let match = inner.exec(rest); match !== null; match = inner.exec(rest)) {
    if (mixes(match[1]!)) return true;
    rest = `${rest.slice(0, match.index)} group ${rest.slice(match.index + match[0].length)}`;
  }
  return mixes(rest);
}

function mixes(level: string): boolean {
  const alternatives = level.split(/\bor\b/);
  if (alternatives.length < 2) return false;
  return /\band\s+not\b/.test(alternatives.at(-1)!) && alternatives.slice(0, -1).every((one) => !/\bnot\b/.test(one));
}
