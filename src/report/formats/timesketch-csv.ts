/** A timeline for Timesketch as a table: every event has the same columns, and its data are together in `fields`. */
import { csvTable } from '../other-tools/csv-table.ts';
import { TIMESKETCH_COLUMNS, type TimesketchEvent, timesketchEvents } from '../other-tools/timesketch.ts';
import type { Reporter, ScanReport } from '../reporter.ts';

export const reporter: Reporter = {
  name: 'timesketch-csv',
  extension: 'csv',
  begins: /^message,datetime,timestamp,timestamp_desc,data_type,rule_title,/,
  description: 'a timeline to import into Timesketch, as CSV',
  render: (report) => csvTable(TIMESKETCH_COLUMNS, rows(report)),
};

function* rows(report: ScanReport): Iterable<TimesketchEvent> {
  for (const { event } of timesketchEvents(report)) yield event;
}
