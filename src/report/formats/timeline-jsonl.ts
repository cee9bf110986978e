/**
 * The timeline as JSON Lines: the columns of timeline-csv.ts, and every field of an event's data. Timesketch takes it as it is.
 */
import { timesketchData } from '../other-tools/timesketch.ts';
import type { Reporter } from '../reporter.ts';
import { printedJson } from '../sanitize.ts';
import { timelineEvents } from '../timeline/timeline-events.ts';
import { timelineRow } from '../timeline/timeline-row.ts';

export const reporter: Reporter = {
  name: 'timeline-jsonl',
  extension: 'jsonl',
  begins: /^\{"datetime":"[^"]*","timestamp":\d+,"timestamp_desc":"[^"]*","data_type":"winnow:event"/,
  description: 'the timeline as JSON Lines with every field of the events; Timesketch imports it',
  *render(report) {
    for (const event of timelineEvents(report)) {
      // Here, each field of the data is an attribute of its own.
      const { fields: _, ...cells } = timelineRow(event, report);
      const present = Object.entries(cells).filter(([, value]) => value !== null && value !== '');
      yield `${printedJson({ ...Object.fromEntries(present), ...timesketchData(event.event) })}\n`;
    }
  },
};
