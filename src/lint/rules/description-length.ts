import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

const MIN_LENGTH = 16;

export const lintRule: LintRule = {
  id: 'description-length',
  severity: 'info',
  summary: 'The description is shorter than 16 characters.',
  why: 'So few words cannot say what was found and why it matters.',
  aliases: ['sigmahq_description_length', 'SigmahqDescriptionLengthValidator'],
  convention: 'sigmahq',
  avoid: ruleText('description: Whoami'),
  prefer: ruleText(),
  check(document, report) {
    const description = document.scalar('description');
    if (description !== undefined && description.text.length < MIN_LENGTH) {
      report({
        at: description,
        message: `the description has ${description.text.length} characters.`,
        hint: 'Say what happened and why it matters.',
      });
    }
  },
};
