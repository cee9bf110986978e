/** One JSON object: every finding with its place, and the totals. */
import { printedJson } from '../../report/sanitize.ts';
import { countSeverities, type LintFormat, type LintReport } from '../lint-report.ts';

export const lintFormat: LintFormat = {
  name: 'json',
  render,
};

function* render({ result, shown, version, fixed }: LintReport): Iterable<string> {
  const findings = shown.map(({ code, severity, message, hint, place, end, title, fix }) => ({
    id: code,
    severity,
    message,
    hint: hint ?? null,
    file: place.file ?? null,
    line: place.line ?? null,
    column: place.column ?? null,
    endLine: end?.line ?? null,
    endColumn: end?.column ?? null,
    rule: title ?? null,
    fix: fix === undefined ? null : { title: fix.title, edits: fix.edits },
  }));
  const summary = {
    files: result.files.length,
    documents: result.documents,
    refused: result.refused,
    ...countSeverities(result.findings),
    suppressed: result.suppressed,
    // Present only when a baseline knows some findings, so that the output without a baseline stays as it was.
    ...(result.known > 0 ? { known: result.known } : {}),
    fixed,
  };
  yield `${printedJson({ kind: 'lint', version, findings, summary }, 2)}\n`;
}
