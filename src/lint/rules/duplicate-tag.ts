import { ruleText } from '../examples.ts';
import { distinctItems } from '../facts/repeats.ts';

export const lintRule = distinctItems('tags', 'tag', {
  id: 'duplicate-tag',
  why: 'The JSON schema of the specification asks for distinct tags.',
  aliases: ['duplicate_tag', 'DuplicateTagValidator'],
  avoid: ruleText('tags:\n    - attack.discovery\n    - attack.t1033\n    - attack.discovery'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1033'),
});
