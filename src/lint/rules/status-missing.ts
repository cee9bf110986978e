import { missingKey } from '../facts/missing-key.ts';

export const lintRule = missingKey('status', {
  id: 'status-missing',
  aliases: ['sigmahq_status_existence', 'SigmahqStatusExistenceValidator'],
  why: 'Teams choose by status which rules go to production.',
});
