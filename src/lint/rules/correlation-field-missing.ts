import { correlationText } from '../examples.ts';
import { knownEvents } from '../facts/known-fields.ts';
import { referencedDocuments } from '../facts/references.ts';
import { factsOf } from '../facts/rule-facts.ts';
import { misspelt, partlyKnownFields } from '../knowledge/native-fields.ts';
import type { LintRule } from '../lint-rule.ts';

/** Sysmon's names for the addresses of a connection, which converted rule sets use. Windows' own logs have other names. */
const SYSMON_NAMES = new Set([
  'SourceIp',
  'SourceHostname',
  'DestinationIp',
  'DestinationHostname',
  'Image',
  'User',
  'ProcessGuid',
]);

export const lintRule: LintRule = {
  id: 'correlation-field-missing',
  severity: 'warning',
  summary: 'A correlation groups by a field that events of its rules do not have.',
  why: 'Events without a `group-by` field take no part in a correlation. If the events of one of its rules never have the field, they never count.',
  avoid: correlationText(
    'correlation:\n    type: event_count\n    rules:\n        - whoami\n    group-by:\n        - QueryName\n    timespan: 10m\n    condition:\n        gte: 5',
  ),
  prefer: correlationText(),
  checkSet(set, report) {
    for (const document of set.own) {
      const { rule } = document;
      if (rule?.kind !== 'correlation') continue;
      for (const reference of rule.rules) {
        for (const named of referencedDocuments(set, document, reference)) {
          const facts = factsOf(named);
          if (facts === null) continue;
          const known = knownEvents(facts)?.fields ?? partlyKnownFields(facts);
          if (known === null) continue;
          const inFull = knownEvents(facts) !== null;
          for (const name of [...rule.groupBy, ...rule.condition.fields]) {
            const field = rule.aliases[name]?.[reference] ?? name;
            const meant = misspelt(field, known);
            // In events that are not known in full, an unknown name may be a new field, but not if only Sysmon uses it.
            if (known.has(field) || (!inFull && meant === undefined && !SYSMON_NAMES.has(field))) continue;
            const at = document.entry('correlation', 'group-by')?.key ?? rule.head.span;
            report(document, {
              at,
              message: `events of the rule "${reference}" have no field "${field}".`,
              hint: meant === undefined ? 'Use a field that all of them have, or `aliases`.' : `Did you mean "${meant}"?`,
            });
          }
        }
      }
    }
  },
};
