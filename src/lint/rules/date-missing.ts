import { missingKey } from '../facts/missing-key.ts';

export const lintRule = missingKey('date', {
  id: 'date-missing',
  aliases: [
    'sigmahq_date_existence',
    'SigmahqDateExistenceValidator',
    'sigmahq_modified_without_date',
    'SigmahqModifiedWithoutDateValidator',
  ],
  why: 'The age of a rule says how much it has been tried. A date of modification does not stand for it.',
});
