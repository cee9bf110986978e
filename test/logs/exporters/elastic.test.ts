/** What Elastic's modules move to ECS keys comes back under the names that Windows logged. */
import { describe, expect, it } from 'vitest';
import { ECS_NAMES } from '../../../src/logs/exporters/ecs-names.ts';
import { codes, dataOf, eventXml, readJson } from '../support.ts';

const SYSMON = 'Microsoft-Windows-Sysmon/Operational';
const PS = 'Microsoft-Windows-PowerShell/Operational';

/** A document of Winlogbeat with a module: `rest` beside `winlog`. */
function document(channel: string, id: number, rest: object, eventData: object = {}): unknown {
  return {
    '@timestamp': '2024-03-05T09:06:22.441Z',
    ecs: { version: '8.0.0' },
    event: { code: String(id), kind: 'event' },
    message: 'A rendered message:\nLabel: x',
    ...rest,
    winlog: { channel, event_id: String(id), computer_name: 'PC1', event_data: eventData },
  };
}
const fieldsOf = (channel: string, id: number, rest: object, eventData: object = {}): Record<string, unknown> => {
  const read = readJson(JSON.stringify(document(channel, id, rest, eventData)));
  expect(codes(read)).toEqual([]);
  return dataOf(read)[0]!;
};
/** Every Sysmon event of a module has this. */
const UtcTime = '2024-03-05 09:06:22.441';

describe('Sysmon', () => {
  it('1: process, parent, user and hashes', () => {
    const process = {
      entity_id: '{A}',
      pid: 2736,
      executable: 'C:\\Windows\\a.exe',
      name: 'a.exe',
      command_line: 'a.exe /x',
      args: ['a.exe', '/x'],
      working_directory: 'C:\\',
      hash: { md5: 'aa', sha256: 'bb' },
      pe: { imphash: 'cc', original_file_name: 'A.EXE', company: 'Kept' },
      parent: { entity_id: '{B}', pid: 4, executable: 'C:\\p.exe', command_line: 'p.exe' },
    };
    const user = { domain: 'PC1', name: 'bob', id: 'S-1-5-18' };
    const found = fieldsOf(SYSMON, 1, { process, user, rule: { name: 'r' } }, { Company: 'Own', LogonId: '0x3e7' });
    expect(found).toEqual({
      Company: 'Own',
      LogonId: '0x3e7',
      RuleName: 'r',
      ProcessGuid: '{A}',
      ProcessId: '2736',
      Image: 'C:\\Windows\\a.exe',
      CommandLine: 'a.exe /x',
      CurrentDirectory: 'C:\\',
      OriginalFileName: 'A.EXE',
      ParentProcessGuid: '{B}',
      ParentProcessId: '4',
      ParentImage: 'C:\\p.exe',
      ParentCommandLine: 'p.exe',
      UtcTime,
      User: 'PC1\\bob',
      Hashes: 'MD5=AA,SHA256=BB,IMPHASH=CC',
    });
  });
  it('3: both ends of the connection', () => {
    const network = { transport: 'tcp', protocol: 'https', direction: 'egress', type: 'ipv4' };
    const rest = {
      process: { executable: 'C:\\a.exe' },
      network,
      source: { ip: '10.0.0.1', port: 50000, domain: 'pc1' },
      destination: { ip: '198.51.100.7', port: 443 },
    };
    expect(fieldsOf(SYSMON, 3, rest)).toEqual({
      Protocol: 'tcp',
      SourceIp: '10.0.0.1',
      SourceHostname: 'pc1',
      SourcePort: '50000',
      DestinationIp: '198.51.100.7',
      DestinationPort: '443',
      DestinationPortName: 'https',
      Image: 'C:\\a.exe',
      UtcTime,
      Initiated: 'true',
      SourceIsIpv6: 'false',
      DestinationIsIpv6: 'false',
    });
  });
  it('the same key is another field in another event', () => {
    const process = { executable: 'C:\\a.exe', entity_id: '{A}', pid: 7, thread: { id: 8 } };
    const file = { path: 'C:\\b', name: 'b' };
    const names = (id: number): string[] =>
      Object.keys(fieldsOf(SYSMON, id, { process, file })).filter((name) => name !== 'UtcTime');
    const plain = ['ProcessGuid', 'ProcessId', 'Image'];
    expect(names(5)).toEqual(plain);
    expect(names(6)).toEqual(['ImageLoaded', ...plain]);
    expect(names(7)).toEqual(['ImageLoaded', ...plain]);
    expect(names(8)).toEqual(['SourceProcessGuid', 'SourceProcessId', 'SourceImage']);
    expect(names(9)).toEqual(['Device', ...plain]);
    expect(names(10)).toEqual(['SourceProcessGUID', 'SourceProcessId', 'SourceThreadId', 'SourceImage']);
    expect(names(17)).toEqual(['PipeName', ...plain]);
    expect(names(20)).toEqual(['Destination', 'ProcessGuid', 'ProcessId']);
    for (const id of [2, 11, 15, 23, 26, 27, 28, 29]) expect(names(id)).toEqual(['TargetFilename', ...plain]);
  });
  it('registry values and DNS answers are written as Sysmon writes them', () => {
    const details = (type: string, value: string): unknown =>
      fieldsOf(SYSMON, 13, { registry: { path: 'HKLM\\x', data: { strings: [value], type } } }).Details;
    expect(details('SZ_DWORD', '10')).toBe('DWORD (0x0000000a)');
    expect(details('SZ_QWORD', '4294967297')).toBe('QWORD (0x00000001-0x00000001)');
    expect(details('REG_SZ', '10')).toBe('10');
    expect(details('REG_BINARY', 'Binary Data')).toBe('Binary Data');
    const answers = [
      { type: 'CNAME', data: 'edge.example' },
      { type: 'A', data: '198.51.100.7' },
      { type: 'AAAA', data: '2001:db8::1' },
    ];
    expect(
      fieldsOf(SYSMON, 22, { dns: { question: { name: 'example' }, answers }, sysmon: { dns: { status: 'SUCCESS' } } }),
    ).toEqual({
      QueryName: 'example',
      UtcTime,
      QueryStatus: '0',
      QueryResults: 'type:  5 edge.example;::ffff:198.51.100.7;2001:db8::1;',
    });
  });
});

describe('PowerShell', () => {
  it('4104: the script', () => {
    const powershell = { file: { script_block_text: 'IEX x', script_block_id: '50d2' }, sequence: 1, total: 2 };
    expect(fieldsOf(PS, 4104, { powershell, file: { path: 'C:\\x.ps1' } })).toEqual({
      MessageNumber: '1',
      MessageTotal: '2',
      ScriptBlockText: 'IEX x',
      ScriptBlockId: '50d2',
      Path: 'C:\\x.ps1',
    });
  });
  it('4103: Payload and ContextInfo are put together again', () => {
    const invocation_details = [
      { type: 'CommandInvocation', related_command: 'Get-Item', value: '"Get-Item"' },
      { type: 'ParameterBinding', related_command: 'Get-Item', name: '"Path"', value: '"C:\\"' },
      { value: 'as it was' },
    ];
    const powershell = { command: { name: 'Get-Item', invocation_details } };
    const found = fieldsOf(PS, 4103, { powershell, process: { title: 'ConsoleHost', command_line: 'powershell.exe -enc x' } });
    expect(found).toMatchObject({
      HostName: 'ConsoleHost',
      HostApplication: 'powershell.exe -enc x',
      CommandName: 'Get-Item',
      Payload: 'CommandInvocation(Get-Item): "Get-Item"\r\nParameterBinding(Get-Item): name="Path"; value="C:\\"\r\nas it was',
    });
    expect(found.ContextInfo).toContain('        Host Application = powershell.exe -enc x\r\n');
  });
  it('400: the unnamed data that rules look into', () => {
    const found = fieldsOf('Windows PowerShell', 400, {
      process: { title: 'ConsoleHost', command_line: 'powershell.exe -nop' },
      powershell: { engine: { version: '2.0', new_state: 'Available' } },
    });
    expect(found).toMatchObject({ HostApplication: 'powershell.exe -nop', EngineVersion: '2.0', NewEngineState: 'Available' });
    expect(found.Data).toContain('\tHostApplication=powershell.exe -nop\n');
  });
});

describe('Security', () => {
  it('4688: numbers of processes are hexadecimal again', () => {
    const process = { pid: 4556, executable: 'C:\\a.exe', parent: { pid: 4652, executable: 'C:\\p.exe' }, command_line: 'a' };
    expect(
      fieldsOf('Security', 4688, { process, user: { name: 'u', domain: 'd' } }, { SubjectUserName: 'u', ProcessId: '0x122c' }),
    ).toEqual({
      SubjectUserName: 'u',
      ProcessId: '0x122c',
      NewProcessId: '0x11cc',
      NewProcessName: 'C:\\a.exe',
      ParentProcessName: 'C:\\p.exe',
      CommandLine: 'a',
    });
  });
  it('4624: where it came from', () => {
    const rest = { source: { ip: '10.0.0.1', port: 5, domain: 'WS' }, process: { pid: 4, executable: 'C:\\lsass.exe' } };
    expect(fieldsOf('Security', 4624, rest, { LogonType: '3' })).toEqual({
      LogonType: '3',
      WorkstationName: 'WS',
      ProcessId: '0x4',
      ProcessName: 'C:\\lsass.exe',
      IpAddress: '10.0.0.1',
      IpPort: '5',
    });
  });
});

describe('Winlogbeat', () => {
  it('of other channels, ECS keys are no fields, and the message stands in for data that is not there', () => {
    expect(fieldsOf('Application', 1, { process: { executable: 'C:\\a.exe' } })).toEqual({
      Message: 'A rendered message:\nLabel: x',
    });
    expect(fieldsOf('Application', 1, { process: { executable: 'C:\\a.exe' } }, { param1: 'x' })).toEqual({
      param1: 'x',
      Data: 'x',
    });
  });
  it('the whole event in event.original or message is the event', () => {
    for (const rest of [{ event: { original: eventXml(7) } }, { message: eventXml(7) }])
      expect(fieldsOf(SYSMON, 1, rest, { LogonId: '0x3e7' })).toEqual({ Image: 'C:\\a7.exe' });
  });
  it('Binary beside numbered data is a field of its own', () => {
    expect(fieldsOf('Application', 1, {}, { Binary: '00', param1: 'a', param2: 'b' })).toEqual({
      Binary: '00',
      param1: 'a',
      Data: ['a', 'b'],
      param2: 'b',
    });
  });
  it('records of one layout and different EventIDs are told apart, one after the other', () => {
    const lines = [5, 8, 5, 8].map((id) => JSON.stringify(document(SYSMON, id, { process: { executable: `C:\\${id}.exe` } })));
    expect(dataOf(readJson(lines.join('\n'))).map(({ Image, SourceImage }) => Image ?? SourceImage)).toEqual([
      'C:\\5.exe',
      'C:\\8.exe',
      'C:\\5.exe',
      'C:\\8.exe',
    ]);
  });
});

it('no group of a channel names a Windows field twice for one event', () => {
  for (const [channel, groups] of Object.entries(ECS_NAMES)) {
    for (const id of new Set(groups.flatMap(({ ids }) => ids ?? []))) {
      const keys = groups.filter(({ ids }) => ids?.includes(id)).flatMap(({ names }) => Object.keys(names));
      expect(new Set(keys).size, `${channel} ${id}`).toBe(keys.length);
    }
  }
});
