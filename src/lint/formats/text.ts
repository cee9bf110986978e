/** Findings for people: one line each, then what to write instead, then the totals. */
import { Chalk, type ChalkInstance } from 'chalk';
import type { Severity } from '../../model/diagnostic.ts';
import { formatPlace } from '../../model/diagnostic.ts';
import { printedPieces, visibleText } from '../../report/sanitize.ts';
import { counted } from '../../report/wording.ts';
import type { LintResult } from '../lint.ts';
import { countSeverities, type LintFormat, type LintReport, type SeverityCounts } from '../lint-report.ts';

export const lintFormat: LintFormat = {
  name: 'text',
  render: (report) => printedPieces(render(report)),
};

function* render({ result, shown, colour, fixed }: LintReport): Iterable<string> {
  const chalk = new Chalk({ level: colour ? 1 : 0 });
  for (const { place, severity, code, message, hint, fix } of shown) {
    yield `${chalk.bold(visibleText(formatPlace(place)))} ${paint(chalk, severity)} ${chalk.cyan(code)}: ${visibleText(message)}\n`;
    if (hint !== undefined) yield `    ${chalk.dim(visibleText(hint))}\n`;
    if (fix !== undefined) yield `    ${chalk.dim(`--fix can ${visibleText(fix.title)}.`)}\n`;
  }
  if (shown.length > 0) yield '\n';
  yield `${totals(countSeverities(result.findings))} in ${counted(result.documents, 'rule')} of ${counted(result.files.length, 'file')}.${notes(result.findings.length - shown.length, result, fixed)}\n`;
}

function paint(chalk: ChalkInstance, severity: Severity): string {
  return severity === 'error' ? chalk.red(severity) : severity === 'warning' ? chalk.yellow(severity) : chalk.blue(severity);
}

function totals({ error, warning, info }: SeverityCounts): string {
  if (error + warning + info === 0) return 'No findings';
  return `${count(error, 'error')}, ${count(warning, 'warning')}, ${count(info, 'note')}`;
}

function notes(hidden: number, { suppressed, known }: LintResult, fixed: number): string {
  const parts: string[] = [];
  if (fixed > 0) parts.push(` ${count(fixed, 'correction')} made.`);
  if (hidden > 0) parts.push(` ${hidden} not shown (--severity info shows all).`);
  if (suppressed > 0) parts.push(` ${suppressed} suppressed.`);
  if (known > 0) parts.push(` ${known} in the baseline.`);
  return parts.join('');
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
