import { correlationText } from '../examples.ts';
import { knownEvents } from '../facts/known-fields.ts';
import { referencedDocuments } from '../facts/references.ts';
import { factsOf } from '../facts/rule-facts.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'correlation-field-missing',
  severity: 'warning',
  summary: 'A correlation groups by a field that events of its rules do not have.',
  why: 'Events without a `group-by` field take no part in a correlation. If the events of one of its rules never have the field, they never count.',
  aliases: [],
  avoid: correlationText(
    'correlation:\n    type: event_count\n    rules:\n        - whoami\n    group-by:\n        - QueryName\n    timespan: 10m\n    condition:\n        gte: 5',
  ),
  prefer: correlationText(),
  checkSet(set, report) {
    for (const document of set.documents) {
      const { rule } = document;
      if (rule?.kind !== 'correlation') continue;
      for (const reference of rule.rules) {
        for (const named of referencedDocuments(set, document, reference)) {
          const facts = factsOf(named);
          const known = facts === null ? undefined : knownEvents(facts)?.fields;
          if (known === undefined) continue;
          for (const name of [...rule.groupBy, ...rule.condition.fields]) {
            const field = rule.aliases[name]?.[reference] ?? name;
            if (known.has(field)) continue;
            const at = document.entry('correlation', 'group-by')?.key ?? rule.head.span;
            report(document, {
              at,
              message: `events of the rule "${reference}" have no field "${field}".`,
              hint: 'Use a field that all of them have, or `aliases`.',
            });
          }
        }
      }
    }
  },
};
