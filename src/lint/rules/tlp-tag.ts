import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'tlp-tag',
  severity: 'info',
  summary: 'The rule may not be published, or says so twice.',
  why: 'What is in a public repository is TLP:CLEAR.',
  aliases: ['sigmahq_tags_tlp', 'SigmahqTagsTlpValidator', 'sigmahq_tags_unique_tlp', 'SigmahqTagsUniqueTlpValidator'],
  convention: 'sigmahq',
  avoid: ruleText('tags:\n    - attack.discovery\n    - attack.t1033\n    - tlp.amber'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1033\n    - tlp.clear'),
  check(document, report) {
    const tags = document.scalars('tags').filter((tag) => tag.text.startsWith('tlp.'));
    if (tags.length > 1) report({ at: tags[1]!, message: 'there are two tags of the namespace "tlp".' });
    for (const tag of tags)
      if (tag.text !== 'tlp.clear') report({ at: tag, message: `"${tag.text}" is not for a public repository.` });
  },
};
