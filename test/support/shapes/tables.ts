/** Tables: CSV as tools and portals export it, answers of Log Analytics, and the objects of PowerShell and EvtxECmd. */
import { type Datum, dataObject, type LoggedEvent, withData, withDigits, without } from '../events/logged-event.ts';
import { ofMessage } from './of-message.ts';
import { jsonl, lines, type Shape } from './shape.ts';
import { EVENT_DATA, keptByBeats, keywordNames, onlyHead, unnamed, values, winlogbeat } from './shippers.ts';
import { eventXml, lineEnds, sectionXml } from './xml.ts';

const cell = (value: unknown): string => `"${String(value ?? '').replaceAll('"', '""')}"`;
function csv(columns: readonly string[], rows: readonly (readonly unknown[])[], end = '\r\n'): string {
  return [columns, ...rows].map((row) => row.map(cell).join(',') + end).join('');
}
/** A table of records; a column for every key of any of them. */
function csvOf(records: readonly object[]): string {
  const columns = [...new Set(records.flatMap((record) => Object.keys(record)))];
  return csv(
    columns,
    records.map((record) => columns.map((name) => (record as Record<string, unknown>)[name])),
  );
}
/** `3/5/2024 9:06:22 AM`. */
function localTime(event: LoggedEvent): string {
  const [, year, month, day, hour, rest] = /^(\d+)-(\d+)-(\d+)T(\d+)(:\d+:\d+)/.exec(event.system.TimeCreated_SystemTime!)!;
  return `${Number(month)}/${Number(day)}/${year} ${Number(hour) % 12 || 12}${rest} ${Number(hour) < 12 ? 'AM' : 'PM'}`;
}

const withoutEmpty = (event: LoggedEvent): LoggedEvent =>
  withData(event, ([name, value]) => (value === '' ? [] : [[name, value]]));

function evtxECmd(event: LoggedEvent): Record<string, unknown> {
  const { system: s, wrapper, data } = event;
  const unnamedData = data.filter(([name]) => name === '').map(([, value]) => value);
  const items = data
    .filter(([name]) => name !== '' && name !== 'Binary')
    .map(([name, value]) => ({ '@Name': name, ...(value === '' ? {} : { '#text': value }) }));
  const binary = data.find(([name]) => name === 'Binary')?.[1];
  const section = {
    ...(unnamedData.length > 0 ? { Data: unnamedData.join(', ') } : items.length > 0 ? { Data: items } : {}),
    ...(binary === undefined ? {} : { Binary: binary }),
  };
  const payload =
    wrapper === '' ? { EventData: section } : { UserData: { [wrapper]: { '@xmlns': 'x', ...Object.fromEntries(data) } } };
  return {
    PayloadData1: 'Target: x',
    Payload: JSON.stringify(payload),
    Channel: s.Channel,
    Provider: s.Provider_Name,
    EventId: Number(s.EventID),
    EventRecordId: s.EventRecordID,
    ProcessId: Number(s.Execution_ProcessID),
    ThreadId: Number(s.Execution_ThreadID),
    Level: 'Info',
    Keywords: keywordNames(event)[0]!.replace('Success', 'success').replace('Failure', 'failure'),
    SourceFile: 'C:\\x.evtx',
    UserId: s.Security_UserID,
    Computer: s.Computer,
    TimeCreated: s.TimeCreated_SystemTime!.replace('Z', '+00:00'),
    RecordNumber: 1,
  };
}
function keptByEvtxECmd(event: LoggedEvent): LoggedEvent {
  const audit = keywordNames(event)[0] !== 'None';
  const kept = without(event, 'Provider_Guid', 'Version', 'Level', 'Task', 'Opcode', ...(audit ? [] : ['Keywords']));
  const plain = event.data.filter(([name]) => name === '').map(([, value]) => value);
  return plain.length === 0
    ? kept
    : { ...kept, data: [['', plain.join(', ')], ...event.data.filter(([name]) => name === 'Binary')] };
}

function getWinEvent(event: LoggedEvent): Record<string, unknown> {
  const { system: s } = event;
  return {
    Id: Number(s.EventID),
    Version: Number(s.Version),
    Qualifiers: null,
    Level: Number(s.Level),
    Task: Number(s.Task),
    Opcode: Number(s.Opcode),
    Keywords: String(BigInt.asIntN(64, BigInt(s.Keywords!))),
    RecordId: Number(s.EventRecordID),
    ProviderName: s.Provider_Name,
    ProviderId: s.Provider_Guid!.slice(1, -1).toLowerCase(),
    LogName: s.Channel,
    ProcessId: Number(s.Execution_ProcessID),
    ThreadId: Number(s.Execution_ThreadID),
    MachineName: s.Computer,
    UserId: { BinaryLength: 12, AccountDomainSid: null, Value: s.Security_UserID },
    TimeCreated: `/Date(${Date.parse(withDigits(event, 3).system.TimeCreated_SystemTime!)})/`,
    ActivityId: null,
    Bookmark: {},
    Properties: values(event).map((Value) => ({ Value })),
    Message: event.message,
  };
}
const getWinEventRow = (event: LoggedEvent): object => ({
  Message: event.message,
  ...Object.fromEntries(
    Object.entries(getWinEvent(event)).filter(([name]) => !['Properties', 'Message', 'UserId', 'Bookmark'].includes(name)),
  ),
  UserId: event.system.Security_UserID,
  TimeCreated: localTime(event),
  Properties: 'System.Collections.Generic.List`1[System.Diagnostics.Eventing.Reader.EventProperty]',
});

const getEventLog = (event: LoggedEvent): Record<string, unknown> => ({
  EventID: Number(event.system.EventID),
  MachineName: event.system.Computer,
  Data: [],
  Index: Number(event.system.EventRecordID),
  Category: '(0)',
  EntryType: 'Information',
  Message: event.message,
  Source: event.system.Provider_Name,
  ReplacementStrings: values(event),
  InstanceId: 1,
  TimeGenerated: `/Date(${Date.parse(withDigits(event, 0).system.TimeCreated_SystemTime!)})/`,
  UserName: null,
});
const EVENTLOG_ONLY = new Set(['System', 'Security', 'Application', 'Windows PowerShell']);
const asText = ([name, value]: Datum): Datum => [name === '' || name === 'Message' ? name : '', value];

/** The tables of Sentinel. */
const windowsEvent = (event: LoggedEvent): Record<string, unknown> => ({
  TenantId: 't',
  TimeGenerated: event.system.TimeCreated_SystemTime,
  Provider: event.system.Provider_Name,
  Channel: event.system.Channel,
  Computer: event.system.Computer,
  Task: Number(event.system.Task),
  EventLevel: Number(event.system.Level),
  EventLevelName: 'Information',
  EventID: Number(event.system.EventID),
  EventData: EVENT_DATA(event),
  EventRecordId: event.system.EventRecordID,
  Keywords: event.system.Keywords,
  Opcode: event.system.Opcode,
  SystemUserId: event.system.Security_UserID,
  Version: Number(event.system.Version),
  Type: 'WindowsEvent',
});
const keptAsWindowsEvent = (event: LoggedEvent): LoggedEvent =>
  without(event, 'Provider_Guid', 'Execution_ProcessID', 'Execution_ThreadID');
const eventTable = (event: LoggedEvent): Record<string, unknown> => ({
  TenantId: 't',
  SourceSystem: 'OpsManager',
  TimeGenerated: event.system.TimeCreated_SystemTime,
  Source: event.system.Provider_Name,
  EventLog: event.system.Channel,
  Computer: event.system.Computer,
  EventLevel: Number(event.system.Level),
  EventID: Number(event.system.EventID),
  RenderedDescription: event.message,
  EventData: `<DataItem type="System.XmlData" time="x" sourceHealthServiceId="y">${sectionXml(event)}</DataItem>`,
  Type: 'Event',
});
const isAuditEvent = ({ system, wrapper }: LoggedEvent): boolean => system.Channel === 'Security' && wrapper === '';
const securityEvent = (event: LoggedEvent): Record<string, unknown> => ({
  TenantId: 't',
  TimeGenerated: event.system.TimeCreated_SystemTime,
  Account: 'CORP\\bob',
  AccountType: 'User',
  Computer: event.system.Computer,
  EventSourceName: event.system.Provider_Name,
  Channel: event.system.Channel,
  Task: Number(event.system.Task),
  Level: '8',
  EventID: Number(event.system.EventID),
  Activity: `${event.system.EventID} - x`,
  Type: 'SecurityEvent',
  ...dataObject(event.data),
});
const keptAsSecurityEvent = (event: LoggedEvent): LoggedEvent | null =>
  isAuditEvent(event) ? { ...onlyHead(event, 'Task'), system: { ...onlyHead(event, 'Task').system } } : null;

/** Columns, then rows without names. */
const answer = (records: readonly Record<string, unknown>[]): string => {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const columns = names.map((name) => ({ name, type: 'string' }));
  return JSON.stringify({
    tables: [{ name: 'PrimaryResult', columns, rows: records.map((record) => names.map((name) => record[name] ?? null)) }],
  });
};

const flatColumns = (prefix: string, value: unknown): [string, unknown][] =>
  value !== null && typeof value === 'object' && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, inner]) => flatColumns(prefix === '' ? key : `${prefix}.${key}`, inner))
    : [[prefix, Array.isArray(value) ? value.join(', ') : value]];

function csvShape(name: string, lost: string, row: (event: LoggedEvent) => object, kept: Shape['kept']): Shape {
  return {
    name,
    lost,
    file: `${name}.csv`,
    write: (events) => csvOf(events.filter((event) => kept(event) !== null).map(row)),
    kept,
  };
}
const NO_RECORD = 'Computer, EventRecordID, the zone of times; data is what the message tells';

export const tableShapes: readonly Shape[] = [
  lines(
    'EvtxECmd, JSON',
    'Level, Task, Opcode, other keywords than audit; data without names is one value',
    evtxECmd,
    keptByEvtxECmd,
  ),
  csvShape('EvtxECmd, CSV', 'as with its JSON; keywords', evtxECmd, (event) => without(keptByEvtxECmd(event), 'Keywords')),
  {
    ...lines('`Get-WinEvent | ConvertTo-Json`', 'the names of all data but that of Sysmon; milliseconds', getWinEvent, (event) =>
      withDigits(unnamed(event), 3),
    ),
    write: (events) => JSON.stringify(events.map(getWinEvent), null, 4).replaceAll('/Date', '\\/Date'),
  },
  csvShape('`Get-WinEvent | Export-Csv`', 'data is what the message tells; seconds and their zone', getWinEventRow, (event) =>
    withDigits(ofMessage(event), 0),
  ),
  lines(
    '`Get-EventLog | ConvertTo-Json`',
    'the channel, the names of data; seconds; other logs than the four classic ones',
    getEventLog,
    (event) =>
      EVENTLOG_ONLY.has(event.system.Channel!)
        ? withDigits(onlyHead(without({ ...event, data: [...event.data.map(asText), ['Message', event.message]] }, 'Channel')), 0)
        : null,
  ),
  {
    name: 'Event Viewer, CSV',
    lost: NO_RECORD,
    file: 'viewer.csv',
    write: (events) =>
      `\ufeffLevel,Date and Time,Source,Event ID,Task Category\r\n${events
        .map(
          (event) =>
            `Information,${localTime(event)},${event.system.Provider_Name},${event.system.EventID},x,${cell(event.message)}\r\n`,
        )
        .join('')}`,
    kept: (event) => {
      const lacks = ofChannel(event.system.Provider_Name!, event.system.EventID!) ? [] : ['Channel'];
      return withDigits(without(onlyHead(ofMessage(event)), 'Computer', 'EventRecordID', ...lacks), 0);
    },
  },
  lines('Sentinel `WindowsEvent`, JSON', 'Level, process and thread of the logger', windowsEvent, keptAsWindowsEvent),
  csvShape(
    'Sentinel `WindowsEvent`, CSV',
    'as in JSON',
    (event) => ({ ...windowsEvent(event), EventData: JSON.stringify(EVENT_DATA(event)) }),
    keptAsWindowsEvent,
  ),
  {
    ...lines('Log Analytics, answer of its API', 'as in JSON', windowsEvent, keptAsWindowsEvent),
    write: (events) => answer(events.map((event) => ({ ...windowsEvent(event), EventData: JSON.stringify(EVENT_DATA(event)) }))),
  },
  lines('Sentinel `Event`, JSON', 'EventRecordID and most System fields; CR of line ends', eventTable, (event) =>
    lineEnds(without(onlyHead(event, 'Level'), 'EventRecordID')),
  ),
  csvShape('Sentinel `Event`, CSV', 'as in JSON', eventTable, (event) =>
    lineEnds(without(onlyHead(event, 'Level'), 'EventRecordID')),
  ),
  lines('Sentinel `SecurityEvent`, JSON', 'EventRecordID, most System fields; other channels', securityEvent, (event) => {
    const kept = keptAsSecurityEvent(event);
    return kept === null
      ? null
      : { ...without(kept, 'EventRecordID'), system: { ...without(kept, 'EventRecordID').system, Level: '8' } };
  }),
  csvShape('Sentinel `SecurityEvent`, CSV', 'as in JSON; empty data', securityEvent, (event) => {
    const kept = keptAsSecurityEvent(event);
    return kept === null ? null : withoutEmpty(without(kept, 'EventRecordID', 'Task'));
  }),
  csvShape(
    'Splunk, CSV',
    'CR of line ends',
    (event) => ({ _time: 'x', host: 'h', sourcetype: 'XmlWinEventLog', _raw: eventXml(event) }),
    lineEnds,
  ),
  csvShape(
    'Kibana, CSV of Winlogbeat',
    'as with Winlogbeat; empty data',
    (event) => Object.fromEntries(flatColumns('', { ...winlogbeat(event), '@timestamp': kibanaTime(event) })),
    (event) => withoutEmpty(keptByBeats(event)),
  ),
  {
    ...lines('a list of Event XML as text', 'CR of line ends', eventXml, lineEnds),
    write: (events) => JSON.stringify(events.map((event) => eventXml(event))).replaceAll('<', '\\u003c'),
  },
  {
    ...lines('lines of Event XML as JSON text', 'CR of line ends', eventXml, lineEnds),
    write: (events) => jsonl(events.map((event) => eventXml(event))),
  },
];

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
function kibanaTime(event: LoggedEvent): string {
  const [, year, month, day, rest] = /^(\d+)-(\d+)-(\d+)T([\d:]+\.\d{3})/.exec(event.system.TimeCreated_SystemTime!)!;
  return `${MONTHS[Number(month) - 1]} ${Number(day)}, ${year} @ ${rest}`;
}
/** Providers whose events go to one channel. */
function ofChannel(provider: string, id: string): boolean {
  if (provider === 'Microsoft-Windows-Eventlog') return id === '1102' || id === '104';
  return /^(?:Microsoft-Windows-(?:Sysmon|Security-Auditing|PowerShell|Windows Defender|TaskScheduler|WMI-Activity|Bits-Client|TerminalServices-LocalSessionManager)|PowerShell|Service Control Manager)$/.test(
    provider,
  );
}
