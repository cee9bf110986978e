/** The objects of JSON Lines in one array, for tools that read a document. */
import { reportLines } from '../json-objects.ts';
import type { Reporter } from '../reporter.ts';

export const reporter: Reporter = {
  name: 'json',
  description: 'the objects of jsonl in one JSON array',
  selfContained: false,
  *render(report) {
    let separator = '[\n';
    for (const line of reportLines(report)) {
      yield separator + line;
      separator = ',\n';
    }
    yield '\n]\n';
  },
};
