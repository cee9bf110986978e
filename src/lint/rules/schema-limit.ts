import { ruleText } from '../examples.ts';
import { reportRepeatedItems } from '../facts/repeats.ts';
import type { LintRule } from '../lint-rule.ts';

/** JSON schemas of the specification: `maxLength` of texts. */
const LONGEST: Readonly<Record<string, number>> = { title: 256, name: 256, taxonomy: 256, description: 65_535 };
/** `minLength` of the items of lists. */
const SHORTEST: Readonly<Record<string, number>> = { falsepositives: 2, scope: 2 };
/** Lists without equal items, except those with a lint rule of their own. */
const DISTINCT = ['falsepositives', 'fields'];

export const lintRule: LintRule = {
  id: 'schema-limit',
  severity: 'error',
  summary: 'A text is longer or shorter than the JSON schema of the specification allows, or an item is listed twice.',
  why: 'Tools that check rules against the schema refuse it; a title of 256 characters is also more than any list of alerts shows.',
  avoid: ruleText(`title: Whoami ${'Again And '.repeat(26)}Again`),
  prefer: ruleText(),
  check(document, report) {
    for (const [key, most] of Object.entries(LONGEST)) {
      const text = document.scalar(key);
      if (text !== undefined && text.text.length > most) {
        report({ at: text, message: `"${key}" has ${text.text.length} characters; ${most} are allowed.` });
      }
    }
    for (const [key, least] of Object.entries(SHORTEST)) {
      for (const item of document.scalars(key)) {
        if (item.text.length < least) report({ at: item, message: `an item of "${key}" has less than ${least} characters.` });
      }
    }
    for (const key of DISTINCT) {
      reportRepeatedItems(document.entry(key)?.value, (item) => {
        report({ at: item, message: `"${item.text}" is listed twice in "${key}".`, hint: 'Remove the second one.' });
      });
    }
  },
};
