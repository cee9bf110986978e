import { ruleText } from '../examples.ts';
import { uniqueValue } from '../facts/repeats.ts';

const SECOND = [
  'title: Whoami From A Service',
  "detection:\n    selection:\n        ParentImage|endswith: '\\w3wp.exe'\n    condition: selection",
];

export const lintRule = uniqueValue({
  id: 'duplicate-id',
  severity: 'error',
  summary: 'Two rules have the same id.',
  why: 'An id names one rule. With two of them, exclusions hit both, correlations may refer to either, and results cannot be told apart.',
  aliases: ['identifier_uniqueness', 'IdentifierUniquenessValidator', 'IdentifierCollisionIssue'],
  avoid: `${ruleText()}---\n${ruleText(...SECOND)}`,
  prefer: `${ruleText()}---\n${ruleText(...SECOND, 'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9')}`,
  scalarOf: (document) => document.scalar('id'),
  normal: (text) => text.toLowerCase(),
  message: (text, first) => `the id ${text} is already that of ${first}.`,
  hint: 'Give one of them a new random UUID.',
});
