/** One JSON object a line: for jq, for pipelines, for everything that reads on. */
import { prepareReportLines, reportLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

export const reporter: Reporter = {
  name: 'jsonl',
  extension: 'jsonl',
  description: 'JSON Lines: every match and correlation, the summary last; streams',
  selfContained: false,
  prepare: prepareReportLines,
  *render(report) {
    yield* reportLines(report, '\n');
    yield '\n';
  },
};
