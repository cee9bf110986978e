import { ruleText } from '../examples.ts';
import { reportRepeats, uniqueValue } from '../facts/repeats.ts';
import type { LintRule } from '../lint-rule.ts';

const SECOND = [
  'title: Whoami From A Service',
  "detection:\n    selection:\n        ParentImage|endswith: '\\w3wp.exe'\n    condition: selection",
];

const ID = uniqueValue(
  (document) => document.scalar('id'),
  (text) => text.toLowerCase(),
);

export const lintRule: LintRule = {
  id: 'duplicate-id',
  severity: 'error',
  summary: 'Two rules have the same id.',
  why: 'An id names one rule. With two of them, exclusions hit both, correlations may refer to either, and results cannot be told apart.',
  aliases: ['identifier_uniqueness', 'IdentifierUniquenessValidator', 'IdentifierCollisionIssue'],
  avoid: `${ruleText()}---\n${ruleText(...SECOND)}`,
  prefer: `${ruleText()}---\n${ruleText(...SECOND, 'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9')}`,
  checkSet(set, report) {
    reportRepeats(set, ID, (document, at, first) =>
      report(document, {
        at,
        message: `the id ${at.text} is already that of ${first}.`,
        hint: 'Give one of them a new random UUID.',
      }),
    );
  },
};
