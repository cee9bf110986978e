/**
 * The columns of hayabusa's `verbose` profile, for tools that read its timelines. Names are written out, as hayabusa does it with
 * --disable-abbreviations. Times have milliseconds and a zone. The ids of winnow follow behind these columns.
 */
import { ruleOf } from '../json-objects.ts';
import { attackTags } from '../other-tools/attack-tags.ts';
import { allFields, type CsvRow, csvTable, DETAIL_SEPARATOR } from '../other-tools/csv-table.ts';
import { findingIds, ID_COLUMNS, idCells } from '../other-tools/finding-ids.ts';
import { foundCells, lostPlace } from '../other-tools/found-cells.ts';
import { foundInTimeOrder } from '../other-tools/time-order.ts';
import type { Reporter, ScanReport } from '../reporter.ts';

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
  // They are hayabusa's columns, and its own reports are known already.
  begins: null,
  description: "CSV with the columns of hayabusa's verbose profile",
  render: (report) => csvTable(COLUMNS, rows(report)),
};

function* rows(report: ScanReport): Iterable<Row> {
  const idsOf = findingIds(report);
  for (const found of foundInTimeOrder(report)) {
    const { title, level, tags, path, id } = ruleOf(report, found.rule);
    const { techniques, tactics, others } = attackTags(tags);
    const cells = foundCells(found);
    yield {
      Timestamp: zonedTime(cells.time),
      RuleTitle: title,
      Level: level,
      Computer: cells.computer,
      Channel: cells.channel,
      EventID: cells.eventId,
      MitreTactics: tactics.join(DETAIL_SEPARATOR),
      MitreTags: techniques.join(DETAIL_SEPARATOR),
      OtherTags: others.join(DETAIL_SEPARATOR),
      RecordID: cells.record,
      Details: cells.details,
      ExtraFieldInfo:
        found.kind === 'match' ? [...lostPlace(found), allFields(found.event)].join(DETAIL_SEPARATOR) : cells.evidence,
      RuleFile: path,
      RuleID: id,
      EvtxFile: cells.file,
      ...idCells(idsOf(found)),
    };
  }
}

/** `2019-05-11 17:58:23.418 +00:00`. */
function zonedTime(iso: string | null): string | null {
  return iso === null ? null : `${iso.slice(0, 'YYYY-MM-DDThh:mm:ss.fff'.length).replace('T', ' ')} +00:00`;
}
