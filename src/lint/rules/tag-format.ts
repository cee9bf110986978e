import { ruleText } from '../examples.ts';
import { correction, replaceScalar } from '../facts/edits.ts';
import type { LintRule } from '../lint-rule.ts';

/** JSON schema of the specification, `tags`. */
const TAG = /^[a-z0-9_-]+\.[a-z0-9._-]+$/;

export const lintRule: LintRule = {
  id: 'tag-format',
  severity: 'error',
  summary: 'A tag is not of the form namespace.name in lower case.',
  why: 'Filters by tag compare text. The JSON schema of the specification allows lower-case letters, digits, dots, dashes and underscores.',
  aliases: ['tag_format', 'TagFormatValidator', 'InvalidTagFormatIssue'],
  avoid: ruleText('tags:\n    - attack.discovery\n    - attack.T1033'),
  prefer: ruleText('tags:\n    - attack.discovery\n    - attack.t1033'),
  check(document, report) {
    for (const tag of document.scalars('tags')) {
      if (TAG.test(tag.text)) continue;
      const lower = tag.text.toLowerCase().replaceAll(' ', '-');
      report({
        at: tag,
        message: `"${tag.text}" is not a tag of the form namespace.name in lower case.`,
        hint: TAG.test(lower) ? `Write "${lower}".` : 'For example attack.t1059.001, cve.2021-44228, tlp.green.',
        fix: correction(`write "${lower}"`, TAG.test(lower) ? replaceScalar(tag, lower) : null),
      });
    }
  },
};
