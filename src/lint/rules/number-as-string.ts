import { selectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';
import { literalOf } from '../logic/pattern.ts';

const NUMBER = /^-?(?:0|[1-9]\d*)$/;

export const lintRule: LintRule = {
  id: 'number-as-string',
  severity: 'info',
  summary: 'A number is written as text.',
  why: 'Quoted, it is compared letter by letter: `07` is then not 7. Backends that have typed fields compare nothing at all.',
  aliases: ['number_as_string', 'NumberAsStringValidator'],
  avoid: selectionText("EventID: '4624'", 'logsource:\n    product: windows\n    service: security'),
  prefer: selectionText('EventID: 4624', 'logsource:\n    product: windows\n    service: security'),
  checkItem(item, report) {
    // A modifier for text needs its value as text.
    if (item.field === null || item.modifiers.some((name) => name !== 'all' && name !== 'neq')) return;
    // A single number among names is probably a name.
    if (!item.values.every((value) => NUMBER.test(literalOf(value.pattern) ?? value.source))) return;
    for (const value of item.values) {
      const literal = literalOf(value.pattern);
      if (literal !== undefined)
        report({ at: value.span, message: `${literal} is written as text.`, hint: 'Leave the quotes out.' });
    }
  },
};
