import { ruleText } from '../examples.ts';
import { reportRepeats, uniqueValue } from '../facts/repeats.ts';
import type { LintRule } from '../lint-rule.ts';

const SECOND = [
  'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9',
  "detection:\n    selection:\n        ParentImage|endswith: '\\w3wp.exe'\n    condition: selection",
];

const TITLE = uniqueValue(
  (document) => (document.isRetired ? undefined : document.scalar('title')),
  (text) => text.trim(),
);

export const lintRule: LintRule = {
  id: 'duplicate-title',
  severity: 'warning',
  summary: 'Two rules have the same title.',
  why: 'The title is what an analyst sees. Two rules of one title look like one rule that contradicts itself.',
  aliases: ['duplicate_title', 'DuplicateTitleValidator'],
  avoid: `${ruleText()}---\n${ruleText(...SECOND)}`,
  prefer: `${ruleText()}---\n${ruleText(...SECOND, 'title: Whoami From A Web Server')}`,
  checkSet(set, report) {
    reportRepeats(set, TITLE, (document, at, first) =>
      report(document, {
        at,
        message: `the title "${at.text}" is already that of ${first}.`,
        hint: 'Say in each title what sets the rule apart.',
      }),
    );
  },
};
