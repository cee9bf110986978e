/**
 * Tables that tools make of events, recognised by their columns. In: the names in a header. Out: which column is which System
 * field, and where the data is. Any other table is read like JSON: each column is a key, and `../exporters` says what it means.
 */

import { SYSTEM as EVTXECMD } from '../exporters/evtxecmd.ts';
import { SYSTEM as GET_EVENTLOG } from '../exporters/get-eventlog.ts';
import { SYSTEM as GET_WINEVENT } from '../exporters/get-winevent.ts';
import type { FieldNames } from '../exporters/mapping.ts';

/** What the data column holds: JSON that contains `EventData`, JSON or XML of EventData itself, or the rendered message. */
export type DataText = 'payload' | 'event-data' | 'message';

export interface Table {
  readonly name: string;
  /** The columns by which the table is recognised. */
  readonly needs: readonly string[];
  /** From a column to an element of System, with its attribute after a dot. If two columns name one element, the first counts. */
  readonly system: Readonly<Record<string, string>>;
  /** True when times are written in a form for people. */
  readonly localTime?: boolean;
  readonly data?: { readonly column: string; readonly holds: DataText };
  /** True for a column that is a data field itself. Left out when no column is. */
  readonly isData?: (column: string) => boolean;
}

/** The same names as in JSON of the tool, but for those of what is inside a value there, and of attributes of EventID. */
function columnsOf(names: FieldNames): Table['system'] {
  const columns = Object.entries(names).flatMap(([field, keys]) =>
    [keys].flat().map((key) => [String(key), field.replace('_', '.')] as const),
  );
  return Object.fromEntries(
    columns.filter(([column, element]) => /^[A-Z]\w*$/i.test(column) && element !== 'EventID.Qualifiers'),
  );
}

/** Columns that Sentinel and Log Analytics add to each row or derive from it. */
const SENTINEL_ADDED =
  /^(?:TenantId|SourceSystem|Account|AccountType|Activity|SubjectAccount|TargetAccount|Level|EventLevelName|EventOriginId|MG|ManagementGroupName|TimeCollected|SourceComputerId|PartitionKey|RowKey|StorageAccount|AzureDeploymentID|AzureTableName|SystemUserId|SystemThreadId|SystemProcessId|EventRecordId|Task|Opcode|Keywords|Version|Correlation|EventData|Type|ItemCount|IsBillable|_.*)$/;

const TABLES: readonly Table[] = [
  {
    name: 'EvtxECmd',
    needs: ['EventRecordId', 'EventId', 'Channel', 'Payload'],
    system: columnsOf(EVTXECMD),
    data: { column: 'Payload', holds: 'payload' },
  },
  {
    name: 'Sentinel Event',
    needs: ['TimeGenerated', 'EventLog', 'EventID', 'EventData'],
    system: {
      Source: 'Provider.Name',
      EventID: 'EventID',
      TimeGenerated: 'TimeCreated.SystemTime',
      EventLevel: 'Level',
      EventLog: 'Channel',
      Computer: 'Computer',
    },
    localTime: true,
    data: { column: 'EventData', holds: 'event-data' },
  },
  {
    name: 'Sentinel WindowsEvent',
    needs: ['TimeGenerated', 'Provider', 'Channel', 'EventID', 'EventData'],
    system: {
      Provider: 'Provider.Name',
      EventID: 'EventID',
      Version: 'Version',
      EventLevel: 'Level',
      Task: 'Task',
      Opcode: 'Opcode',
      Keywords: 'Keywords',
      TimeCreated: 'TimeCreated.SystemTime',
      TimeGenerated: 'TimeCreated.SystemTime',
      EventRecordId: 'EventRecordID',
      SystemProcessId: 'Execution.ProcessID',
      SystemThreadId: 'Execution.ThreadID',
      Channel: 'Channel',
      Computer: 'Computer',
      SystemUserId: 'Security.UserID',
    },
    localTime: true,
    data: { column: 'EventData', holds: 'event-data' },
  },
  {
    name: 'Sentinel SecurityEvent',
    needs: ['TimeGenerated', 'EventSourceName', 'Channel', 'EventID'],
    system: {
      EventSourceName: 'Provider.Name',
      EventID: 'EventID',
      TimeGenerated: 'TimeCreated.SystemTime',
      EventRecordId: 'EventRecordID',
      Channel: 'Channel',
      Computer: 'Computer',
    },
    localTime: true,
    isData: (column) => !SENTINEL_ADDED.test(column),
  },
  {
    name: 'Get-WinEvent',
    needs: ['Id', 'ProviderName', 'LogName', 'Message'],
    system: columnsOf(GET_WINEVENT),
    localTime: true,
    data: { column: 'Message', holds: 'message' },
  },
  {
    name: 'Get-EventLog',
    needs: ['EventID', 'Source', 'Message', 'TimeGenerated'],
    system: columnsOf(GET_EVENTLOG),
    localTime: true,
    data: { column: 'Message', holds: 'message' },
  },
];

/**
 * Event Viewer's columns. Its header is in the user's language and has no name for the last column, so rows have one cell more.
 */
export const EVENT_VIEWER_COLUMNS = ['Level', 'Time', 'Source', 'EventID', 'Task', 'Message'];
export const EVENT_VIEWER: Table = {
  name: 'Event Viewer',
  needs: [],
  system: { Time: 'TimeCreated.SystemTime', Source: 'Provider.Name', EventID: 'EventID' },
  localTime: true,
  data: { column: 'Message', holds: 'message' },
};

export function tableOf(columns: readonly string[]): Table | null {
  return TABLES.find(({ needs }) => needs.every((name) => columns.includes(name))) ?? null;
}
