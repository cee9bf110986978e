import { selectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'space-in-field-name',
  severity: 'warning',
  summary: 'A field name has a blank in it.',
  why: 'The specification takes blanks out of the names of event fields: "Threat Name" of Defender is `ThreatName` in rules.',
  aliases: ['sigmahq_space_field_name', 'SigmahqSpaceFieldNameValidator'],
  avoid: selectionText(
    `EventID: 1116
Threat Name|contains: 'Mimikatz'`,
    'logsource:\n    product: windows\n    service: windefend',
  ),
  prefer: selectionText(
    `EventID: 1116
ThreatName|contains: 'Mimikatz'`,
    'logsource:\n    product: windows\n    service: windefend',
  ),
  checkItem(item, report) {
    if (item.field?.includes(' ') !== true) return;
    report({
      at: item.span,
      message: `the field name "${item.field}" has a blank in it.`,
      hint: `Write "${item.field.replaceAll(' ', '')}".`,
    });
  },
};
