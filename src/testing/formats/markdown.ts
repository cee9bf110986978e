/** A summary in Markdown: for the page of a job on a CI server, or a comment. Its length is limited, however many tests fail. */
import { markdownTable } from '../../report/markdown-table.ts';
import { printedPieces } from '../../report/sanitize.ts';
import { falsePositiveText, type TestFormat, type TestReport, testCounts } from '../test-report.ts';

export const testFormat: TestFormat = {
  name: 'markdown',
  render: (report) => printedPieces(render(report)),
};

function* render({ outcomes, coverage, repositoryPath }: TestReport): Iterable<string> {
  const { passed, failed, falsePositives } = testCounts(outcomes);
  yield `### Tests of rules: ${passed} passed, ${failed} failed${falsePositiveText(falsePositives)}\n\n`;
  const { rules, rulesWithTest, selections, selectionsSeen } = coverage;
  if (rules.length > 0)
    yield `${rulesWithTest} of ${rules.length} rules have a test; ${selectionsSeen} of ${selections} selections held in one.\n\n`;
  const failures = outcomes.filter((one) => !one.passed);
  yield* markdownTable(['where', 'rule', 'test', 'why'], failures, ({ file, line, rule, name, message, hint }) => [
    `${repositoryPath(file)}:${line}`,
    rule,
    name,
    hint === undefined ? message : `${message} ${hint}`,
  ]);
}
