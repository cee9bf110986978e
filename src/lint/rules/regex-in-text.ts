import { selectionText } from '../examples.ts';
import { holdsText } from '../facts/written-values.ts';
import type { LintRule } from '../lint-rule.ts';

/** Signs that occur in hardly any text except regular expressions. */
const STRONG = [/[^*]\.[*+]/, /\\[dsw][+{]/, /\[[^\]\s]+\][+*{]/, /\(\?[:=!i]/, /\\\.\w+\$$/];
/**
 * `.*` between words may belong to a regular expression or to a file pattern. At the end, as in `setup.*`, it is rather the
 * latter.
 */
const BETWEEN_WORDS = /\w\.\*\w/;
/** Signs that occur in other texts as well. */
const WEAK = [/\S\|\S/, /^\^/, /\$$/, /\\[.()[\]]/, /\([^()]*\|[^()]*\)/, /\\s[*]/];

export const lintRule: LintRule = {
  id: 'regex-in-text',
  severity: 'warning',
  summary: 'A value that is compared as text is written as a regular expression.',
  why:
    'Without `re` a value is text in which only `*` and `?` are special: a dot is a dot, a `|` is a `|`. The rule waits for that very ' +
    'text.',
  avoid: selectionText("CommandLine|contains: '/priv.*user|/all$'"),
  prefer: selectionText("CommandLine|re: '/priv.*user|/all$'"),
  checkItem(item, report) {
    if (!holdsText(item)) return;
    for (const value of item.values) {
      if (value.pattern.kind !== 'text' && value.pattern.kind !== 'any') continue;
      const strong = STRONG.filter((pattern) => pattern.test(value.source)).length;
      const isCertain = strong > 0 && strong + WEAK.filter((pattern) => pattern.test(value.source)).length > 1;
      if (!isCertain && !BETWEEN_WORDS.test(value.source)) continue;
      report({
        at: value.span,
        severity: isCertain ? 'warning' : 'info',
        message: 'the value looks like a regular expression, but it is compared as text.',
        hint: `Write \`${item.field ?? ''}|re\`.`,
      });
    }
  },
};
