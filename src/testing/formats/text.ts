/** Outcomes for people: failures with their reasons, coverage, totals. */
import { Chalk } from 'chalk';
import { printedPieces, visibleLines, visibleText } from '../../report/sanitize.ts';
import type { Coverage } from '../coverage.ts';
import { falsePositiveText, type TestFormat, type TestReport, testCounts } from '../test-report.ts';

export const testFormat: TestFormat = {
  name: 'text',
  render: (report) => printedPieces(render(report)),
};

function* render({ outcomes, coverage, colour, verbose, showCoverage }: TestReport): Iterable<string> {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  for (const one of outcomes) {
    if (one.falsePositive !== undefined) {
      const said = one.falsePositive === 'matches' ? 'known false positive' : 'no longer matches, remove it from falsepositives';
      if (verbose || one.falsePositive === 'gone')
        yield `${chalk.yellow('note')} ${visibleText(one.name)} ${chalk.dim(`(${visibleText(one.rule)})`)}: ${said}\n`;
      continue;
    }
    if (one.passed) {
      const more = one.message === '' ? '' : `: ${visibleText(one.message)}`;
      if (verbose) yield `${chalk.green('pass')} ${visibleText(one.name)} ${chalk.dim(`(${visibleText(one.rule)})`)}${more}\n`;
      continue;
    }
    yield `${chalk.red('FAIL')} ${chalk.bold(visibleText(one.name))} (${visibleText(one.rule)})\n`;
    yield `     ${chalk.dim(visibleText(`${one.file}:${one.line}`))}\n`;
    yield `     ${indented(visibleLines(one.message))}\n`;
    if (one.hint !== undefined) yield `     ${chalk.yellow(indented(visibleLines(one.hint)))}\n`;
  }
  if (showCoverage) yield* coverageLines(coverage);
  const { passed, failed, falsePositives } = testCounts(outcomes);
  const { rules, rulesWithTest, selections, selectionsSeen } = coverage;
  if (rules.length > 0) {
    yield `coverage: ${rulesWithTest} of ${rules.length} rules have a test, ${selectionsSeen} of ${selections} selections held in one\n`;
  }
  yield `${passed} passed, ${failed} failed${falsePositiveText(falsePositives)}\n`;
}

function* coverageLines({ rules }: Coverage): Iterable<string> {
  for (const { title, path, tests, untested, selections } of rules) {
    if (tests === 0) yield `no test: ${visibleText(title)} (${visibleText(path)})\n`;
    else if (selections > 0 && untested.length > 0) {
      yield `never held in a test: ${visibleText(untested.join(', '))} of ${visibleText(title)} (${visibleText(path)})\n`;
    }
  }
}

function indented(lines: string): string {
  return lines.replaceAll('\n', '\n     ');
}
