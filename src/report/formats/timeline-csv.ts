/** The timeline as a CSV table, which Timesketch takes as it is. */
import { csvTable } from '../other-tools/csv-table.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { timelineEvents } from '../timeline/timeline-events.ts';
import { TIMELINE_COLUMNS, type TimelineRow, timelineRow } from '../timeline/timeline-row.ts';

export const reporter: Reporter = {
  name: 'timeline-csv',
  extension: 'csv',
  // A byte order mark may come first. It is three characters here, because the text is read as Latin-1.
  begins: /^(?:\u00ef\u00bb\u00bf)?datetime,timestamp,timestamp_desc,data_type,message,level,/,
  description: 'the timeline as a table, a row for each event; Timesketch imports it',
  render: (report) => csvTable(TIMELINE_COLUMNS, rows(report)),
};

function* rows(report: ScanReport): Iterable<TimelineRow> {
  for (const event of timelineEvents(report)) yield timelineRow(event, report);
}
