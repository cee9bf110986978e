/** The objects of JSON Lines in one array, for tools that read a whole JSON document. */
import { reportInLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

export const reporter: Reporter = {
  name: 'json',
  extension: 'json',
  ownsExtension: true,
  description: 'the objects of jsonl in one JSON array',
  ...reportInLines({ before: '[\n', between: ',\n', after: '\n]\n' }),
};
