import { LEVELS, type Level } from '../../model/rule.ts';
import { detection, ruleText } from '../examples.ts';
import { rulePairs } from '../facts/rule-pairs.ts';
import type { LintRule } from '../lint-rule.ts';

const OTHER_HEAD = ['title: Whoami From A Shell', 'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9'];
const WIDE = detection(`selection:
    Image|endswith: '\\whoami.exe'
condition: selection`);
const NARROW = detection(`selection:
    Image|endswith: '\\whoami.exe'
    ParentImage|endswith: '\\cmd.exe'
condition: selection`);

export const lintRule: LintRule = {
  id: 'subsumed-rule',
  severity: 'info',
  summary: 'Another rule of the same or a higher level finds all that this one finds.',
  why: 'Whenever this rule fires, the other one fires too and says at least as much. Such a rule is worth keeping when its level is higher; otherwise it only adds noise.',
  avoid: `${ruleText(WIDE)}---\n${ruleText(...OTHER_HEAD, NARROW)}`,
  prefer: `${ruleText(WIDE)}---\n${ruleText(...OTHER_HEAD, NARROW, 'level: medium')}`,
  checkSet(set, report) {
    for (const { narrow, wide, same } of rulePairs(set)) {
      if (same || rank(narrow.rule?.head.level) > rank(wide.rule?.head.level)) continue;
      report(narrow, {
        at: narrow.root,
        message: `"${wide.rule?.head.title}" (${wide.file.path}) finds everything that this rule finds.`,
        hint: 'Give this one a higher level, or remove it.',
      });
    }
  },
};

function rank(level: Level | undefined): number {
  return level === undefined ? -1 : LEVELS.indexOf(level);
}
