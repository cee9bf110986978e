/** Whoever asks an event for its accounts looks into the same fields. */
import { describe, expect, it } from 'vitest';
import { ACCOUNT_FIELDS } from '../../src/findings/account-fields.ts';
import { reporter } from '../../src/report/formats/timeline-explorer.ts';
import { usersOf } from '../../src/report/html/event-facts.ts';
import { eventTest } from '../../src/scan/event-filter.ts';
import { makeEvent, makeMatch, makeRule, makeSummary, reportOf } from './sample-report.ts';

describe.each(ACCOUNT_FIELDS)('an account in %s', (field) => {
  const event = makeEvent(0, 1, '10:00:00.0000000', { [field]: 'CORP\\eve' });

  it('is an account of the event for the filters, for the page and for Timeline Explorer', () => {
    expect(eventTest({ user: ['eve'] })(event)).toBe(true);
    expect(usersOf(event)).toEqual(['eve']);
    const report = reportOf({
      rules: [makeRule('R')],
      matches: () => [makeMatch(0, event, [])],
      correlations: [],
      alerts: [],
      summary: makeSummary({ matches: 1 }),
    });
    const [columns, row] = [...reporter.render(report, { width: 80, colour: false })].join('').split('\n');
    expect(row!.split(',')[columns!.split(',').indexOf('UserName')]).toBe('CORP\\eve');
  });
});
