import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'technique-without-tactic',
  severity: 'info',
  summary: 'There are technique tags and no tactic tag.',
  why: 'SigmaHQ names the tactic beside the technique, so that rules can be chosen by what the attacker is about.',
  aliases: ['sigmahq_tags_techniques_without_tactics', 'SigmahqTagsTechniquesWithoutTacticsValidator'],
  convention: 'sigmahq',
  avoid: ruleText('tags:\n    - attack.t1033'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1033'),
  check(document, report) {
    const tags = document.scalars('tags');
    const technique = tags.find((tag) => /^attack\.t\d{4}/.test(tag.text));
    if (technique === undefined || tags.some((tag) => /^attack\.[a-z]+(?:-[a-z]+)*$/.test(tag.text))) return;
    report({
      at: technique,
      message: `"${technique.text}" stands without a tactic.`,
      hint: 'Add the tactic: `- attack.execution`.',
    });
  },
};
