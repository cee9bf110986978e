/** One JSON object: every outcome, coverage and the totals. */
import { printedJson } from '../../report/sanitize.ts';
import { type TestFormat, type TestReport, testCounts } from '../test-report.ts';

export const testFormat: TestFormat = {
  name: 'json',
  render,
};

function* render({ outcomes, coverage, version }: TestReport): Iterable<string> {
  const tests = outcomes.map(({ hint, ...one }) => ({ ...one, hint: hint ?? null }));
  yield `${printedJson({ kind: 'test', version, tests, coverage, summary: testCounts(outcomes) }, 2)}\n`;
}
