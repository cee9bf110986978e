import { ruleText } from '../examples.ts';
import { rulePairs } from '../facts/rule-pairs.ts';
import type { LintRule } from '../lint-rule.ts';

const OTHER_HEAD = ['title: Who Am I', 'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9'];

export const lintRule: LintRule = {
  id: 'duplicate-rule',
  severity: 'warning',
  summary: 'Two rules find exactly the same events.',
  why: 'Written differently or not, they always fire together: two alerts for one fact, and two places to maintain.',
  avoid: `${ruleText()}---\n${ruleText(...OTHER_HEAD, "detection:\n    whoami:\n        - Image|endswith:\n              - '\\WHOAMI.exe'\n    condition: whoami")}`,
  prefer: `${ruleText()}---\n${ruleText(...OTHER_HEAD, "detection:\n    whoami:\n        - Image|endswith:\n              - '\\quser.exe'\n    condition: whoami")}`,
  checkSet(set, report) {
    for (const { narrow, wide, same } of rulePairs(set)) {
      if (!same) continue;
      report(narrow, {
        at: narrow.root,
        message: `finds exactly what "${wide.rule?.head.title}" (${wide.file.path}) finds.`,
        hint: 'Keep one of them.',
      });
    }
  },
};
