import { ruleText } from '../examples.ts';
import type { LintRule } from '../lint-rule.ts';
import { isDay } from './date-format.ts';

const DAY_MS = 86_400_000;

export const lintRule: LintRule = {
  id: 'date-in-future',
  severity: 'warning',
  summary: 'A date lies in the future.',
  why: 'A rule was written and modified before it is read. Mostly the year, or the order of month and day, is wrong.',
  avoid: ruleText('date: 9026-01-15'),
  prefer: ruleText('date: 2026-01-15'),
  check(document, report) {
    // In some time zones the next day has begun already.
    const last = new Date(document.nowMs + DAY_MS).toISOString().slice(0, 10);
    for (const key of ['date', 'modified']) {
      const date = document.scalar(key);
      // ISO dates can be compared as text. `date-format` reports dates of another form, and days that do not exist.
      if (date !== undefined && /^\d{4}-\d\d-\d\d$/.test(date.text) && isDay(date.text) && date.text > last)
        report({ at: date, message: `"${key}" is ${date.text}, which lies in the future.`, hint: 'Write the day it was.' });
    }
  },
};
