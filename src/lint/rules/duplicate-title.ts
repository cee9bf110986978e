import { ruleText } from '../examples.ts';
import { uniqueValue } from '../facts/repeats.ts';

const SECOND = [
  'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9',
  "detection:\n    selection:\n        ParentImage|endswith: '\\w3wp.exe'\n    condition: selection",
];

export const lintRule = uniqueValue({
  id: 'duplicate-title',
  severity: 'warning',
  summary: 'Two rules have the same title.',
  why: 'The title is what an analyst sees. Two rules of one title look like one rule that contradicts itself.',
  aliases: ['duplicate_title', 'DuplicateTitleValidator'],
  avoid: `${ruleText()}---\n${ruleText(...SECOND)}`,
  prefer: `${ruleText()}---\n${ruleText(...SECOND, 'title: Whoami From A Web Server')}`,
  scalarOf: (document) => (document.isRetired ? undefined : document.scalar('title')),
  normal: (text) => text.trim(),
  message: (text, first) => `the title "${text}" is already that of ${first}.`,
  hint: 'Say in each title what sets the rule apart.',
});
