import { ruleText } from '../examples.ts';
import { distinctItems } from '../facts/repeats.ts';

export const lintRule = distinctItems('references', 'reference', {
  id: 'duplicate-reference',
  why: 'The JSON schema of the specification asks for distinct references.',
  aliases: ['duplicate_references', 'DuplicateReferencesValidator'],
  avoid: ruleText('references:\n    - https://example.org/reports/whoami\n    - https://example.org/reports/whoami'),
  prefer: ruleText('references:\n    - https://example.org/reports/whoami\n    - https://example.org/reports/whoami-again'),
});
