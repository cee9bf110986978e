import { ruleText } from '../examples.ts';
import { missingKey } from '../facts/missing-key.ts';

export const lintRule = missingKey({
  id: 'author-missing',
  key: 'author',
  aliases: ['sigmahq_author_existence', 'SigmahqAuthorExistenceValidator'],
  why: 'SigmaHQ wants to know whom to ask.',
  avoid: ruleText('-author'),
  prefer: ruleText(),
});
