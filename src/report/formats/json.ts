/** The objects of JSON Lines in one array, for tools that read a document. */
import { prepareReportLines, reportLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

export const reporter: Reporter = {
  name: 'json',
  extension: 'json',
  description: 'the objects of jsonl in one JSON array',
  selfContained: false,
  prepare: prepareReportLines,
  *render(report) {
    yield '[\n';
    yield* reportLines(report, ',\n');
    yield '\n]\n';
  },
};
