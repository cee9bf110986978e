import { detectionText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'null-as-text',
  severity: 'warning',
  summary: "The text 'null' is not an absent field.",
  why: 'Sigma writes a field that is not there as `null`, without quotes. In quotes it is a text of four letters.',
  avoid: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
filter_main_none:
    CommandLine: 'null'
condition: selection and not 1 of filter_main_*`),
  prefer: detectionText(`selection:
    Image|endswith: '\\whoami.exe'
filter_main_none:
    CommandLine: null
condition: selection and not 1 of filter_main_*`),
  checkItem(item, report) {
    if (item.field === null || item.modifiers.length > 0) return;
    for (const { source, pattern, span } of item.values) {
      if (pattern.kind !== 'text' || !/^(?:null|none|nil|undefined)$/i.test(source)) continue;
      report({
        at: span,
        message: `"${source}" is a text, not an absent field.`,
        hint: 'Write null without quotes, on its own.',
      });
    }
  },
};
