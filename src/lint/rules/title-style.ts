import { ruleText } from '../examples.ts';
import { correction, replaceScalar } from '../facts/edits.ts';
import type { LintRule } from '../lint-rule.ts';

/** SigmaHQ conventions, "Title". */
const MAX_TITLE = 120;
/** Words that are written in lower case inside a title. */
const SMALL = new Set('a an and as at by for from in new of on or over the through to via with without'.split(' '));

export const lintRule: LintRule = {
  id: 'title-style',
  severity: 'info',
  summary: 'The title is not written as SigmaHQ writes titles.',
  why: 'Titles are headlines: capital initials, no full stop, no "Detects" (every rule does), at most 120 characters.',
  aliases: [
    'sigmahq_title_length',
    'SigmahqTitleLengthValidator',
    'sigmahq_title_start',
    'SigmahqTitleStartValidator',
    'sigmahq_title_end',
    'SigmahqTitleEndValidator',
    'sigmahq_title_case',
    'SigmahqTitleCaseValidator',
  ],
  convention: 'sigmahq',
  avoid: ruleText('title: Detects whoami.'),
  prefer: ruleText('title: Whoami Execution'),
  check(document, report) {
    const title = document.scalar('title');
    if (title === undefined) return;
    const { text } = title;
    if (text.length > MAX_TITLE)
      report({ at: title, message: `the title has ${text.length} characters.`, hint: `At most ${MAX_TITLE}.` });
    if (/^Detects? /.test(text))
      report({ at: title, message: 'the title begins with "Detects".', hint: 'Say what is detected.' });
    if (text.endsWith('.')) {
      report({
        at: title,
        message: 'the title ends with a full stop.',
        fix: correction('remove it', replaceScalar(title, text.slice(0, -1))),
      });
    }
    const small = text
      .split(' ')
      .filter((word) => /^[a-z]/.test(word) && word === word.toLowerCase() && !SMALL.has(word) && !/[./_]/.test(word));
    if (small.length > 0)
      report({ at: title, message: `the title has small words: ${small.join(', ')}.`, hint: 'Use capital initials.' });
  },
};
