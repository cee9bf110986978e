/** The objects of JSON Lines in one array, for tools that read a document. */
import type { RuleInfo } from '../../model/match.ts';
import { prepareReportLines, ReportLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

const FRAME = { before: '[\n', between: ',\n', after: '\n]\n' };

const begin = (rules: readonly RuleInfo[]) => new ReportLines(rules, FRAME);

export const reporter: Reporter = {
  name: 'json',
  extension: 'json',
  description: 'the objects of jsonl in one JSON array',
  selfContained: false,
  prepare: prepareReportLines,
  begin,
  render: (report) => begin(report.rules).end(report),
};
