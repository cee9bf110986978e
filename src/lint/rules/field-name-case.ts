import { selectionText } from '../examples.ts';
import { holdsOnlyWith, knownEvents, usedFields } from '../facts/known-fields.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'field-name-case',
  severity: 'warning',
  summary: 'The field name differs from the real one in upper and lower case only.',
  why: 'Field names are compared as they are written. `commandline` is not `CommandLine`: the test is false for every event. It is an error where the rule cannot match without it.',
  aliases: ['sigmahq_fieldname_cast', 'SigmahqFieldnameCastValidator'],
  avoid: selectionText(`Image|endswith: '\\whoami.exe'
Commandline|contains: '/priv'`),
  prefer: selectionText(`Image|endswith: '\\whoami.exe'
CommandLine|contains: '/priv'`),
  checkDetection(facts, report) {
    const known = knownEvents(facts)?.fields;
    if (known === undefined) return;
    for (const [field, span] of usedFields(facts)) {
      if (known.has(field)) continue;
      const real = [...known].find((name) => name.toLowerCase() === field.toLowerCase());
      if (real === undefined) continue;
      const needed = holdsOnlyWith(facts, field);
      report({
        at: span,
        severity: needed ? 'error' : 'warning',
        message: `the field "${field}" is called "${real}" in these events${needed ? ', so the rule can never match' : ''}.`,
        hint: `Write "${real}".`,
      });
    }
  },
};
