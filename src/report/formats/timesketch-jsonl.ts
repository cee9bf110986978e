/** A timeline for Timesketch as JSON Lines: every field of an event's data is an attribute that can be searched. */

import { foundInTimeOrder } from '../other-tools/time-order.ts';
import { timesketchData, timesketchEvents } from '../other-tools/timesketch.ts';
import { boundRepeats } from '../repeated-data.ts';
import type { Reporter } from '../reporter.ts';
import { printedJson } from '../sanitize.ts';

export const reporter: Reporter = {
  name: 'timesketch-jsonl',
  extension: 'jsonl',
  begins: /^\{"datetime":"[^"]*","timestamp":\d+,"timestamp_desc":"[^"]*","data_type":"winnow:/,
  description: 'a timeline to import into Timesketch, as JSON Lines with every field of the events',
  *render(report) {
    for (const { event, match } of timesketchEvents(report, boundRepeats(foundInTimeOrder(report)))) {
      // Each field of the event's data is an attribute here. With `fields` as well, the data would be in the index twice.
      const { fields: _, ...attributes } = event;
      const present = Object.entries(attributes).filter(([, value]) => value !== null);
      const data = match === null ? {} : { ...timesketchData(match), ...(match.dataOmitted ? { omitted: 'data' } : {}) };
      yield `${printedJson({ ...Object.fromEntries(present), ...data })}\n`;
    }
  },
};
