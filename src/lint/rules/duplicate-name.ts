import { ruleText } from '../examples.ts';
import { uniqueValue } from '../facts/repeats.ts';

const SECOND = [
  'title: Whoami From A Web Server',
  'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9',
  "detection:\n    selection:\n        ParentImage|endswith: '\\w3wp.exe'\n    condition: selection",
];

export const lintRule = uniqueValue({
  id: 'duplicate-name',
  severity: 'error',
  summary: 'Two rules have the same name.',
  why: 'Correlations and filters refer to rules by `name`. Of two rules with one name, nobody can tell which is meant.',
  avoid: `${ruleText('name: whoami')}---\n${ruleText('name: whoami', ...SECOND)}`,
  prefer: `${ruleText('name: whoami')}---\n${ruleText('name: whoami_web_server', ...SECOND)}`,
  scalarOf: (document) => document.scalar('name'),
  normal: (text) => text,
  message: (text, first) => `the name "${text}" is already that of ${first}.`,
  hint: 'Names are unique within a set of rules.',
});
