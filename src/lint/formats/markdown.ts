/** A summary in Markdown: for the page of a job on a CI server, or a comment. Its length is limited, however much is found. */
import { markdownTable } from '../../report/markdown-table.ts';
import { printedPieces } from '../../report/sanitize.ts';
import { counted } from '../../report/wording.ts';
import { countSeverities, type LintFormat, type LintReport } from '../lint-report.ts';

const NAMES = { error: 'error', warning: 'warning', info: 'note' } as const;

export const lintFormat: LintFormat = {
  name: 'markdown',
  render: (report) => printedPieces(render(report)),
};

function* render({ shown, result, repositoryPath }: LintReport): Iterable<string> {
  const { error, warning, info } = countSeverities(result.findings);
  const totals = [counted(error, 'error'), counted(warning, 'warning'), counted(info, 'note')].join(', ');
  yield `### Sigma rules: ${totals} in ${counted(result.documents, 'rule')}\n\n`;
  if (result.known > 0) yield `The baseline knows ${counted(result.known, 'further finding')}.\n\n`;
  yield* markdownTable(['where', 'severity', 'finding', 'what'], shown, ({ place, severity, code, message, hint }) => [
    `${repositoryPath(place.file ?? '')}:${place.line ?? 1}`,
    NAMES[severity],
    code,
    hint === undefined ? message : `${message} ${hint}`,
  ]);
}
