/** The objects of JSON Lines in one array, for tools that read a whole JSON document. */
import { reportInLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

export const reporter: Reporter = {
  name: 'json',
  extension: 'json',
  begins: /^\s*\[\s*\{\s*"kind"\s*:\s*"(?:(?:match|correlation)"\s*,\s*"rule"|incident"\s*,\s*"id"|summary"\s*,\s*"version")\s*:/,
  ownsExtension: true,
  description: 'the objects of jsonl in one JSON array',
  ...reportInLines({ before: '[\n', between: ',\n', after: '\n]\n' }),
};
