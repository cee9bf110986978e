import { selectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'localized-user',
  severity: 'warning',
  summary: 'A user name exists in one language of Windows only.',
  why: '`NT AUTHORITY\\SYSTEM` is `AUTORITE NT\\Système` and `NT-AUTORITÄT\\SYSTEM` elsewhere. SigmaHQ looks for `AUTHORI` or `AUTORI`, or for the SID.',
  aliases: ['sigmahq_field_user', 'SigmahqFieldUserValidator'],
  avoid: selectionText(`Image|endswith: '\\whoami.exe'
User: 'NT AUTHORITY\\SYSTEM'`),
  prefer: selectionText(`Image|endswith: '\\whoami.exe'
User|contains:
    - 'AUTHORI'
    - 'AUTORI'`),
  checkItem(item, report) {
    const [value] = item.values;
    if (item.field === null || !/user/i.test(item.field) || item.values.length !== 1 || value === undefined) return;
    if (/AUTH?ORI/.test(value.source)) {
      report({
        at: value.span,
        message: `"${value.source}" is the name in some languages of Windows only.`,
        hint: "Use `|contains` with 'AUTHORI' and 'AUTORI'.",
      });
    }
  },
};
