/** Small shapes that people have reported: what was lost or read wrongly. */
import { expect, it } from 'vitest';
import { readJson } from '../support.ts';

const read = (record: unknown) => {
  const [event] = readJson(JSON.stringify(record)).events;
  return {
    head: [event?.Channel, event?.Provider, event?.EventID, event?.Computer, event?.TimeCreated],
    data: { ...event?.data },
  };
};

it('MaxPatrol: a System element that is an object with its text', () => {
  const System = {
    Provider: { Name: 'Service Control Manager' },
    EventID: { text: '7045', Qualifiers: '16384' },
    TimeCreated: { SystemTime: '2024-03-05T09:06:22.4410910Z' },
    Correlation: null,
    Channel: 'System',
    Computer: 'PC1',
  };
  const Data = [
    { text: 'PSEXESVC', Name: 'ServiceName' },
    { text: '%SystemRoot%\\PSEXESVC.exe', Name: 'ImagePath' },
  ];
  expect(read({ Event: { xmlns: 'x', System, EventData: { Data } } })).toEqual({
    head: ['System', 'Service Control Manager', 7045, 'PC1', '2024-03-05T09:06:22.4410910Z'],
    data: { ServiceName: 'PSEXESVC', ImagePath: '%SystemRoot%\\PSEXESVC.exe' },
  });
});

it('Sentinel: the time of a table that is exported with its zone in the name; the provider of the table Event', () => {
  const row = {
    'TimeGenerated [UTC]': '2024-03-05T09:06:22.123Z',
    Computer: 'PC1',
    EventSourceName: 'P',
    Channel: 'Security',
    EventID: 4624,
  };
  expect(read({ TenantId: 't', ...row, LogonType: 10, LogonGuid: 'e1f33118-1ad6-d77f-8adf-9c8461ed1d2d', Status: null })).toEqual(
    {
      head: ['Security', 'P', 4624, 'PC1', '2024-03-05T09:06:22.1230000Z'],
      data: { LogonType: '10', LogonGuid: '{E1F33118-1AD6-D77F-8ADF-9C8461ED1D2D}' },
    },
  );
  const event = {
    TimeGenerated: '2024-03-05T09:06:22Z',
    Source: 'Service Control Manager',
    EventLog: 'System',
    Computer: 'PC1',
    EventID: 7045,
  };
  expect(read({ ...event, ParameterXml: '<Param>a</Param><Param>b</Param>' })).toEqual({
    head: ['System', 'Service Control Manager', 7045, 'PC1', '2024-03-05T09:06:22.0000000Z'],
    data: { Data: ['a', 'b'] },
  });
});

it('OTRF: the time of a record that has no EventTime', () => {
  const record = {
    SourceName: 'P',
    TimeCreated: '2024-03-05 09:06:22.441',
    Hostname: 'PC1',
    Channel: 'C',
    EventID: 1,
    Image: 'a',
  };
  expect(read(record)).toEqual({ head: ['C', 'P', 1, 'PC1', '2024-03-05T09:06:22.4410000Z'], data: { Image: 'a' } });
});

it('Graylog: numbered data is unnamed data', () => {
  for (const prefix of ['winlogbeat_winlog', 'winlog']) {
    const keys = {
      channel: 'Application',
      event_id: 18456,
      provider_name: 'P',
      computer_name: 'DB1',
      event_data_param1: 'app',
      event_data_param3: 'x',
    };
    const record = Object.fromEntries(Object.entries(keys).map(([key, value]) => [`${prefix}_${key}`, value]));
    expect(read({ timestamp: '2024-03-05T09:06:22.123Z', source: 'DB1', message: 'm', ...record })).toEqual({
      head: ['Application', 'P', 18456, 'DB1', '2024-03-05T09:06:22.1230000Z'],
      data: { param1: 'app', Data: ['app', 'x'], param3: 'x' },
    });
  }
});

it('a flat record whose time is called TimeGenerated, EventTime or timestamp', () => {
  for (const key of ['TimeGenerated', 'EventTime', 'timestamp'])
    expect(read({ [key]: '2024-03-05T09:06:22Z', EventID: 1, Image: 'a' }).head[4]).toBe('2024-03-05T09:06:22.0000000Z');
  // As the elements of Event XML have it.
  const nested = { EventID: 1, Provider: { Name: 'P' }, TimeCreated: { SystemTime: '2024-03-05T09:06:22Z' }, Image: 'a' };
  expect(read(nested)).toEqual({ head: ['', 'P', 1, '', '2024-03-05T09:06:22.0000000Z'], data: { Image: 'a' } });
});

it('a record behind the prefix of syslog', () => {
  const line = `<13>1 2024-03-05T09:06:23Z PC1 nxlog - - - ${JSON.stringify({ EventID: 1, Channel: 'C', Image: 'a' })}`;
  const { events, diagnostics } = readJson(line);
  expect(events.map(({ Channel, EventID }) => [Channel, EventID])).toEqual([['C', 1]]);
  expect(diagnostics.map(({ code }) => code)).toEqual(['json/prefix']);
});

it('GELF: EventType is that of the event, or a severity of NXLog', () => {
  const record = (type: string): unknown => ({
    host: 'PC1',
    short_message: 'm',
    timestamp: 1,
    _EventID: 13,
    _Channel: 'C',
    _Image: 'a',
    _EventType: type,
  });
  expect(read(record('SetValue')).data).toEqual({ Image: 'a', EventType: 'SetValue' });
  expect(read(record('AUDIT_SUCCESS')).data).toEqual({ Image: 'a' });
});
