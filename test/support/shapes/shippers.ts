/** What shippers and collectors write: one JSON record per event, System as keys, the data renamed, cut or wrapped. */
import { type Datum, dataObject, type LoggedEvent, withData, withDigits, without } from '../events/logged-event.ts';
import { ofMessage, toldByMessage } from './of-message.ts';
import { lines, type Shape } from './shape.ts';
import { eventXml, insideXml, lineEnds, sectionXml, systemXml } from './xml.ts';

const lowerFirst = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
const numbers = (names: readonly string[], event: LoggedEvent): object =>
  Object.fromEntries(names.map((name) => [name, Number(event.system[name])]));
const values = ({ data }: LoggedEvent): string[] => data.map(([, value]) => value);

const AUDIT: Readonly<Record<string, string>> = { '0x8020000000000000': 'Audit Success', '0x8010000000000000': 'Audit Failure' };
const keywordNames = ({ system }: LoggedEvent): string[] => [AUDIT[system.Keywords!] ?? 'None'];
const isAudit = ({ system }: LoggedEvent): boolean => AUDIT[system.Keywords!] !== undefined;
/** Names instead of numbers, and of keywords only the audit ones can be told. */
const renderedSystem = (event: LoggedEvent): LoggedEvent =>
  without(event, 'Level', 'Task', 'Opcode', ...(isAudit(event) ? [] : ['Keywords']));

/** Data without names as `param1`, `param2`, which are offered as `Data`, too. */
const params = (event: LoggedEvent): LoggedEvent => {
  let number = 0;
  const isParam = (name: string): boolean => name === '' || /^param\d+$/.test(name);
  const onlyParams = event.data.every(([name]) => isParam(name) || name === 'Binary');
  return withData(event, ([name, value]): Datum[] => {
    if (!isParam(name)) return [[name, value]];
    number++;
    return onlyParams
      ? [
          [name || `param${number}`, value],
          ['', value],
        ]
      : [[name || `param${number}`, value]];
  });
};
/** `param1`, `param2` of Windows itself are offered as `Data`, too. */
const offered = (event: LoggedEvent): LoggedEvent => (event.data.some(([name]) => name === '') ? event : params(event));
const paramObject = ({ data }: LoggedEvent): object => {
  let number = 0;
  return dataObject(data, (name) => (name === '' ? `param${++number}` : name));
};

/** Every value is unnamed; the message stands beside, and tells the names of some. */
function unnamed(event: LoggedEvent): LoggedEvent {
  return {
    ...event,
    data: [...event.data.map(([, value]): Datum => ['', value]), ['Message', event.message], ...(toldByMessage(event) ?? [])],
  };
}

function winlogbeat(event: LoggedEvent): Record<string, unknown> {
  const { system: s } = event;
  const data =
    event.wrapper === ''
      ? { event_data: paramObject(event) }
      : { user_data: { ...dataObject(event.data), xml_name: event.wrapper } };
  return {
    '@timestamp': withDigits(event, 3).system.TimeCreated_SystemTime,
    event: { code: s.EventID, kind: 'event', provider: s.Provider_Name },
    host: { name: s.Computer },
    log: { level: 'information' },
    message: event.message,
    winlog: {
      api: 'wineventlog',
      channel: s.Channel,
      computer_name: s.Computer,
      event_id: s.EventID,
      keywords: keywordNames(event),
      opcode: 'Info',
      process: { pid: Number(s.Execution_ProcessID), thread: { id: Number(s.Execution_ThreadID) } },
      provider_guid: s.Provider_Guid,
      provider_name: s.Provider_Name,
      record_id: Number(s.EventRecordID),
      task: 'x',
      user: { identifier: s.Security_UserID, name: 'SYSTEM' },
      version: Number(s.Version),
      ...data,
    },
  };
}
function keptByBeats(event: LoggedEvent): LoggedEvent {
  const kept = withDigits(renderedSystem(event), 3);
  return event.data.length === 0 ? { ...kept, data: [['Message', event.message]] } : params(kept);
}

function winlogbeat6(event: LoggedEvent): object {
  const { winlog, message, '@timestamp': time } = winlogbeat(event) as Record<string, Record<string, unknown>>;
  const { event_data, user_data, keywords, provider_guid, user, version } = winlog!;
  const { system: s } = event;
  return {
    '@timestamp': time,
    beat: { name: 'PC1', version: '6.8.0' },
    computer_name: s.Computer,
    event_id: Number(s.EventID),
    log_name: s.Channel,
    process_id: Number(s.Execution_ProcessID),
    thread_id: Number(s.Execution_ThreadID),
    record_number: s.EventRecordID,
    source_name: s.Provider_Name,
    ...{
      event_data,
      user_data,
      keywords,
      provider_guid,
      user,
      version,
      message,
      level: 'Information',
      task: 'x',
      opcode: 'Info',
      type: 'wineventlog',
    },
  };
}

function graylog(event: LoggedEvent): object {
  const flat: Record<string, unknown> = {};
  const walk = (prefix: string, value: unknown): void => {
    if (value === null || typeof value !== 'object' || Array.isArray(value))
      flat[prefix] = Array.isArray(value) ? value.join(',') : value;
    else for (const [key, inner] of Object.entries(value)) walk(prefix === '' ? key : `${prefix}_${key}`, inner);
  };
  const { '@timestamp': timestamp, message, winlog } = winlogbeat(event);
  walk('winlogbeat_winlog', winlog);
  return { timestamp, source: event.system.Computer, message, ...flat };
}

function wazuh(event: LoggedEvent): object {
  const { system: s, data, wrapper } = event;
  const plain = data.filter(([name]) => name === '').map(([, value]) => value);
  const named = data
    .filter(([name]) => name !== '')
    .map(([name, value]): [string, string] => [lowerFirst(name.replaceAll(' ', '')), value]);
  const section = { ...Object.fromEntries(named), ...(plain.length === 0 ? {} : { data: plain.join(', ') }) };
  return {
    win: {
      system: {
        providerName: s.Provider_Name,
        providerGuid: s.Provider_Guid,
        eventID: s.EventID,
        version: s.Version,
        level: s.Level,
        task: s.Task,
        opcode: s.Opcode,
        keywords: s.Keywords,
        systemTime: s.TimeCreated_SystemTime,
        eventRecordID: s.EventRecordID,
        processID: s.Execution_ProcessID,
        threadID: s.Execution_ThreadID,
        channel: s.Channel,
        computer: s.Computer,
        securityUserID: s.Security_UserID,
        severityValue: 'INFORMATION',
        message: `"${event.message}"`,
      },
      [wrapper === '' ? 'eventdata' : lowerFirst(wrapper)]: section,
    },
  };
}
function keptByWazuh(event: LoggedEvent): LoggedEvent {
  const plain = event.data.filter(([name]) => name === '').map(([, value]) => value);
  const named = event.data
    .filter(([name]) => name !== '')
    .map(
      ([name, value]): Datum => [
        /^param\d+$/i.test(name) ? lowerFirst(name) : name.charAt(0).toUpperCase() + name.slice(1),
        value,
      ],
    );
  if (event.data.length === 0) return { ...event, data: [['Message', `"${event.message}"`]] };
  return offered({ ...event, data: [...named, ...(plain.length === 0 ? [] : [['', plain.join(', ')] as Datum])] });
}

/** NXLog: local time without a zone (here UTC), and no UserData. */
function nxlog(event: LoggedEvent): object {
  const { system: s } = event;
  return {
    EventTime: s.TimeCreated_SystemTime!.slice(0, 19).replace('T', ' '),
    Hostname: s.Computer,
    Keywords: String(BigInt.asIntN(64, BigInt(s.Keywords!))),
    EventType: 'INFO',
    SeverityValue: 2,
    Severity: 'INFO',
    EventID: Number(s.EventID),
    SourceName: s.Provider_Name,
    ProviderGuid: s.Provider_Guid,
    Version: Number(s.Version),
    Task: Number(s.Task),
    OpcodeValue: Number(s.Opcode),
    RecordNumber: Number(s.EventRecordID),
    ExecutionProcessID: Number(s.Execution_ProcessID),
    ExecutionThreadID: Number(s.Execution_ThreadID),
    Channel: s.Channel,
    UserID: s.Security_UserID,
    Message: event.message,
    ...(event.wrapper === '' ? dataObject(event.data.filter(([name]) => name !== '')) : {}),
    EventReceivedTime: s.TimeCreated_SystemTime!.slice(0, 19).replace('T', ' '),
    SourceModuleName: 'eventlog',
    SourceModuleType: 'im_msvistalog',
    ...(event.data.some(([name]) => name === 'EventType')
      ? { EventTypeOrignal: 'INFO', EventType: event.data.find(([name]) => name === 'EventType')![1] }
      : {}),
  };
}

function promtail(event: LoggedEvent): object {
  const { system: s } = event;
  return {
    source: s.Provider_Name,
    channel: s.Channel,
    computer: s.Computer,
    event_id: Number(s.EventID),
    // `omitempty` of Go: no zeros.
    ...Object.fromEntries(
      Object.entries({ version: s.Version, level: s.Level, task: s.Task, opCode: s.Opcode }).flatMap(([name, value]) =>
        value === '0' ? [] : [[name, Number(value)]],
      ),
    ),
    levelText: 'Information',
    keywords: keywordNames(event).join(','),
    timeCreated: s.TimeCreated_SystemTime,
    eventRecordID: Number(s.EventRecordID),
    execution: { processId: Number(s.Execution_ProcessID), threadId: Number(s.Execution_ThreadID), processName: 'x' },
    security: { userId: s.Security_UserID, userName: 'SYSTEM' },
    ...(event.data.length === 0 ? {} : event.wrapper === '' ? { event_data: insideXml(event) } : { user_data: insideXml(event) }),
    message: event.message,
  };
}
function withoutZeros(event: LoggedEvent): LoggedEvent {
  const zeros = ['Version', 'Level', 'Task', 'Opcode'].filter((name) => event.system[name] === '0');
  return without(event, 'Provider_Guid', ...zeros, ...(isAudit(event) ? [] : ['Keywords']));
}
const messageWithoutData = (event: LoggedEvent): LoggedEvent =>
  event.data.length === 0 ? { ...event, data: [['Message', event.message]] } : event;

function otelBody(event: LoggedEvent, list: boolean): Record<string, unknown> {
  const { system: s } = event;
  const binary = event.data.find(([name]) => name === 'Binary')?.[1];
  const data = event.data.filter(([name]) => name !== 'Binary');
  const asList = data.length === 0 ? {} : { data: data.map(([name, value]) => ({ [name]: value })) };
  const section = { ...(binary === undefined ? {} : { binary }), ...(list ? asList : paramObject({ ...event, data })) };
  return {
    channel: s.Channel,
    computer: s.Computer,
    event_id: { id: Number(s.EventID), qualifiers: 0 },
    keywords: keywordNames(event),
    level: 'Information',
    message: event.message,
    opcode: 'Info',
    provider: { event_source: '', guid: s.Provider_Guid, name: s.Provider_Name },
    record_id: Number(s.EventRecordID),
    system_time: s.TimeCreated_SystemTime,
    task: 'x',
    version: Number(s.Version),
    execution: { process_id: Number(s.Execution_ProcessID), thread_id: Number(s.Execution_ThreadID) },
    security: { user_id: s.Security_UserID },
    event_data: event.wrapper === '' ? section : {},
    ...(event.wrapper === '' ? {} : { user_data: { name: event.wrapper, data: dataObject(event.data) } }),
  };
}
const keptByOtel = (event: LoggedEvent): LoggedEvent => {
  const kept = renderedSystem(event);
  return { ...messageWithoutData(kept), system: { ...kept.system, EventID_Qualifiers: '0' } };
};
function typedValue(value: unknown): object {
  if (Array.isArray(value)) return { arrayValue: { values: value.map(typedValue) } };
  if (typeof value === 'object')
    return { kvlistValue: { values: Object.entries(value!).map(([key, inner]) => ({ key, value: typedValue(inner) })) } };
  return typeof value === 'number' ? { intValue: String(value) } : { stringValue: value };
}
/** Some records per line, as the collector batches them. */
function otlp(bodies: readonly unknown[]): string {
  const batches: unknown[] = [];
  for (let at = 0; at < bodies.length; at += 100) {
    const logRecords = bodies.slice(at, at + 100).map((body) => ({
      timeUnixNano: '1709629582441091000',
      severityNumber: 9,
      severityText: 'Information',
      body: typedValue(body),
      attributes: [{ key: 'a', value: { stringValue: 'b' } }],
    }));
    batches.push({ resourceLogs: [{ resource: { attributes: [] }, scopeLogs: [{ scope: {}, logRecords }] }] });
  }
  return `${batches.map((batch) => JSON.stringify(batch)).join('\n')}\n`;
}

function telegraf(event: LoggedEvent): object {
  const { system: s } = event;
  const counts = new Map<string, number>();
  for (const [name] of event.data) counts.set(name, (counts.get(name) ?? 0) + 1);
  let number = 0;
  const fields = event.data.flatMap(([name, value]) => {
    const prefix =
      name === 'Binary' ? name : event.wrapper === '' ? (name === '' ? 'Data' : `Data_${name}`) : `${event.wrapper}_${name}`;
    if (value.trim() === '') return [];
    return [[counts.get(name)! > 1 ? `${prefix}_${++number}` : prefix, value.trim()]];
  });
  return {
    fields: {
      ...Object.fromEntries(fields),
      ...numbers(['EventRecordID', 'Version', 'Task'], event),
      TimeCreated: s.TimeCreated_SystemTime,
      Message: event.message,
      LevelText: 'Information',
      TaskText: 'x',
      OpcodeText: '',
      Opcode: Number(s.Opcode),
      ProcessID: Number(s.Execution_ProcessID),
      ThreadID: Number(s.Execution_ThreadID),
      UserID: s.Security_UserID,
      UserName: 'NT AUTHORITY\\SYSTEM',
    },
    name: 'win_eventlog',
    tags: {
      Channel: s.Channel,
      Computer: s.Computer,
      EventID: s.EventID,
      Keywords: keywordNames(event).join(','),
      Level: s.Level,
      Source: s.Provider_Name,
      host: 'PC1',
    },
    timestamp: 1709629582,
  };
}
const trimmed = (event: LoggedEvent): LoggedEvent =>
  withData(event, ([name, value]) => (value.trim() === '' ? [] : [[name, value.trim()]]));

/** Vector reads `Data` only, trims texts, and does not see elements that are closed at once. */
function vector(event: LoggedEvent): object {
  const { system: s } = event;
  const data = event.wrapper === '' ? trimmed(event).data.filter(([name]) => name !== 'Binary') : [];
  const named = data.filter(([name]) => name !== '');
  const inserts = data.filter(([name]) => name === '').map(([, value]) => value);
  return {
    timestamp: withDigits(event, 3).system.TimeCreated_SystemTime,
    message: event.message,
    host: s.Computer,
    source_type: 'windows_event_log',
    channel: s.Channel,
    computer: s.Computer,
    event_id: Number(s.EventID),
    level: 'Information',
    level_value: Number(s.Level),
    provider_name: s.Provider_Name,
    provider_guid: s.Provider_Guid,
    record_id: Number(s.EventRecordID),
    process_id: Number(s.Execution_ProcessID),
    thread_id: Number(s.Execution_ThreadID),
    ...(s.Task === '0' ? {} : { task: Number(s.Task) }),
    keywords: s.Keywords,
    version: Number(s.Version),
    user_id: s.Security_UserID,
    ...(inserts.length === 0 ? {} : { string_inserts: inserts }),
    ...(named.length === 0 ? {} : { event_data: Object.fromEntries(named) }),
  };
}
function keptByVector(event: LoggedEvent): LoggedEvent {
  const zeros = ['Opcode', ...(event.system.Task === '0' ? ['Task'] : [])];
  const kept = withDigits(without(trimmed(event), ...zeros), 3);
  const data = event.wrapper === '' ? kept.data.filter(([name]) => name !== 'Binary') : [];
  return offered(messageWithoutData({ ...kept, data }));
}

const FLUENT = { time: (event: LoggedEvent) => `${event.system.TimeCreated_SystemTime!.slice(0, 19).replace('T', ' ')} +0000` };
function fluentBit(event: LoggedEvent): object {
  const { system: s } = event;
  return {
    ProviderName: s.Provider_Name,
    ProviderGuid: s.Provider_Guid,
    Qualifiers: '',
    EventID: Number(s.EventID),
    Version: Number(s.Version),
    Level: Number(s.Level),
    Task: Number(s.Task),
    Opcode: Number(s.Opcode),
    Keywords: s.Keywords,
    TimeCreated: FLUENT.time(event),
    EventRecordID: Number(s.EventRecordID),
    ActivityID: '',
    RelatedActivityID: '',
    ProcessID: Number(s.Execution_ProcessID),
    ThreadID: Number(s.Execution_ThreadID),
    Channel: s.Channel,
    Computer: s.Computer,
    UserID: s.Security_UserID,
    Message: event.message,
    StringInserts: values(event),
  };
}

const CLASSIC_TIME = (event: LoggedEvent): string => {
  const [, year, month, day, hour, rest] = /^(\d+)-(\d+)-(\d+)T(\d+)(:\d+:\d+)/.exec(event.system.TimeCreated_SystemTime!)!;
  return `${month}/${day}/${year} ${String(Number(hour) % 12 || 12).padStart(2, '0')}${rest} ${Number(hour) < 12 ? 'AM' : 'PM'}`;
};
export function splunkText(event: LoggedEvent): string {
  const { system: s } = event;
  const source =
    s.Provider_Name === 'Microsoft-Windows-Security-Auditing' ? 'Microsoft Windows security auditing.' : s.Provider_Name;
  return [
    CLASSIC_TIME(event),
    `LogName=${s.Channel}`,
    `EventCode=${s.EventID}`,
    'EventType=0',
    `ComputerName=${s.Computer}`,
    `SourceName=${source}`,
    'Type=Information',
    `RecordNumber=${s.EventRecordID}`,
    `Keywords=${keywordNames(event).join('')}`,
    'TaskCategory=x',
    'OpCode=Info',
    `Message=${event.message.replaceAll('\r\n', '\n')}`,
  ].join('\n');
}
function keptBySplunkText(event: LoggedEvent): LoggedEvent {
  const kept = withDigits(
    without(renderedSystem(event), 'Provider_Guid', 'Version', 'Execution_ProcessID', 'Execution_ThreadID', 'Security_UserID'),
    0,
  );
  return ofMessage({ ...kept, message: event.message.replaceAll('\r\n', '\n').trimEnd() });
}

const EVENT_DATA = (event: LoggedEvent): object => dataObject(event.data, (name) => name || 'Data');
const headColumns = ({ system: s }: LoggedEvent): object => ({
  EventTime: s.TimeCreated_SystemTime,
  Computer: s.Computer,
  Channel: s.Channel,
  Provider: s.Provider_Name,
  EventID: Number(s.EventID),
  EventRecordID: Number(s.EventRecordID),
});
const HEAD = ['Provider_Name', 'EventID', 'TimeCreated_SystemTime', 'EventRecordID', 'Channel', 'Computer'];
const onlyHead = (event: LoggedEvent, ...more: string[]): LoggedEvent => ({
  ...event,
  system: Object.fromEntries(Object.entries(event.system).filter(([name]) => [...HEAD, ...more].includes(name))),
});

export const shipperShapes: readonly Shape[] = [
  lines(
    'Winlogbeat 7 and 8, without modules',
    'Level, Task, Opcode, other keywords than audit; milliseconds',
    winlogbeat,
    keptByBeats,
  ),
  lines('Winlogbeat 5 and 6', 'as with Winlogbeat 8', winlogbeat6, keptByBeats),
  lines(
    'Winlogbeat with `include_xml`',
    'CR of line ends',
    (event) => ({ ...winlogbeat(event), event: { original: eventXml(event) } }),
    lineEnds,
  ),
  lines('Graylog behind Winlogbeat', 'as with Winlogbeat 8', graylog, keptByBeats),
  lines('Wazuh agent', 'names in small letters get a capital; data without names is one value', wazuh, keptByWazuh),
  lines(
    'Wazuh archive',
    'as with the agent',
    (event) => ({ timestamp: 'x', agent: { name: 'a' }, data: wazuh(event), location: 'EventChannel' }),
    keptByWazuh,
  ),
  lines(
    'OpenTelemetry Collector, data as a map',
    'Level, Task, Opcode, other keywords than audit',
    (event) => ({ body: otelBody(event, false) }),
    (event) => params(keptByOtel(event)),
  ),
  lines(
    'OpenTelemetry Collector, data as a list',
    'Level, Task, Opcode, other keywords than audit',
    (event) => otelBody(event, true),
    (event) => offered(keptByOtel(event)),
  ),
  {
    ...lines('OTLP in JSON', 'Level, Task, Opcode, other keywords than audit', otelBody as never, (event) =>
      offered(keptByOtel(event)),
    ),
    write: (events) => otlp(events.map((event) => otelBody(event, true))),
  },
  {
    ...lines('OTLP in JSON, `raw: true`', 'CR of line ends', eventXml, lineEnds),
    write: (events) => otlp(events.map((event) => eventXml(event))),
  },
  lines('Promtail, Alloy', 'System fields that are 0, other keywords than audit; CR of line ends', promtail, (event) =>
    lineEnds(messageWithoutData(withoutZeros(event))),
  ),
  {
    ...lines('Loki, answer of its API', 'as with Promtail', promtail, (event) =>
      lineEnds(messageWithoutData(withoutZeros(event))),
    ),
    write: (events) =>
      JSON.stringify({
        status: 'success',
        data: {
          resultType: 'streams',
          result: [
            { stream: { job: 'x' }, values: events.map((event) => ['1709629582441091000', JSON.stringify(promtail(event))]) },
          ],
        },
      }),
  },
  lines(
    'Loki, `logcli -o jsonl`',
    'as with Promtail',
    (event) => ({ labels: {}, line: JSON.stringify(promtail(event)), timestamp: 'x' }),
    (event) => lineEnds(messageWithoutData(withoutZeros(event))),
  ),
  lines('Telegraf', 'empty data, blanks at the ends of values, other keywords than audit', telegraf, (event) => {
    const kept = without(trimmed(event), 'Provider_Guid', ...(isAudit(event) ? [] : ['Keywords']));
    return offered(messageWithoutData(kept));
  }),
  lines('Vector', 'UserData, `Binary`, empty data, blanks at the ends of values; milliseconds', vector, keptByVector),
  lines('NXLog', 'UserData and data without names (the message stands for them); Level; seconds', nxlog, (event) => {
    const kept = withDigits(without(event, 'Level'), 0);
    const named = event.wrapper === '' ? event.data.filter(([name]) => name !== '') : [];
    return { ...kept, data: named.length === 0 ? [['Message', event.message]] : named };
  }),
  lines('fluent-bit `winevtlog`', 'the names of all data but that of Sysmon; seconds', fluentBit, (event) =>
    withDigits(
      unnamed({
        ...event,
        system: { ...event.system, EventID_Qualifiers: '', Correlation_ActivityID: '', Correlation_RelatedActivityID: '' },
      }),
      0,
    ),
  ),
  lines(
    'fluent-bit, `Render_Event_As_XML`',
    'the names of all data but that of Sysmon',
    (event) => ({ date: 1, System: systemXml(event), Message: event.message, StringInserts: values(event) }),
    unnamed,
  ),
  {
    ...lines(
      'Splunk, classic text',
      'data (the message stands for it) but that of Sysmon; seconds; most System fields',
      splunkText,
      keptBySplunkText,
    ),
    write: (events) => events.map((event) => `${splunkText(event)}\n`).join(''),
  },
  lines(
    'Splunk, `_raw` as classic text',
    'as with the text',
    (event) => ({
      preview: false,
      result: { _raw: splunkText(event), _time: withDigits(event, 0).system.TimeCreated_SystemTime, sourcetype: 'WinEventLog' },
    }),
    keptBySplunkText,
  ),
  lines(
    'Splunk, `_raw` as XML',
    'CR of line ends',
    (event) => ({ preview: false, result: { _raw: eventXml(event), sourcetype: 'XmlWinEventLog' } }),
    lineEnds,
  ),
  lines(
    'Splunk, HTTP event collector',
    'CR of line ends',
    (event) => ({ time: 1, host: 'h', sourcetype: 'XmlWinEventLog', event: eventXml(event) }),
    lineEnds,
  ),
  lines(
    'plaso `json_line`',
    'CR of line ends',
    (event) => ({
      data_type: 'windows:evtx:record',
      event_identifier: Number(event.system.EventID),
      source_name: event.system.Provider_Name,
      computer_name: event.system.Computer,
      timestamp: 1,
      strings: values(event),
      xml_string: eventXml(event),
    }),
    lineEnds,
  ),
  lines(
    'osquery `windows_events`',
    'EventRecordID and other System fields; data without names is one field',
    (event) => ({
      name: 'windows_events',
      hostIdentifier: event.system.Computer,
      columns: {
        data: JSON.stringify(
          event.wrapper === ''
            ? { EventData: EVENT_DATA(event) }
            : { UserData: { [event.wrapper]: Object.fromEntries(event.data) } },
        ),
        datetime: event.system.TimeCreated_SystemTime,
        eventid: event.system.EventID,
        keywords: event.system.Keywords,
        level: event.system.Level,
        provider_guid: event.system.Provider_Guid,
        provider_name: event.system.Provider_Name,
        source: event.system.Channel,
        task: event.system.Task,
      },
    }),
    (event) =>
      without(event, 'Version', 'Opcode', 'EventRecordID', 'Execution_ProcessID', 'Execution_ThreadID', 'Security_UserID'),
  ),
  lines(
    'Velociraptor artifacts',
    'most System fields',
    (event) => ({ ...headColumns(event), EventData: EVENT_DATA(event), Message: event.message }),
    (event) =>
      onlyHead(
        event.data.length > 0
          ? event
          : {
              ...event,
              data: [
                ['Message', event.message],
                ['Provider', event.system.Provider_Name!],
              ],
            },
      ),
  ),
  lines(
    'XML of a section in a field',
    'most System fields; CR of line ends',
    (event) => ({ ...headColumns(event), [event.wrapper === '' ? 'EventData' : 'UserData']: sectionXml(event) }),
    (event) => lineEnds(onlyHead(event)),
  ),
  lines('XML of the event in any field', 'CR of line ends', (event) => ({ log: eventXml(event), stream: 'stdout' }), lineEnds),
  {
    ...lines('JSON behind the prefix of syslog', 'as with Winlogbeat 8', winlogbeat, keptByBeats),
    write: (events) => events.map((event) => `<13>Mar  5 09:06:22 PC1 beat: ${JSON.stringify(winlogbeat(event))}\n`).join(''),
  },
];
export { EVENT_DATA, keptByBeats, keywordNames, onlyHead, unnamed, values, winlogbeat };
