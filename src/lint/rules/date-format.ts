import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';

const ISO_DATE = /^\d{4}-(?:0[1-9]|1[012])-(?:0[1-9]|[12]\d|3[01])$/;
const OTHER_DATE = /^(\d{4})[/.](\d\d?)[/.](\d\d?)$/;

export const lintRule: LintRule = {
  id: 'date-format',
  severity: 'error',
  summary: 'A date is not of the form YYYY-MM-DD.',
  why: 'Since version 2 the specification asks for ISO 8601 dates. Tools that sort rules by age cannot read others.',
  aliases: ['SigmaDateError', 'SigmaModifiedError'],
  avoid: ruleText('date: 2026/01/15'),
  prefer: ruleText('date: 2026-01-15'),
  check(document, report) {
    for (const key of ['date', 'modified']) {
      const date = document.scalar(key);
      if (date === undefined) continue;
      if (ISO_DATE.test(date.text)) {
        if (!isDay(date.text))
          report({ at: date, message: `there is no day "${date.text}" ("${key}").`, hint: 'Write a day that the month has.' });
        continue;
      }
      const parts = OTHER_DATE.exec(date.text);
      const iso = parts === null ? '' : `${parts[1]}-${parts[2]!.padStart(2, '0')}-${parts[3]!.padStart(2, '0')}`;
      const fixed = ISO_DATE.test(iso) && isDay(iso);
      report({
        at: date,
        message: `"${date.text}" in "${key}" is not a date of the form YYYY-MM-DD.`,
        hint: fixed ? `Write ${iso}.` : 'Write the year, the month and the day: 2026-01-31.',
        fix: fixed ? { title: `write ${iso}`, edits: [{ start: date.start, end: date.end, text: iso }] } : undefined,
      });
    }
  },
};

/** False for February 30. */
export function isDay(iso: string): boolean {
  const day = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(iso);
}
