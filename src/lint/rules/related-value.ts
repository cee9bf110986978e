import { entryOf } from '../../sigma/yaml/yaml.ts';
import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

const TYPES = ['derived', 'obsolete', 'obsoletes', 'merged', 'renamed', 'similar', 'correlation'];
/** The types in the JSON schema. The specification's text has further ones. */
const SCHEMA_TYPES = TYPES.filter((type) => type !== 'obsoletes' && type !== 'correlation');
const UUID = /^[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}$/i;

export const lintRule: LintRule = {
  id: 'related-value',
  severity: 'error',
  summary: 'An entry of "related" lacks its id or type, or the type is unknown.',
  why: 'The JSON schema of the specification asks for both; tools follow the links to find replaced rules.',
  aliases: ['SigmaRelatedError'],
  avoid: ruleText('related:\n    - id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9\n      type: copied'),
  prefer: ruleText('related:\n    - id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9\n      type: derived'),
  check(document, report) {
    const related = document.entry('related')?.value;
    if (related?.kind !== 'list') return;
    for (const item of related.items) {
      if (item.kind !== 'map') continue;
      const id = entryOf(item, 'id')?.value;
      const type = entryOf(item, 'type')?.value;
      if (id === undefined || type === undefined) {
        report({ at: item, message: `an entry of "related" has no "${id === undefined ? 'id' : 'type'}".` });
      } else if (type.kind === 'scalar' && !TYPES.includes(type.text)) {
        report({
          at: type,
          message: `"${type.text}" is not a type of relation.`,
          hint: `Use one of ${SCHEMA_TYPES.join(', ')}.`,
        });
      } else if (id.kind === 'scalar' && !UUID.test(id.text)) {
        report({ at: id, message: `"${id.text}" is not the id of a rule.`, hint: 'Ids of rules are UUIDs.' });
      }
    }
  },
};
