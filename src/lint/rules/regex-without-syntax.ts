import { selectionText } from '../examples.ts';
import { regexValues } from '../facts/regex-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'regex-without-syntax',
  severity: 'info',
  summary: 'An expression is plain text.',
  why: '`contains` is faster everywhere, ignores case like the rest of Sigma, and needs no escaping.',
  avoid: selectionText("CommandLine|re: 'whoami /priv'"),
  prefer: selectionText("CommandLine|contains: 'whoami /priv'"),
  check(document, report) {
    for (const { value, shape } of regexValues(document)) {
      const { literal } = shape;
      if (literal !== undefined) {
        report({
          at: value.span,
          message: `the expression is the plain text "${literal}".`,
          hint: 'Use `contains`, with `cased` if case matters.',
        });
      }
    }
  },
};
