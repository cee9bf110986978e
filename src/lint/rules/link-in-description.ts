import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'link-in-description',
  severity: 'info',
  summary: 'The description holds a link, and there are no references.',
  why: 'Links have a place of their own, where tools look for them.',
  aliases: ['sigmahq_link_in_description', 'SigmahqLinkInDescriptionValidator'],
  convention: 'sigmahq',
  avoid: ruleText('-references', 'description: Somebody asks who he is, see https://example.org/reports/whoami'),
  prefer: ruleText(),
  check(document, report) {
    const description = document.scalar('description');
    if (description === undefined || document.scalars('references').length > 0) return;
    const found = /https?:\/\/|internal research/i.exec(description.text);
    if (found !== null)
      report({
        at: description,
        message: `the description holds "${found[0]}" and there are no references.`,
        hint: 'Move it to `references`.',
      });
  },
};
