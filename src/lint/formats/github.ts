/** Workflow commands of GitHub Actions, which show findings next to the lines of a pull request. */

import { githubData as data, githubProperty as property } from '../../report/sanitize.ts';
import { counted } from '../../report/wording.ts';
import type { LintFormat, LintReport } from '../lint-report.ts';
import { countSeverities } from '../lint-report.ts';

const COMMANDS = { error: 'error', warning: 'warning', info: 'notice' } as const;

export const lintFormat: LintFormat = {
  name: 'github',
  render,
};

function* render({ shown, result, repositoryPath }: LintReport): Iterable<string> {
  for (const { severity, code, message, hint, place, end } of shown) {
    const properties = [
      `file=${property(repositoryPath(place.file ?? ''))}`,
      ...(place.line === undefined ? [] : [`line=${place.line}`]),
      ...(place.column === undefined ? [] : [`col=${place.column}`]),
      // GitHub ignores columns when a range has several lines.
      ...(end === undefined || end.line !== place.line ? [] : [`endColumn=${end.column}`]),
      `title=${property(code)}`,
    ];
    yield `::${COMMANDS[severity]} ${properties.join(',')}::${data(hint === undefined ? message : `${message} ${hint}`)}\n`;
  }
  const { error, warning } = countSeverities(result.findings);
  yield `${error} errors, ${warning} warnings in ${counted(result.documents, 'rule')}\n`;
}
