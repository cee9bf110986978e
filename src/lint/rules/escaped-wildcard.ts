import { selectionText } from '../examples.ts';
import { writtenParts } from '../facts/written-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'escaped-wildcard',
  severity: 'info',
  summary: 'A star or question mark is escaped and stands for itself.',
  why: 'A path that ends in a backslash before a wildcard escapes it by accident: `C:\\Temp\\*` wants a star in the file name.',
  aliases: ['escaped_wildcard', 'EscapedWildcardValidator'],
  avoid: selectionText("Image: 'C:\\Temp\\*.exe'"),
  prefer: selectionText("Image: 'C:\\Temp\\\\*.exe'"),
  checkItem(item, report) {
    for (const value of item.values) {
      const literal = writtenParts(item, value)?.find((part) => typeof part === 'string' && /[*?]/.test(part));
      if (literal === undefined) continue;
      report({
        at: value.span,
        message: `the wildcard in "${value.source}" is escaped and stands for itself.`,
        hint: 'If a backslash before a wildcard was meant, write `\\\\*`.',
      });
    }
  },
};
