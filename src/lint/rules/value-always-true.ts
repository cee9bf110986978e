import { selectionText } from '../examples.ts';
import { regexValues } from '../facts/regex-values.ts';
import type { LintRule } from '../lint-rule.ts';
import { atomsOf } from '../logic/formula.ts';
import { matchesAnyValue } from '../logic/pattern.ts';

export const lintRule: LintRule = {
  id: 'value-always-true',
  severity: 'warning',
  summary: "`contains: ''` or `re: '.*'` holds for every value.",
  why:
    'An empty text below `contains`, `startswith` or `endswith` is part of any value, so the test holds wherever the field exists. ' +
    'In a selection it finds too much, in a filter it takes everything away.',
  avoid: selectionText(`Image|endswith: '\\whoami.exe'
CommandLine|contains: ''`),
  prefer: selectionText(`Image|endswith: '\\whoami.exe'
CommandLine: ''`),
  checkDetection(facts, report, document) {
    for (const atom of new Set(atomsOf(facts.formula))) {
      // A lone star is intended: it requires the field to have a value.
      if (atom.field === null || atom.value.source !== '' || !matchesAnyValue(atom.pattern)) continue;
      report({
        at: atom.value.span,
        message: `an empty text below a modifier holds for every value of "${atom.field}".`,
        hint: `Write \`${atom.field}: ''\` for the empty value, \`${atom.field}|exists: true\` for any.`,
      });
    }
    for (const { item, value, shape } of regexValues(document)) {
      if (item.field === null || !shape.holdsEverywhere) continue;
      report({
        at: value.span,
        message: `the expression is found in every value of "${item.field}".`,
        hint: `Write \`${item.field}|exists: true\` if any value will do.`,
      });
    }
  },
};
