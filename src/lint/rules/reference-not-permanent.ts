import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'reference-not-permanent',
  severity: 'info',
  summary: 'A link to GitHub follows a branch.',
  why: 'What it shows today may be gone tomorrow. A link with the commit in it stays.',
  aliases: ['sigmahq_github_link', 'SigmahqGithubLinkValidator'],
  convention: 'sigmahq',
  avoid: ruleText('references:\n    - https://github.com/example/tools/blob/main/whoami.ps1'),
  prefer: ruleText(
    'references:\n    - https://github.com/example/tools/blob/0123456789abcdef0123456789abcdef01234567/whoami.ps1',
  ),
  check(document, report) {
    for (const link of document.scalars('references')) {
      if (!/^https:\/\/github\.com\/.*\.\w{1,3}$/.test(link.text) || /\/[\da-z]{40}\//.test(link.text)) continue;
      report({
        at: link,
        message: 'the link follows a branch.',
        hint: 'Press "y" on the page of the file for a permanent link.',
      });
    }
  },
};
