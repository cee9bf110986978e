import { selectionText } from '../examples.ts';
import { regexValues } from '../facts/regex-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'regex-not-portable',
  severity: 'warning',
  summary: 'An expression looks ahead or behind, or refers back.',
  why:
    'The specification allows a subset of PCRE without them, because engines of linear time cannot run them. winnow runs the ' +
    'ones that stay small; other tools refuse the rule.',
  aliases: ['sigmahq_unsupported_regex_group_construct', 'SigmahqUnsupportedRegexGroupConstructValidator'],
  avoid: selectionText("CommandLine|re: 'who(?=ami)'"),
  prefer: selectionText("CommandLine|re: 'whoami\\s+/priv'"),
  check(document, report) {
    for (const { value, shape } of regexValues(document)) {
      if (!shape.irregular) continue;
      const message = 'the expression looks around or refers back, which the specification leaves out.';
      report({ at: value.span, message, hint: 'Use two values with `all`, or a filter.' });
    }
  },
};
