/**
 * The columns of hayabusa's `verbose` profile, for tools that read its timelines. Names are written out, as hayabusa does it with
 * --disable-abbreviations. Times have milliseconds and a zone. The ids of winnow follow behind these columns.
 */
import type { Correlation } from '../../model/match.ts';
import { eventText } from '../event-text.ts';
import { ruleOf } from '../json-objects.ts';
import { attackTags } from '../other-tools/attack-tags.ts';
import {
  allFields,
  type CsvRow,
  correlationDetails,
  correlationRecords,
  csvTable,
  DETAIL_SEPARATOR,
  evidenceText,
  lostPlace,
} from '../other-tools/csv-table.ts';
import { findingIds, ID_COLUMNS, idCells } from '../other-tools/finding-ids.ts';
import { foundInTimeOrder } from '../other-tools/time-order.ts';
import type { ReportedMatch, Reporter, ScanReport } from '../reporter.ts';

const COLUMNS = [
  'Timestamp',
  'RuleTitle',
  'Level',
  'Computer',
  'Channel',
  'EventID',
  'MitreTactics',
  'MitreTags',
  'OtherTags',
  'RecordID',
  'Details',
  'ExtraFieldInfo',
  'RuleFile',
  'RuleID',
  'EvtxFile',
  ...ID_COLUMNS,
] as const;
type Row = CsvRow<(typeof COLUMNS)[number]>;

export const reporter: Reporter = {
  name: 'hayabusa',
  extension: 'csv',
  ownsExtension: false,
  description: "CSV with the columns of hayabusa's verbose profile",
  selfContained: false,
  render: (report) => csvTable(COLUMNS, rows(report)),
};

function* rows(report: ScanReport): Iterable<Row> {
  const idsOf = findingIds(report);
  for (const found of foundInTimeOrder(report))
    yield { ...ruleCells(report, found.rule), ...eventCells(found), ...idCells(idsOf(found)) };
}

function eventCells(found: ReportedMatch | Correlation) {
  if (found.kind === 'correlation') {
    return {
      Timestamp: zonedTime(found.from),
      Computer: found.computer,
      Channel: null,
      EventID: null,
      RecordID: correlationRecords(found),
      Details: correlationDetails(found),
      ExtraFieldInfo: evidenceText(found),
      EvtxFile: found.events[0]?.file ?? null,
    };
  }
  const { event } = found;
  return {
    Timestamp: zonedTime(event.TimeCreated),
    Computer: event.Computer,
    Channel: event.Channel,
    EventID: event.EventID,
    RecordID: event.EventRecordID,
    Details: eventText(event),
    ExtraFieldInfo: [...lostPlace(found), allFields(event)].join(DETAIL_SEPARATOR),
    EvtxFile: event.file,
  };
}

function ruleCells(report: ScanReport, index: number) {
  const { title, level, tags, path, id } = ruleOf(report, index);
  const { techniques, tactics, others } = attackTags(tags);
  return {
    RuleTitle: title,
    Level: level,
    MitreTactics: tactics.join(DETAIL_SEPARATOR),
    MitreTags: techniques.join(DETAIL_SEPARATOR),
    OtherTags: others.join(DETAIL_SEPARATOR),
    RuleFile: path,
    RuleID: id,
  };
}

/** `2019-05-11 17:58:23.418 +00:00`. */
function zonedTime(iso: string | null): string | null {
  return iso === null ? null : `${iso.slice(0, 'YYYY-MM-DDThh:mm:ss.fff'.length).replace('T', ' ')} +00:00`;
}
