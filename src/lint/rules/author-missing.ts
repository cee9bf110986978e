import { missingKey } from '../facts/missing-key.ts';

export const lintRule = missingKey('author', {
  id: 'author-missing',
  aliases: ['sigmahq_author_existence', 'SigmahqAuthorExistenceValidator'],
  why: 'SigmaHQ wants to know whom to ask.',
});
