import { selectionText } from '../examples.ts';
import { regexValues } from '../facts/regex-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'regex-backtracking',
  severity: 'warning',
  summary: 'A repetition inside a repetition makes the expression explode.',
  why:
    'A backtracking engine tries every way to cut the text into pieces: `(a+)+$` needs 2^n steps. winnow runs such expressions ' +
    'with an engine of linear time, so they are slow here and may hang other tools, on text that the attacker chooses.',
  avoid: selectionText("CommandLine|re: '(\\w+\\s*)+\\.exe$'"),
  prefer: selectionText("CommandLine|re: '\\w[\\w\\s]*\\.exe$'"),
  check(document, report) {
    for (const { value, shape } of regexValues(document)) {
      if (shape.nestedRepetition) {
        report({
          at: value.span,
          message: 'a repetition stands inside a repetition that can match the same text in many ways.',
          hint: 'Write it without the inner (or the outer) repetition.',
        });
      }
    }
  },
};
