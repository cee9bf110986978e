import { selectionText } from '../examples.ts';
import { holdsText } from '../facts/written-values.ts';
import type { LintRule } from '../lint-rule.ts';

export const lintRule: LintRule = {
  id: 'control-character',
  severity: 'warning',
  summary: 'A value holds a control character.',
  why: 'In double quotes YAML reads `\\t`, `\\n`, `\\b` and others as control characters, so `"C:\\temp"` is `C:`, a tab and `emp`. Paths belong in single quotes.',
  aliases: ['control_character', 'ControlCharacterValidator'],
  avoid: selectionText('Image|startswith: "C:\\temp"'),
  prefer: selectionText("Image|startswith: 'C:\\temp'"),
  checkItem(item, report) {
    if (!holdsText(item)) return;
    for (const value of item.values) {
      const found = /[\x00-\x1f]/.exec(value.source);
      // A block scalar ends in a line break because of its style.
      if (found === null || (found.index === value.source.length - 1 && found[0] === '\n')) continue;
      const code = found[0].charCodeAt(0).toString(16).padStart(2, '0');
      report({
        at: value.span,
        message: `the value holds the control character 0x${code}.`,
        hint: 'Use single quotes, in which a backslash is a backslash.',
      });
    }
  },
};
