/** One row per match and per correlation in time order, for spreadsheets and timeline tools. */
import { ruleOf } from '../json-objects.ts';
import { allFields, type CsvRow, csvTable } from '../other-tools/csv-table.ts';
import { findingIds, ID_COLUMNS, idCells } from '../other-tools/finding-ids.ts';
import { foundCells } from '../other-tools/found-cells.ts';
import { foundInTimeOrder } from '../other-tools/time-order.ts';
import type { Reporter, ScanReport } from '../reporter.ts';

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
  // A byte order mark may come first. It is three characters here, because the text is read as Latin-1.
  begins: /^(?:\u00ef\u00bb\u00bf)?Timestamp,Level,RuleTitle,Computer,Channel,/,
  ownsExtension: true,
  description: 'one row per match and correlation in time order, safe to open in a spreadsheet',
  *render(report) {
    yield BYTE_ORDER_MARK;
    yield* csvTable(COLUMNS, rows(report));
  },
};

function* rows(report: ScanReport): Iterable<Row> {
  const idsOf = findingIds(report);
  for (const found of foundInTimeOrder(report)) {
    const rule = ruleOf(report, found.rule);
    const isMatch = found.kind === 'match';
    const cells = foundCells(found);
    yield {
      Timestamp: cells.time,
      Level: rule.level,
      RuleTitle: rule.title,
      Computer: cells.computer,
      Channel: cells.channel,
      EventID: cells.eventId,
      RecordID: cells.record,
      Details: cells.details,
      Evidence: cells.evidence,
      Via: cells.via,
      LookbackEvents: isMatch ? (found.lookback?.events ?? null) : null,
      RuleID: rule.id,
      Tags: rule.tags.join(' '),
      RuleFile: rule.path,
      EvtxFile: cells.file,
      Index: cells.index,
      AllFields: isMatch ? allFields(found.event) : null,
      ...idCells(idsOf(found)),
    };
  }
}
