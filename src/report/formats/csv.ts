/** One row per match and per correlation in time order, for spreadsheets and timeline tools. */
import type { Correlation } from '../../model/match.ts';
import { eventText } from '../event-text.ts';
import { ruleOf } from '../json-objects.ts';
import {
  allFields,
  type CsvRow,
  correlationDetails,
  correlationRecords,
  csvTable,
  evidenceText,
} from '../other-tools/csv-table.ts';
import { findingIds, ID_COLUMNS, idCells } from '../other-tools/finding-ids.ts';
import { foundInTimeOrder } from '../other-tools/time-order.ts';
import type { ReportedMatch, Reporter, ScanReport } from '../reporter.ts';

const COLUMNS = [
  'Timestamp',
  'Level',
  'RuleTitle',
  'Computer',
  'Channel',
  'EventID',
  'RecordID',
  'Details',
  'Evidence',
  'Via',
  'LookbackEvents',
  'RuleID',
  'Tags',
  'RuleFile',
  'EvtxFile',
  'Index',
  'AllFields',
  ...ID_COLUMNS,
] as const;
type Row = CsvRow<(typeof COLUMNS)[number]>;

/** Without this mark, Excel reads UTF-8 as the code page of the machine. */
const BYTE_ORDER_MARK = '\ufeff';

export const reporter: Reporter = {
  name: 'csv',
  extension: 'csv',
  ownsExtension: true,
  description: 'one row per match and correlation in time order, safe to open in a spreadsheet',
  selfContained: false,
  *render(report) {
    yield BYTE_ORDER_MARK;
    yield* csvTable(COLUMNS, rows(report));
  },
};

function* rows(report: ScanReport): Iterable<Row> {
  const idsOf = findingIds(report);
  for (const found of foundInTimeOrder(report)) {
    const row = found.kind === 'match' ? matchRow(found, report) : correlationRow(found, report);
    yield { ...row, ...idCells(idsOf(found)) };
  }
}

function matchRow(match: ReportedMatch, report: ScanReport) {
  const { event } = match;
  return {
    ...ruleCells(report, match.rule),
    Timestamp: event.TimeCreated,
    Computer: event.Computer,
    Channel: event.Channel,
    EventID: event.EventID,
    RecordID: event.EventRecordID,
    Details: eventText(event),
    Evidence: evidenceText(match),
    Via: match.via,
    LookbackEvents: match.lookback?.events ?? null,
    EvtxFile: event.file,
    Index: event.index,
    AllFields: allFields(event),
  };
}

function correlationRow(correlation: Correlation, report: ScanReport) {
  const first = correlation.events[0];
  return {
    ...ruleCells(report, correlation.rule),
    Timestamp: correlation.from,
    Computer: correlation.computer,
    Channel: null,
    EventID: null,
    RecordID: correlationRecords(correlation),
    Details: correlationDetails(correlation),
    Evidence: evidenceText(correlation),
    Via: 'correlation',
    LookbackEvents: null,
    EvtxFile: first?.file ?? null,
    Index: first?.index ?? null,
    AllFields: null,
  };
}

function ruleCells(report: ScanReport, index: number) {
  const rule = ruleOf(report, index);
  return { Level: rule.level, RuleTitle: rule.title, RuleID: rule.id, Tags: rule.tags.join(' '), RuleFile: rule.path };
}
