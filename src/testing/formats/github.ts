/** Workflow commands of GitHub Actions: one annotation for each failed test. */
import { githubData as data, githubProperty as property } from '../../report/sanitize.ts';
import { falsePositiveText, type TestFormat, type TestReport, testCounts } from '../test-report.ts';

export const testFormat: TestFormat = {
  name: 'github',
  render,
};

function* render({ outcomes, repositoryPath }: TestReport): Iterable<string> {
  for (const { passed, file, line, name, message, hint, falsePositive } of outcomes) {
    const where = `file=${property(repositoryPath(file))},line=${line},title=${property(name)}`;
    if (falsePositive === 'gone') yield `::notice ${where}::no longer matches, remove it from falsepositives\n`;
    if (passed) continue;
    yield `::error ${where}::${data(hint === undefined ? message : `${message}\n${hint}`)}\n`;
  }
  const { passed, failed, falsePositives } = testCounts(outcomes);
  yield `${passed} passed, ${failed} failed${falsePositiveText(falsePositives)}\n`;
}
