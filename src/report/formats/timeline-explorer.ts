/**
 * The columns of EvtxECmd, whose layout Timeline Explorer knows. The title of the rule stands where EvtxECmd describes the event
 * (MapDescription), and its details are in PayloadData1 to 6. Columns that only EvtxECmd can fill (chunks, bytes behind a record)
 * are empty.
 */
import { ACCOUNT_FIELDS } from '../../findings/account-fields.ts';
import type { EventSnapshot, FieldValue } from '../../model/event.ts';
import { valueText } from '../event-text.ts';
import { ruleOf } from '../json-objects.ts';
import { type CsvRow, csvTable, DETAIL_SEPARATOR } from '../other-tools/csv-table.ts';
import { type FindingIds, findingIds } from '../other-tools/finding-ids.ts';
import { foundCells } from '../other-tools/found-cells.ts';
import { foundInTimeOrder } from '../other-tools/time-order.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { timeText } from '../wording.ts';

const COLUMNS = [
  'RecordNumber',
  'EventRecordId',
  'TimeCreated',
  'EventId',
  'Level',
  'Provider',
  'Channel',
  'ProcessId',
  'ThreadId',
  'Computer',
  'ChunkNumber',
  'UserId',
  'MapDescription',
  'UserName',
  'RemoteHost',
  'PayloadData1',
  'PayloadData2',
  'PayloadData3',
  'PayloadData4',
  'PayloadData5',
  'PayloadData6',
  'ExecutableInfo',
  'HiddenRecord',
  'SourceFile',
  'Keywords',
  'ExtraDataOffset',
  'Payload',
] as const;
type Row = CsvRow<(typeof COLUMNS)[number]>;
const EMPTY = Object.fromEntries(COLUMNS.map((column) => [column, null])) as Row;

/** Names of System/Level, by its number. */
const LEVEL_NAMES = ['LogAlways', 'Critical', 'Error', 'Warning', 'Info', 'Verbose'];
/** Fields for one column. The first that has a value in the event is used. */
const REMOTE_FIELDS = ['IpAddress', 'SourceIp', 'SourceAddress', 'WorkstationName', 'DestinationHostname', 'DestinationIp'];
const EXECUTABLE_FIELDS = ['CommandLine', 'Image', 'NewProcessName', 'ProcessName', 'ImagePath', 'ScriptBlockText'];

export const reporter: Reporter = {
  name: 'timeline-explorer',
  extension: 'csv',
  // EvtxECmd's own tables end their lines with a carriage return and know no rules.
  begins: /^RecordNumber,EventRecordId,[^\n]*,Payload\n(?:$|[^\n]*,Rule level: )/,
  description: 'CSV with the columns of EvtxECmd, as Timeline Explorer shows them',
  render: (report) => csvTable(COLUMNS, rows(report)),
};

function* rows(report: ScanReport): Iterable<Row> {
  const idsOf = findingIds(report);
  for (const found of foundInTimeOrder(report)) {
    const rule = ruleOf(report, found.rule);
    const { time, record, eventId, channel, computer, details, evidence, via, file } = foundCells(found);
    yield {
      ...EMPTY,
      ...(found.kind === 'match' ? eventCells(found.event) : {}),
      EventRecordId: record,
      TimeCreated: time === null ? null : timeText(time),
      EventId: eventId,
      Channel: channel,
      Computer: computer,
      MapDescription: rule.title,
      PayloadData1: `Rule level: ${rule.level ?? 'none'}`,
      PayloadData2: `Tags: ${rule.tags.join(' ')}`,
      PayloadData3: `Evidence: ${evidence}`,
      PayloadData4: details,
      PayloadData5: `Rule: ${rule.path}${rule.id === null ? '' : ` (${rule.id})`}`,
      PayloadData6: [`Via: ${via}`, ...idTexts(idsOf(found))].join(DETAIL_SEPARATOR),
      SourceFile: file,
    };
  }
}

function idTexts({ event, alert, incident, state }: FindingIds): readonly string[] {
  const named = { Event: event, Alert: alert, Incident: incident, State: state || null };
  return Object.entries(named).flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]));
}

/** What only an event has. */
function eventCells(event: EventSnapshot): Partial<Row> {
  const { system } = event;
  return {
    RecordNumber: event.index + 1,
    Level: levelName(system.Level),
    Provider: event.Provider,
    ProcessId: text(system.Execution_ProcessID),
    ThreadId: text(system.Execution_ThreadID),
    UserId: text(system.Security_UserID),
    UserName: firstOf(event, ACCOUNT_FIELDS),
    RemoteHost: firstOf(event, REMOTE_FIELDS),
    ExecutableInfo: firstOf(event, EXECUTABLE_FIELDS),
    HiddenRecord: event.recovered ? 'True' : 'False',
    Keywords: text(system.Keywords),
    Payload: JSON.stringify({
      EventData: { Data: Object.entries(event.data).map(([name, value]) => ({ '@Name': name, '#text': text(value) ?? '' })) },
    }),
  };
}

function levelName(level: FieldValue | undefined): string | null {
  const number = text(level);
  return number === null ? null : (LEVEL_NAMES[Number(number)] ?? number);
}

function firstOf({ data }: EventSnapshot, names: readonly string[]): string | null {
  for (const name of names) {
    const value = Object.hasOwn(data, name) ? text(data[name]) : null;
    if (value !== null && value !== '' && value !== '-') return value;
  }
  return null;
}

function text(value: FieldValue | undefined): string | null {
  return value === undefined || value === null ? null : valueText(value);
}
