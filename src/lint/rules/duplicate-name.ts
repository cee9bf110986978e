import { ruleText } from '../examples.ts';
import { reportRepeats, uniqueValue } from '../facts/repeats.ts';
import type { LintRule } from '../lint-rule.ts';

const SECOND = [
  'title: Whoami From A Web Server',
  'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9',
  "detection:\n    selection:\n        ParentImage|endswith: '\\w3wp.exe'\n    condition: selection",
];

const NAME = uniqueValue(
  (document) => document.scalar('name'),
  (text) => text,
);

export const lintRule: LintRule = {
  id: 'duplicate-name',
  severity: 'error',
  summary: 'Two rules have the same name.',
  why: 'Correlations and filters refer to rules by `name`. Of two rules with one name, nobody can tell which is meant.',
  aliases: [],
  avoid: `${ruleText('name: whoami')}---\n${ruleText('name: whoami', ...SECOND)}`,
  prefer: `${ruleText('name: whoami')}---\n${ruleText('name: whoami_web_server', ...SECOND)}`,
  checkSet(set, report) {
    reportRepeats(set, NAME, (document, at, first) =>
      report(document, {
        at,
        message: `the name "${at.text}" is already that of ${first}.`,
        hint: 'Names are unique within a set of rules.',
      }),
    );
  },
};
