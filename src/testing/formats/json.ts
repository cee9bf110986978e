/** One JSON object: every outcome, coverage and the totals. */
import { harmlessJson } from '../../report/sanitize.ts';
import { type TestFormat, testCounts } from '../test-report.ts';

export const json: TestFormat = function* ({ outcomes, coverage, version }) {
  const tests = outcomes.map(({ hint, ...one }) => ({ ...one, hint: hint ?? null }));
  yield `${harmlessJson(JSON.stringify({ kind: 'test', version, tests, coverage, summary: testCounts(outcomes) }, null, 2))}\n`;
};
