import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

/** JSON schema of the specification, `title`. */
const MAX_TITLE = 256;

export const lintRule: LintRule = {
  id: 'title-length',
  severity: 'error',
  summary: 'The title is longer than 256 characters.',
  why: 'The JSON schema of the specification allows 256 characters, and lists of alerts show far fewer.',
  aliases: [],
  avoid: ruleText(`title: Whoami ${'Again And '.repeat(26)}Again`),
  prefer: ruleText(),
  check(document, report) {
    const title = document.scalar('title');
    if (title !== undefined && title.text.length > MAX_TITLE) {
      report({
        at: title,
        message: `the title has ${title.text.length} characters; ${MAX_TITLE} are allowed.`,
        hint: 'Move the details to `description`.',
      });
    }
  },
};
