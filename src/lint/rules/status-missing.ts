import { ruleText } from '../examples.ts';
import { missingKey } from '../facts/missing-key.ts';

export const lintRule = missingKey({
  id: 'status-missing',
  key: 'status',
  aliases: ['sigmahq_status_existence', 'SigmahqStatusExistenceValidator'],
  why: 'Teams choose by status which rules go to production.',
  avoid: ruleText('-status'),
  prefer: ruleText(),
});
