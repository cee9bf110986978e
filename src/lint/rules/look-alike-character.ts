import { findLookAlike } from '../../sigma/rule/look-alikes.ts';
import { selectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'look-alike-character',
  severity: 'warning',
  summary: 'A value or field name holds a character that looks like another one.',
  why:
    'A Cyrillic letter in a Latin word, a no-break space or a quotation mark of a word processor comes in by copying from a web page or a ' +
    'document. The rule then waits for a text that no one can tell from the right one.',
  avoid: selectionText("Image|endswith: '\\whо\u0430mi.exe'"),
  prefer: selectionText("Image|endswith: '\\whoami.exe'"),
  checkItem(item, report) {
    const field = item.field === null ? undefined : findLookAlike(item.field);
    if (field !== undefined)
      report({
        at: item.span,
        message: `the name of the field holds the ${field.kind} ${field.code}.`,
        hint: 'Type it again.',
      });
    for (const value of item.values) {
      const found = findLookAlike(value.source);
      if (found === undefined) continue;
      report({
        at: value.span,
        message: `the value holds the ${found.kind} ${found.code}, which looks like another character.`,
        hint: 'Type it again, or leave it if that very character is looked for.',
      });
    }
  },
};
