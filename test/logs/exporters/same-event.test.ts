/** One event in the shape of each exporter: System and data are those that Windows logged. */
import { describe, expect, it } from 'vitest';
import { format as splunkText } from '../../../src/logs/splunk-text/format.ts';
import { decode, eventXml, readJson, readXml } from '../support.ts';

const CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
const PROVIDER = 'Microsoft-Windows-Sysmon';
const TIME = '2024-03-05T09:06:22.4410910Z';
const DATA = { UtcTime: '2024-03-05 09:06:22.440', Image: 'C:\\Windows\\certutil.exe', CommandLine: 'certutil -f "a b"' };
const items = (name: string, value: string): object[] =>
  Object.entries(DATA).map(([key, text]) => ({ [name]: key, [value]: text }));
const keyed = (key: (name: string) => string): object =>
  Object.fromEntries(Object.entries(DATA).map(([name, text]) => [key(name), text]));
const SECTION = `<EventData>${Object.entries(DATA)
  .map(([name, text]) => `<Data Name="${name}">${text}</Data>`)
  .join('')}</EventData>`;
const XML =
  `<Event xmlns="x"><System><Provider Name="${PROVIDER}"/><EventID>1</EventID><TimeCreated SystemTime="${TIME}"/>` +
  `<EventRecordID>77</EventRecordID><Channel>${CHANNEL}</Channel><Computer>PC1</Computer></System>${SECTION}</Event>`;
const MESSAGE = ['Process Create:', ...Object.entries(DATA).map(([name, text]) => `${name}: ${text}`)].join('\r\n');
const CLASSIC = [
  '03/05/2024 09:06:22 AM',
  `LogName=${CHANNEL}`,
  'EventCode=1',
  'ComputerName=PC1',
  `SourceName=${PROVIDER}`,
  'RecordNumber=77',
  `Message=${MESSAGE.replaceAll('\r', '')}`,
].join('\n');
const WINLOG = {
  channel: CHANNEL,
  provider_name: PROVIDER,
  event_id: '1',
  computer_name: 'PC1',
  record_id: 77,
  event_data: DATA,
};
const BEAT = { '@timestamp': TIME, winlog: WINLOG };
const TREE = {
  System: {
    Provider: { Name: PROVIDER },
    EventID: 1,
    TimeCreated: { SystemTime: TIME },
    EventRecordID: 77,
    Channel: CHANNEL,
    Computer: 'PC1',
  },
  EventData: DATA,
};
const COLUMNS = { Provider: PROVIDER, Channel: CHANNEL, Computer: 'PC1', EventID: 1, EventRecordId: '77', TimeGenerated: TIME };
const GET_WINEVENT = { Id: 1, RecordId: 77, ProviderName: PROVIDER, LogName: CHANNEL, MachineName: 'PC1', TimeCreated: TIME };

/** Shape -> record; what it has lost of the time and of the number of the record. */
const SHAPES: Readonly<Record<string, readonly [record: unknown, exporter: string, lost?: 'time' | 'number']>> = {
  'a whole event in Event': [{ Event: XML }, 'flat'],
  'a whole event in any key, escaped by Go': [{ xml: XML, n: 1 }, 'flat'],
  'a log line of a container': [{ log: `${JSON.stringify(BEAT)}\n`, stream: 'stdout', time: '2024-03-06T00:00:00Z' }, 'flat'],
  'Logstash, whose message is the document': [
    { '@timestamp': '2024-03-06T00:00:00Z', '@version': '1', message: JSON.stringify(BEAT) },
    'flat',
  ],
  'an Elastic document without winlog': [
    { '@timestamp': TIME, agent: { type: 'filebeat' }, event: { kind: 'event', original: XML } },
    'ecs',
  ],
  'the same, its XML in message': [{ '@timestamp': TIME, ecs: { version: '8.0.0' }, message: XML }, 'ecs'],
  'CloudWatch and other lists of messages': [{ events: [{ timestamp: 1, message: XML }] }, 'flat'],
  'Azure Event Hub': [{ records: [{ time: TIME, category: 'x', properties: { Channel: CHANNEL, RawXml: XML } }] }, 'flat'],
  'a tree in small letters': [
    {
      event: {
        system: {
          provider: { name: PROVIDER },
          eventid: 1,
          timecreated: { systemtime: TIME },
          eventrecordid: 77,
          channel: CHANNEL,
          computer: 'PC1',
        },
        eventdata: DATA,
      },
    },
    'evtx-json',
  ],
  'osquery table': [
    {
      channel: CHANNEL,
      computer_name: 'PC1',
      data: JSON.stringify({ EventData: DATA }),
      datetime: TIME,
      eventid: '1',
      provider_name: PROVIDER,
    },
    'osquery',
    'number',
  ],
  GELF: [
    {
      version: '1.1',
      host: 'PC1',
      short_message: 'Process Create',
      timestamp: 1709629582.441,
      _EventID: 1,
      _SourceName: PROVIDER,
      _Channel: CHANNEL,
      _RecordNumber: 77,
      ...keyed((name) => `_${name}`),
    },
    'gelf',
    'time',
  ],
  'Graylog behind NXLog': [
    {
      timestamp: '2024-03-05T09:06:22.441Z',
      source: 'PC1',
      message: 'm',
      full_message: MESSAGE,
      EventID: 1,
      SourceName: PROVIDER,
      Channel: CHANNEL,
      RecordNumber: 77,
      ...DATA,
    },
    'gelf',
    'time',
  ],
  'Splunk HEC, a tree': [{ time: 1, host: 'h', sourcetype: 'x', event: { Event: TREE } }, 'evtx-json'],
  'Splunk HEC, a beat': [{ time: 1, host: 'h', sourcetype: 'x', event: BEAT }, 'winlogbeat', 'time'],
  'a list of names and values': [
    { ...COLUMNS, TimeGenerated: undefined, TimeCreated: TIME, EventData: items('Name', 'Value') },
    'event-data',
  ],
};

const expected = (lost?: string): unknown => ({
  Provider: PROVIDER,
  Channel: CHANNEL,
  EventID: 1,
  Computer: 'PC1',
  EventRecordID: lost === 'number' ? null : 77,
  data: DATA,
});

describe('the same event', () => {
  it.each(Object.entries(SHAPES))('%s', (name, [record, exporter, lost]) => {
    let text = JSON.stringify(record);
    if (name.includes('Go')) text = text.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e');
    const { events, diagnostics, stats } = readJson(text);
    expect(diagnostics).toEqual([]);
    expect(stats.exporters).toEqual({ [exporter]: 1 });
    expect(events).toHaveLength(1);
    const { Provider, Channel, EventID, Computer, EventRecordID, TimeCreated, data } = events[0]!;
    expect({ Provider, Channel, EventID, Computer, EventRecordID, data: { ...data } }).toEqual(expected(lost));
    expect(TimeCreated?.slice(0, lost === 'time' ? 21 : 28)).toBe(TIME.slice(0, lost === 'time' ? 21 : 28));
  });

  it('Get-WinEvent cut by -Depth: said once', () => {
    for (const Properties of [
      'System.Diagnostics.Eventing.Reader.EventProperty',
      ['System.Diagnostics.Eventing.Reader.EventProperty', 'x'],
    ]) {
      const line = JSON.stringify({ ...GET_WINEVENT, Properties });
      const { diagnostics } = readJson(`${line}\n${line}`);
      expect(diagnostics.map(({ code }) => code)).toEqual(['json/cut-properties']);
    }
  });

  it('data that cannot be read is said, and the rest of the record is read', () => {
    const { events, diagnostics } = readJson(JSON.stringify({ ...COLUMNS, EventData: '<EventData><Data Name="a">b</Da' }));
    expect(events[0]?.Channel).toBe(CHANNEL);
    expect(diagnostics.map(({ message }) => message)).toEqual(['EventData holds XML that cannot be read.']);
    expect(readJson(JSON.stringify({ ...COLUMNS, EventData: '<EventData/>' })).diagnostics).toEqual([]);
    const broken = readJson(JSON.stringify({ ...COLUMNS, EventData: '{"a": "b"' }));
    expect(broken.events[0]?.EventID).toBe(1);
    expect(broken.diagnostics).toMatchObject([{ code: 'json/nested', message: 'EventData holds JSON that cannot be read.' }]);
  });
});

describe('habits of exporters', () => {
  const dataOf = (record: unknown): object => ({ ...readJson(JSON.stringify(record)).events[0]?.data });

  it('numbers that Windows writes in hexadecimal: padded in XML, decimal in JSON', () => {
    const padded = (name: string, value: string): string => `<Data Name="${name}">${value}</Data>`;
    const xmlData = (...data: string[]): object => ({
      ...readXml(eventXml(1, `<EventData>${data.join('')}</EventData>`)).events[0]?.data,
    });
    expect(xmlData(padded('UtcTime', 'x'), padded('GrantedAccess', '0x00001410'), padded('StartAddress', '0x00060000'))).toEqual({
      UtcTime: 'x',
      GrantedAccess: '0x1410',
      StartAddress: '0x00060000',
    });
    expect(
      xmlData(padded('SubjectLogonId', '0x00000000000003E7'), padded('ProcessId', '0x0000'), padded('Status', '0x0')),
    ).toEqual({
      SubjectLogonId: '0x3e7',
      ProcessId: '0x0',
      Status: '0x0',
    });
    expect(xmlData(padded('ErrorCode', '0x00000000'), padded('Status', '0x00000005'))).toEqual({
      ErrorCode: '0x00000000',
      Status: '0x00000005',
    });
    const velociraptor = { ...TREE, EventData: { SourceImage: 'a', GrantedAccess: 5136 } };
    expect(dataOf(velociraptor)).toEqual({ SourceImage: 'a', GrantedAccess: '0x1410' });
    expect(dataOf({ ...TREE, EventData: { ProcessId: 984, FilterRTID: 1 } })).toEqual({ ProcessId: '984', FilterRTID: '1' });
  });

  it('a list of strings is one multi-valued field', () => {
    const list = '&lt;string&gt;a &amp;lt;b&lt;/string&gt;\n&lt;string&gt;whoami&lt;/string&gt;\n';
    const ofXml = (text: string): unknown =>
      readXml(eventXml(1, `<EventData><Data>${text}</Data></EventData>`)).events[0]?.data.Data;
    expect(ofXml(list)).toEqual(['a &lt;b', 'whoami']);
    expect(ofXml('&lt;string&gt;one&lt;/string&gt;')).toBe('one');
    expect(ofXml('&lt;b&gt;')).toBe('<b>');
    expect(ofXml('plain')).toBe('plain');
    expect(dataOf({ ...TREE, EventData: { Data: '<string>a</string>\n<string>b</string>' } })).toEqual({ Data: ['a', 'b'] });
    const guid = '5770385F-C22A-43E0-BF4C-06F5698FFBD9';
    expect(dataOf({ ...TREE, EventData: { Data: guid } })).toEqual({ Data: `{${guid}}` });
    expect(ofXml(guid)).toBe(guid);
    expect(dataOf({ ...TREE, EventData: { Data: ['{', '<string>a'] } })).toEqual({ Data: ['{', '<string>a'] });
  });

  it('numbered elements with attributes are one field again', () => {
    const details = {
      SubjectNames: { SubjectName: 'b', SubjectName_1: 'a' },
      EKUs: { EKU: { '#attributes': { Name: 'Server', OID: '2' } }, EKU_1: { '#attributes': { Name: 'Client', OID: '1' } } },
    };
    expect(dataOf({ System: TREE.System, UserData: { Wrapper: { Details: details } } })).toEqual({
      EKU_Name: ['Client', 'Server'],
      EKU_OID: ['1', '2'],
      SubjectName: ['a', 'b'],
    });
    // Only looks numbered.
    expect(dataOf({ System: TREE.System, EventData: { A_1: { B: 'x' }, C: 'y' } })).toEqual({ B: 'x', C: 'y' });
  });
});

describe('Splunk classic text', () => {
  const two = `${CLASSIC}\n${CLASSIC.replace('RecordNumber=77', 'RecordNumber=78')}\n`;

  it('one event after the other, whatever the size of blocks', () => {
    for (const blocks of [[1 << 20], [1], [7], [13, 64]]) {
      const { events, diagnostics, stats } = decode(splunkText, two, blocks);
      expect(diagnostics).toEqual([]);
      expect(stats).toMatchObject({ records: 2, damaged: 0, bytes: Buffer.byteLength(two) });
      expect(events.map(({ EventRecordID, TimeCreated, data }) => [EventRecordID, TimeCreated, { ...data }])).toEqual([
        [77, '2024-03-05T09:06:22.0000000Z', DATA],
        [78, '2024-03-05T09:06:22.0000000Z', DATA],
      ]);
    }
  });
  it('the audit log: display name, audit keywords, afternoon; the message is kept where it has labels only', () => {
    const text = CLASSIC.replace(CHANNEL, 'Security')
      .replace(PROVIDER, 'Microsoft Windows security auditing.')
      .replace('09:06:22 AM', '12:06:22.500 PM')
      .replace(/Message=[\s\S]*/, 'Keywords=Audit Failure\nMessage=An account failed.\n\nSubject:\n\tName:\tx');
    const [event] = decode(splunkText, text).events;
    expect([event?.Provider, event?.TimeCreated, event?.system.Keywords, { ...event?.data }]).toEqual([
      'Microsoft-Windows-Security-Auditing',
      '2024-03-05T12:06:22.5000000Z',
      '0x8010000000000000',
      { Message: 'An account failed.\n\nSubject:\n\tName:\tx' },
    ]);
  });
  it('an event without an EventCode costs itself', () => {
    const { events, diagnostics } = decode(splunkText, `03/05/2024 09:06:22 AM\nLogName=x\n${CLASSIC}`);
    expect(events).toHaveLength(1);
    expect(diagnostics.map(({ code, place }) => [code, place.offset])).toEqual([['splunk-text/syntax', 0]]);
  });
});
