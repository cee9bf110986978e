/** One JSON object per line, for jq, pipelines and other programs. */
import { reportInLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

export const reporter: Reporter = {
  name: 'jsonl',
  extension: 'jsonl',
  begins: /^\s*\{\s*"kind"\s*:\s*"(?:(?:match|correlation)"\s*,\s*"rule"|incident"\s*,\s*"id"|summary"\s*,\s*"version")\s*:/,
  ownsExtension: true,
  description: 'JSON Lines: every match and correlation, the summary last; streams',
  ...reportInLines({ before: '', between: '\n', after: '\n' }),
};
