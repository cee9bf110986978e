/** One JSON object a line: for jq, for pipelines, for everything that reads on. */
import { reportInLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

export const reporter: Reporter = {
  name: 'jsonl',
  extension: 'jsonl',
  ownsExtension: true,
  description: 'JSON Lines: every match and correlation, the summary last; streams',
  ...reportInLines({ before: '', between: '\n', after: '\n' }),
};
