/** One JSON object a line: for jq, for pipelines, for everything that reads on. */
import type { RuleInfo } from '../../model/match.ts';
import { prepareReportLines, ReportLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

const FRAME = { before: '', between: '\n', after: '\n' };

const begin = (rules: readonly RuleInfo[]) => new ReportLines(rules, FRAME);

export const reporter: Reporter = {
  name: 'jsonl',
  extension: 'jsonl',
  description: 'JSON Lines: every match and correlation, the summary last; streams',
  selfContained: false,
  prepare: prepareReportLines,
  begin,
  render: (report) => begin(report.rules).end(report),
};
