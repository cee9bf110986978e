/** JUnit XML: one suite for each test file, one case for each test. */
import { groupBy } from '../../model/values/maps.ts';
import { htmlText as xmlText } from '../../report/sanitize.ts';
import type { TestOutcome } from '../run-tests.ts';
import { type TestFormat, type TestReport, testCounts } from '../test-report.ts';

export const testFormat: TestFormat = {
  name: 'junit',
  render,
};

function* render({ outcomes }: TestReport): Iterable<string> {
  const { failed } = testCounts(outcomes);
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="winnow test" tests="${outcomes.length}" failures="${failed}"${timeOf(outcomes)}>\n`;
  for (const [file, ones] of groupBy(outcomes, ({ file }) => file)) {
    yield `  <testsuite name="${xmlText(file)}" tests="${ones.length}" failures="${testCounts(ones).failed}"${timeOf(ones)}>\n`;
    for (const one of ones) {
      const head = `    <testcase classname="${xmlText(one.rule)}" name="${xmlText(one.name)}" file="${xmlText(one.file)}" line="${one.line}"${timeOf([one])}`;
      if (one.falsePositive !== undefined)
        yield `${head}><system-out>${one.falsePositive === 'matches' ? 'known false positive' : 'no longer matches'}</system-out></testcase>\n`;
      else if (one.passed) yield `${head}/>\n`;
      else {
        const body = one.hint === undefined ? one.message : `${one.message}\n${one.hint}`;
        yield `${head}><failure message="${xmlText(one.message)}">${xmlText(body)}</failure></testcase>\n`;
      }
    }
    yield '  </testsuite>\n';
  }
  yield '</testsuites>\n';
}

/** In seconds; absent when no clock was given. */
function timeOf(outcomes: readonly TestOutcome[]): string {
  if (outcomes.every((one) => one.ms === undefined)) return '';
  return ` time="${(outcomes.reduce((sum, one) => sum + (one.ms ?? 0), 0) / 1000).toFixed(3)}"`;
}
