import { selectionText } from '../examples.ts';
import { regexValues } from '../facts/regex-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'regex-idle-ends',
  severity: 'info',
  summary: '`.*` at an end of an expression does nothing.',
  why:
    'In Sigma an expression is searched anywhere in the value. A leading `.*` adds nothing but work: on a long script every position is ' +
    'tried up to its end. Some backends compare expressions with the whole value (Lucene, for one). If the rule is converted for such a ' +
    'backend the `.*` is needed, so `--fix` leaves it alone.',
  avoid: selectionText("CommandLine|re: '.*whoami\\s+/priv'"),
  prefer: selectionText("CommandLine|re: 'whoami\\s+/priv'"),
  check(document, report) {
    for (const { value, shape } of regexValues(document)) {
      const ends = [...(shape.idleStart ? ['start'] : []), ...(shape.idleEnd ? ['end'] : [])];
      if (ends.length === 0) continue;
      report({
        at: value.span,
        message: `".*" at the ${ends.join(' and the ')} of the expression does nothing, because it is searched anywhere in the value.`,
        // Only the author knows the backends, so this is no correction.
        hint: 'Leave it out, unless the rule is also for a backend that compares expressions with the whole value, such as Lucene.',
      });
    }
  },
};
