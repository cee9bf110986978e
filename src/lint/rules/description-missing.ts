import { missingKey } from '../facts/missing-key.ts';

export const lintRule = missingKey('description', {
  id: 'description-missing',
  aliases: ['sigmahq_description_existence', 'SigmahqDescriptionExistenceValidator'],
  why: 'An analyst who sees the alert reads the description first.',
});
