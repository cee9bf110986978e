import { ruleText } from '../examples.ts';
import { missingKey } from '../facts/missing-key.ts';

export const lintRule = missingKey({
  id: 'description-missing',
  key: 'description',
  aliases: ['sigmahq_description_existence', 'SigmahqDescriptionExistenceValidator'],
  why: 'An analyst who sees the alert reads the description first.',
  avoid: ruleText('-description'),
  prefer: ruleText(),
});
