/** Each exporter's shape gives the event that EVTX and XML give. */
import { describe, expect, test } from 'vitest';
import { eventsFromJsonText } from '../../src/logs/plain-event.ts';
import { fieldValue } from '../../src/model/event.ts';
import { dataOf, eventXml, readJson } from './support.ts';

const read = (...records: unknown[]): ReturnType<typeof readJson> =>
  readJson(records.map((record) => JSON.stringify(record)).join('\n'));
const eventOf = (record: unknown): { system: object; data: object; time: string | null; head: unknown[] } => {
  const { events, diagnostics } = read(record);
  expect(diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
  const [event] = events;
  return {
    system: { ...event!.system },
    data: { ...event!.data },
    time: event!.TimeCreated,
    head: [event!.Channel, event!.Provider, event!.EventID, event!.Computer, event!.EventRecordID],
  };
};

const CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
const PROVIDER = 'Microsoft-Windows-Sysmon';
const GUID = '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}';
const BARE_GUID = '5770385F-C22A-43E0-BF4C-06F5698FFBD9';
const TIME = '2019-05-11T17:58:23.4185630Z';
const HEAD = [CHANNEL, PROVIDER, 1, 'PC1', 4000];
const SYSTEM = {
  Provider_Name: PROVIDER,
  Provider_Guid: GUID,
  EventID: '1',
  Version: '5',
  Level: '4',
  Task: '1',
  Opcode: '0',
  Keywords: '0x8000000000000000',
  TimeCreated_SystemTime: '2019-05-11T17:58:23.418563Z',
  EventRecordID: '4000',
  Execution_ProcessID: '2032',
  Execution_ThreadID: '2020',
  Channel: CHANNEL,
  Computer: 'PC1',
  Security_UserID: 'S-1-5-18',
};

describe('evtx_dump', () => {
  const system = {
    Provider: { '#attributes': { Name: PROVIDER, Guid: BARE_GUID } },
    EventID: 1,
    Version: 5,
    Level: 4,
    Task: 1,
    Opcode: 0,
    Keywords: '0x8000000000000000',
    TimeCreated: { '#attributes': { SystemTime: '2019-05-11T17:58:23.418563Z' } },
    EventRecordID: 4000,
    Correlation: null,
    Execution: { '#attributes': { ProcessID: 2032, ThreadID: 2020 } },
    Channel: CHANNEL,
    Computer: 'PC1',
    Security: { '#attributes': { UserID: 'S-1-5-18' } },
  };
  const event = (rest: object): unknown => ({ Event: { '#attributes': { xmlns: 'x' }, System: system, ...rest } });

  test.each([
    ['unnamed data, one', { Data: 'a' }, { Data: 'a' }],
    ['unnamed data, as an array', { Data: ['a', 'b'] }, { Data: ['a', 'b'] }],
    ['binary', { Data: 'a', Binary: '0A0B' }, { Data: 'a', Binary: '0A0B' }],
    ['an EventData with a name', { '#attributes': { Name: 'TaskDisabled' }, TaskName: 'x' }, { TaskName: 'x' }],
    ['repeated names, numbered', { LogonGuid_1: BARE_GUID, LogonGuid_2: 'b', LogonGuid: 'c' }, { LogonGuid: [GUID, 'b', 'c'] }],
    ['names that only look numbered', { Key_1: 'a', Other: 'b', X_2: 'c', X: 'd' }, { Key_1: 'a', Other: 'b', X_2: 'c', X: 'd' }],
    ['null is an element that is there and empty', { A: null }, { A: '' }],
    [
      'lower-case GUID text is text',
      { A: '5770385f-c22a-43e0-bf4c-06f5698ffbd9' },
      { A: '5770385f-c22a-43e0-bf4c-06f5698ffbd9' },
    ],
    [
      'names beside values',
      { Data: [{ '@Name': 'A', '#text': 'b' }, { '#text': 'd', '@Name': 'C D' }, { '@Name': 'E' }] },
      { A: 'b', CD: 'd', E: '' },
    ],
    ['one name beside its value', { Data: { '@Name': 'A', '#text': 'b' } }, { A: 'b' }],
  ])('EventData: %s', (_name, data, expected) => {
    expect(eventOf(event({ EventData: data })).data).toEqual(expected);
  });

  test('attributes as @name, -name and $, one event under Events', () => {
    for (const mark of ['@', '-']) {
      const attributes = { [`${mark}Name`]: PROVIDER, [`${mark}Guid`]: GUID };
      const one = {
        Events: {
          Event: {
            [`${mark}xmlns`]: 'x',
            System: { ...system, Provider: attributes },
            EventData: { Data: [{ [`${mark}Name`]: 'A', '#text': 'b' }] },
          },
        },
      };
      expect(eventOf(one)).toMatchObject({ system: SYSTEM, data: { A: 'b' }, head: HEAD });
    }
    const dollar = {
      Event: {
        System: { ...system, Provider: [{ $: { Name: PROVIDER } }], EventID: '1' },
        EventData: { Data: [{ _: 'b', $: { Name: 'A' } }] },
      },
    };
    expect(eventOf(dollar)).toMatchObject({ data: { A: 'b' }, head: HEAD });
  });

  test('names in values: the layout is that of the names', () => {
    const one = (name: string): unknown => event({ EventData: { Data: [{ '@Name': name, '#text': 'v' }] } });
    expect(read(one('A'), one('B'), one('A')).events.map(({ data }) => ({ ...data }))).toEqual([
      { A: 'v' },
      { B: 'v' },
      { A: 'v' },
    ]);
  });

  test('no EventData, and UserData', () => {
    expect(eventOf(event({ EventData: null })).data).toEqual({});
    const user = {
      LogFileCleared: {
        '#attributes': { xmlns: 'y' },
        SubjectUserName: 'a',
        Channel: 'Security',
        Inner: { '#attributes': { k: 1 }, '#text': 't' },
      },
    };
    expect(eventOf(event({ UserData: user })).data).toEqual({
      SubjectUserName: 'a',
      Channel: 'Security',
      Inner_k: '1',
      Inner: 't',
    });
  });

  test('EventID as an object', () => {
    const qualified = {
      Event: { System: { ...system, EventID: { '#attributes': { Qualifiers: 16384 }, '#text': 7045 } }, EventData: {} },
    };
    expect(eventOf(qualified).system).toMatchObject({ EventID: '7045', EventID_Qualifiers: '16384' });
    expect(read(qualified).events[0]?.EventID).toBe(7045);
    const beside = { Event: { System: { ...system, EventID_attributes: { Qualifiers: 16384 } }, EventData: {} } };
    expect(eventOf(beside).system).toEqual({ ...SYSTEM, EventID_Qualifiers: '16384' });
  });
});

test('Velociraptor: what stands beside System and EventData is no data', () => {
  const System = { Provider: { Name: PROVIDER }, EventID: { Value: 1 }, Channel: CHANNEL, Computer: 'PC1', Correlation: {} };
  const { system, data } = eventOf({ System, EventData: { ProcessId: 7 }, Message: 'Process Create: ...', OSPath: 'C:\\x.evtx' });
  expect(system).toEqual({ Provider_Name: PROVIDER, EventID: '1', Channel: CHANNEL, Computer: 'PC1' });
  expect(data).toEqual({ ProcessId: '7' });
});

describe('names and values in items of Data', () => {
  const system = { EventID: { text: '7045' }, Channel: 'System', Computer: 'PC1' };
  const named = (data: unknown): unknown =>
    dataOf(readJson(JSON.stringify({ Event: { System: system, EventData: { Data: data } } })));

  test.each([
    ['the text first', [{ text: 'a.exe', Name: 'Image' }, { Name: 'RuleName' }, { text: 'b c', Name: 'CommandLine' }]],
    [
      'sorted keys',
      [{ '#text': 'a.exe', '@Name': 'Image' }, { '@Name': 'RuleName' }, { '#text': 'b c', '@Name': 'CommandLine' }],
    ],
    [
      'keys beside them',
      [
        { '@Type': 'x', '#text': 'a.exe', '@Name': 'Image' },
        { '@Name': 'RuleName', '@Type': 'x' },
        { '@Name': 'CommandLine', '@Type': 'y', '#text': 'b c' },
      ],
    ],
    [
      'attributes in an object',
      [
        { '#text': 'a.exe', '#attributes': { Name: 'Image' } },
        { '#attributes': { Name: 'RuleName' } },
        { '#attributes': { Name: 'CommandLine' }, '#text': 'b c' },
      ],
    ],
  ])('belong together by item: %s', (_name, items) => {
    expect(named(items)).toEqual([{ Image: 'a.exe', RuleName: '', CommandLine: 'b c' }]);
  });

  test('one item, items without a name, no items', () => {
    expect(named({ text: 'a.exe', Name: 'Image' })).toEqual([{ Image: 'a.exe' }]);
    expect(named([{ '#text': 'a' }, { '#text': 'b' }])).toEqual([{ Data: ['a', 'b'] }]);
    expect(named([{}, { '#text': 'b', '@Name': 'A' }])).toEqual([{ A: 'b' }]);
  });

  test('a System field may be an object with its text', () => {
    const { events } = readJson(JSON.stringify({ Event: { System: system, EventData: { A: 1 } } }));
    expect(events.map(({ EventID, Channel }) => [EventID, Channel])).toEqual([[7045, 'System']]);
  });
});

describe('Winlogbeat and Elastic Agent', () => {
  const winlog = {
    channel: CHANNEL,
    provider_name: PROVIDER,
    provider_guid: GUID.toLowerCase(),
    event_id: '1',
    version: 5,
    record_id: 4000,
    computer_name: 'PC1',
    process: { pid: 2032, thread: { id: 2020 } },
    user: { identifier: 'S-1-5-18', name: 'SYSTEM', type: 'User' },
    task: 'Process Create (rule: ProcessCreate)',
    opcode: 'Info',
    api: 'wineventlog',
    event_data: { Image: 'C:\\a.exe', ProcessGuid: GUID, Signed: 'true' },
  };
  const ecs = {
    '@timestamp': '2019-05-11T17:58:23.418Z',
    ecs: { version: '8.0' },
    agent: { type: 'winlogbeat' },
    host: { name: 'pc1' },
    message: 'Process Create: ...',
    process: { executable: 'C:\\a.exe' },
  };

  test("time_created is the event's own time", () => {
    expect(eventOf({ ...ecs, winlog: { ...winlog, time_created: '2019-05-11T17:58:23.418563Z' } }).time).toBe(TIME);
  });

  test('dotted keys, user_data, audit keywords, unnamed data, no data', () => {
    const dotted = {
      '@timestamp': ecs['@timestamp'],
      'winlog.channel': 'Security',
      'winlog.event_id': 1102,
      'winlog.user_data.SubjectUserName': 'a',
      'winlog.user_data.xml_name': 'W',
    };
    expect(eventOf(dotted)).toMatchObject({ head: ['Security', '', 1102, '', null], data: { SubjectUserName: 'a' } });
    expect(eventOf({ winlog: { ...winlog, keywords: ['Audit Failure'] } }).system).toMatchObject({
      Keywords: '0x8010000000000000',
    });
    expect(eventOf({ winlog: { ...winlog, event_data: { param1: 'a', param2: 'b' } } }).data).toEqual({
      param1: 'a',
      Data: ['a', 'b'],
      param2: 'b',
    });
    expect(eventOf({ ...ecs, winlog: { channel: 'x', event_id: 5 } }).data).toEqual({ Message: 'Process Create: ...' });
  });

  test('the fields of a search answer: dotted keys, every value in an array', () => {
    const fields = {
      'winlog.channel': ['Security'],
      'winlog.event_id': ['4688'],
      'winlog.event_data.NewProcessName': ['C:\\a.exe'],
    };
    expect(eventOf({ _index: 'x', _id: 'y', fields })).toMatchObject({
      head: ['Security', '', 4688, '', null],
      data: { NewProcessName: 'C:\\a.exe' },
    });
    expect(eventOf({ winlog: { channel: 'c', event_id: 1 }, fields: { env: 'prod' } }).head).toEqual(['c', '', 1, '', null]);
  });
});

test('Elastic Defend API events: dotted names, dataset as channel', () => {
  const record = {
    '@timestamp': '2023-03-02T10:00:00.1234567Z',
    event: { dataset: 'endpoint.events.api', module: 'endpoint', action: 'api', category: ['api'] },
    host: { name: 'pc1', os: { family: 'windows' } },
    process: {
      executable: 'C:\\a.exe',
      Ext: { api: { name: 'IWbemServices::PutInstance', parameters: { consumer_type: 'CommandLineEventConsumer' } } },
    },
  };
  const event = eventOf(record);
  expect(event.head).toEqual(['endpoint.events.api', 'endpoint', null, 'pc1', null]);
  expect(event.time).toBe('2023-03-02T10:00:00.1234567Z');
  expect(event.data).toMatchObject({
    'host.name': 'pc1',
    'process.Ext.api.name': 'IWbemServices::PutInstance',
    'process.Ext.api.parameters.consumer_type': 'CommandLineEventConsumer',
    'process.executable': 'C:\\a.exe',
    'event.category': 'api',
  });
});

describe('NXLog', () => {
  const record = {
    EventTime: '2019-05-11 13:58:23',
    EventReceivedTime: '2019-05-11 13:58:25',
    '@timestamp': '2019-05-11T17:58:25.100Z',
    Hostname: 'PC1',
    Keywords: String(-9223372036854775808n),
    EventType: 'INFO',
    SeverityValue: 2,
    Severity: 'INFO',
    EventID: 1,
    SourceName: PROVIDER,
    ProviderGuid: GUID,
    Version: 5,
    Task: 1,
    OpcodeValue: 0,
    RecordNumber: 4000,
    ExecutionProcessID: 2032,
    ThreadID: 2020,
    Channel: CHANNEL,
    Domain: 'NT AUTHORITY',
    AccountName: 'SYSTEM',
    UserID: 'S-1-5-18',
    AccountType: 'User',
    Message: 'Process Create: ...',
    Category: 'Process Create',
    Opcode: 'Info',
    Image: 'C:\\a.exe',
    SourceModuleName: 'eventlog',
    tags: ['x'],
  };

  test('what it adds of its own is no data, and the thread may have its older name', () => {
    const { system, data } = eventOf(record);
    expect(data).toEqual({ Image: 'C:\\a.exe' });
    expect(system).toMatchObject({ Execution_ThreadID: '2020', Security_UserID: 'S-1-5-18' });
  });

  test("an account name that is the event's own", () => {
    expect(eventOf({ ...record, ServiceName: 's', ImagePath: 'p', AccountName: 'LocalSystem' }).data).toMatchObject({
      AccountName: 'LocalSystem',
    });
  });
});

describe('Get-WinEvent | ConvertTo-Json', () => {
  const record = {
    Id: 1,
    Version: 5,
    Qualifiers: null,
    Level: 4,
    Task: 1,
    Opcode: 0,
    Keywords: String(-9223372036854775808n),
    RecordId: 4000,
    ProviderName: PROVIDER,
    ProviderId: BARE_GUID.toLowerCase(),
    LogName: CHANNEL,
    ProcessId: 2032,
    ThreadId: 2020,
    MachineName: 'PC1',
    UserId: { BinaryLength: 12, AccountDomainSid: null, Value: 'S-1-5-18' },
    TimeCreated: '/Date(1557597503418)/',
    ActivityId: null,
    Bookmark: {},
    LevelDisplayName: 'Information',
    KeywordsDisplayNames: [],
    Properties: [{ Value: '-' }, { Value: 3140 }, { Value: true }],
    Message: 'Process Create: ...',
  };

  test('what it adds of its own is no data', () => {
    expect(eventOf(record).data).toEqual({ Data: ['-', '3140', 'true'], Message: 'Process Create: ...' });
  });

  test.each([
    ['an object', { value: '/Date(1557597503418)/', DisplayHint: 2, DateTime: 'Saturday' }, '2019-05-11T17:58:23.4180000Z'],
    ['ISO 8601 with an offset', '2019-05-11T19:58:23.418563+02:00', TIME],
    ['ISO 8601', '2019-05-11T17:58:23.418563Z', TIME],
  ])('TimeCreated as %s', (_name, TimeCreated, expected) => {
    expect(eventOf({ ...record, TimeCreated }).time).toBe(expected);
  });
});

describe('Splunk', () => {
  test('_raw as XML is the event', () => {
    const { events } = read(
      { preview: false, offset: 0, result: { _time: '2019', host: 'x', source: 'y', _raw: eventXml(7) } },
      { result: { _raw: eventXml(8).replace(/<(\/?)(?=[A-Z])/g, '<$1e:') } },
    );
    expect(events.map((event) => [event.EventRecordID, event.Channel, { ...event.data }])).toEqual([
      [7, CHANNEL, { Image: 'C:\\a7.exe' }],
      [8, CHANNEL, { Image: 'C:\\a8.exe' }],
    ]);
    expect(events.map(({ index, offset }) => [index, offset > 0])).toEqual([
      [0, false],
      [1, true],
    ]);
  });

  test('extracted fields', () => {
    const result = {
      _time: '2019-05-11T17:58:23.000+00:00',
      EventCode: '4688',
      LogName: 'Security',
      SourceName: 'Microsoft-Windows-Security-Auditing',
      ComputerName: 'PC1',
      RecordNumber: '4000',
      host: 'pc1',
      sourcetype: 'WinEventLog',
      _raw: '05/11/2019 05:58:23 PM\nLogName=Security',
      Message: 'A new process',
      New_Process_Name: 'C:\\a.exe',
    };
    const event = eventOf({ preview: false, result });
    expect(event.head).toEqual(['Security', 'Microsoft-Windows-Security-Auditing', 4688, 'PC1', 4000]);
    expect(event.data).toEqual({ New_Process_Name: 'C:\\a.exe' });
    expect(event.time).toBe('2019-05-11T17:58:23.0000000Z');
  });
});

describe('flat maps', () => {
  test('rule field names', () => {
    const event = eventOf({
      EventID: 1,
      Channel: CHANNEL,
      Provider_Name: PROVIDER,
      Computer: 'PC1',
      '@timestamp': '2019-05-11T17:58:23.418563Z',
      Image: 'C:\\a.exe',
      n: 18446744073709551615n.toString(),
    });
    expect(event.head).toEqual([CHANNEL, PROVIDER, 1, 'PC1', null]);
    expect([event.time, event.data]).toEqual([TIME, { Image: 'C:\\a.exe', n: '18446744073709551615' }]);
  });

  test('other names that are in use', () => {
    expect(
      eventOf({
        EventId: 1,
        LogName: 'c',
        ProviderName: 'p',
        ComputerName: 'h',
        TimeCreated: '2019-05-11T17:58:23.418563Z',
        EventRecordId: '4',
      }),
    ).toMatchObject({
      head: ['c', 'p', 1, 'h', 4],
      time: TIME,
      data: {},
    });
  });
});

describe('the zone of NXLog', () => {
  const time = (EventTime: string, rest: object = {}) =>
    readJson(JSON.stringify({ EventTime, Hostname: 'PC1', SourceName: PROVIDER, EventID: 1, Channel: CHANNEL, ...rest }));
  const stamps = (EventReceivedTime: string, utc: string) => ({ EventReceivedTime, '@timestamp': utc });

  test.each([
    [
      'New York',
      '2020-05-01 12:00:00',
      stamps('2020-05-01 12:00:02', '2020-05-01T16:00:03.100Z'),
      '2020-05-01T16:00:00.0000000Z',
    ],
    [
      'Kathmandu',
      '2020-05-01 12:00:00',
      stamps('2020-05-01 12:00:02', '2020-05-01T06:15:04.000Z'),
      '2020-05-01T06:15:00.0000000Z',
    ],
    ['none', '2020-05-01 12:00:00', stamps('2020-05-01 12:00:02', '2020-05-01T12:00:04.000Z'), '2020-05-01T12:00:00.0000000Z'],
    [
      'written',
      '2020-05-01T12:00:00+02:00',
      stamps('2020-05-01 12:00:02', '2020-05-01T16:00:03.100Z'),
      '2020-05-01T10:00:00.0000000Z',
    ],
  ])('follows from the stamps of reception, to a quarter of an hour: %s', (_, local, rest, utc) => {
    const { events, diagnostics } = time(local, rest);
    expect([events[0]!.TimeCreated, diagnostics]).toEqual([utc, []]);
  });

  test('is taken for UTC without them, and said to be', () => {
    const { events, diagnostics } = time('2020-05-01 12:00:00');
    expect([events[0]!.TimeCreated, diagnostics.map(({ code }) => code)]).toEqual([
      '2020-05-01T12:00:00.0000000Z',
      ['json/local-time'],
    ]);
  });
});

test('SourceName of a flat record is the provider, and stays a field that rules may ask for', () => {
  const [event] = eventsFromJsonText(
    '{"EventID":1116,"SourceName":"AMSI","Channel":"Microsoft-Windows-Windows Defender/Operational"}',
  );
  expect(event?.provider).toBe('AMSI');
  expect(fieldValue(event!, 'SourceName')).toBe('AMSI');
  const [named] = eventsFromJsonText('{"EventID":1116,"SourceName":"AMSI","Provider_Name":"P","Channel":"c"}');
  expect([named?.provider, fieldValue(named!, 'SourceName')]).toEqual(['P', 'AMSI']);
});

test('a record of NXLog whose time is called TimeCreated has it', () => {
  const [event] = eventsFromJsonText(
    '{"SourceName":"Microsoft-Windows-Sysmon","TimeCreated":"2024-03-05 09:06:22.441","Hostname":"PC1","Channel":"c","EventID":1}',
  );
  expect(event?.timeUs).toBe(Date.UTC(2024, 2, 5, 9, 6, 22, 441) * 1000);
});
