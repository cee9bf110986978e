import { describe, expect, it } from 'vitest';
import { plainEvent } from '../../../src/logs/plain-event.ts';
import type { FieldValue } from '../../../src/model/event.ts';
import type { LogSource } from '../../../src/model/rule.ts';
import { allValues, mappedFieldValue } from '../../../src/sigma/logsource/fields.ts';
import { optionalSources, resolveLogSource } from '../../../src/sigma/logsource/resolve.ts';

/** Values of the named rule fields, read through the source `via` of the log source. */
function values(
  logsource: LogSource,
  via: string,
  event: Record<string, unknown>,
  ...names: string[]
): (FieldValue | undefined)[] {
  const resolution = resolveLogSource({ product: 'windows', ...logsource }, { optional: new Set(optionalSources) });
  const source = resolution.kind === 'sources' ? resolution.sources.find((one) => one.via === via) : undefined;
  if (source === undefined) throw new Error(`no source ${via}`);
  return names.map((name) => mappedFieldValue(plainEvent(event), source, name));
}

describe('process_creation on Security 4688', () => {
  const on4688 = (event: Record<string, unknown>, ...names: string[]) =>
    values({ category: 'process_creation' }, 'security_4688', { Channel: 'Security', EventID: 4688, ...event }, ...names);

  it('takes images from the native names and leaves the command line alone', () => {
    const event = { NewProcessName: 'C:\\a.exe', ParentProcessName: 'C:\\p.exe', CommandLine: 'a -x' };
    expect(on4688(event, 'Image', 'ParentImage', 'CommandLine', 'NewProcessName')).toEqual([
      'C:\\a.exe',
      'C:\\p.exe',
      'a -x',
      'C:\\a.exe',
    ]);
  });

  it('does not mistake the creator for the new process, and has ids in hex and in decimal', () => {
    const event = { ProcessId: '0x1f4', NewProcessId: '0x2A', SubjectLogonId: '0x3e7' };
    expect(on4688(event, 'ProcessId', 'ParentProcessId', 'LogonId')).toEqual([
      ['0x2A', '0x2a', '42'],
      ['0x1f4', '500'],
      ['0x3e7', '999'],
    ]);
  });

  it('reads padded hex and decimal ids as the same numbers', () => {
    expect(on4688({ NewProcessId: '0x00000000000001f4' }, 'ProcessId')).toEqual([['0x00000000000001f4', '0x1f4', '500']]);
    expect(on4688({ NewProcessId: 500 }, 'ProcessId')).toEqual([['500', '0x1f4']]);
    expect(on4688({ NewProcessId: '0xffffffffffffffff' }, 'ProcessId')).toEqual([['0xffffffffffffffff', '18446744073709551615']]);
    expect(on4688({ NewProcessId: 'none' }, 'ProcessId')).toEqual(['none']);
  });

  it('makes User of domain and name, of the account that the process runs as where one is given', () => {
    const subject = { SubjectDomainName: 'CORP', SubjectUserName: 'bob' };
    expect(on4688(subject, 'User')).toEqual(['CORP\\bob']);
    expect(on4688({ ...subject, TargetDomainName: '-', TargetUserName: '-' }, 'User')).toEqual(['CORP\\bob']);
    expect(on4688({ ...subject, TargetDomainName: 'NT AUTHORITY', TargetUserName: 'SYSTEM' }, 'User')).toEqual([
      'NT AUTHORITY\\SYSTEM',
    ]);
    expect(on4688({ SubjectUserName: 'bob' }, 'User')).toEqual(['bob']);
    expect(on4688({}, 'User')).toEqual([undefined]);
  });

  it.each([
    ['S-1-16-12288', ['S-1-16-12288', 'High']],
    ['s-1-16-16384', ['s-1-16-16384', 'S-1-16-16384', 'System']],
    [
      'Mandatory Label\\Medium Plus Mandatory Level',
      ['Mandatory Label\\Medium Plus Mandatory Level', 'S-1-16-8448', 'MediumPlus'],
    ],
    ['S-1-16-1', 'S-1-16-1'],
  ])('has IntegrityLevel %s in both spellings', (MandatoryLabel, expected) => {
    expect(on4688({ MandatoryLabel }, 'IntegrityLevel')).toEqual([expected]);
  });

  it('has none of the fields that only Sysmon fills in, whatever the event holds', () => {
    expect(on4688({ OriginalFileName: 'x', Hashes: 'y' }, 'OriginalFileName', 'Hashes', 'ParentCommandLine')).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('keeps null, the empty text and absence apart', () => {
    expect(on4688({ NewProcessName: null, ParentProcessName: '' }, 'Image', 'ParentImage', 'CommandLine')).toEqual([
      null,
      '',
      undefined,
    ]);
  });
});

describe('registry categories on Security 4657', () => {
  const on4657 = (event: Record<string, unknown>, ...names: string[]) =>
    values({ category: 'registry_event' }, 'security_4657', { Channel: 'Security', EventID: 4657, ...event }, ...names);

  it('assembles TargetObject from key and value name', () => {
    const event = { ObjectName: '\\REGISTRY\\MACHINE\\SOFTWARE\\X', ObjectValueName: 'Y' };
    expect(on4657(event, 'TargetObject')).toEqual(['HKLM\\SOFTWARE\\X\\Y']);
    expect(on4657({ ...event, ObjectValueName: '-' }, 'TargetObject')).toEqual(['HKLM\\SOFTWARE\\X']);
    expect(on4657({ ObjectName: '\\Registry\\User\\S-1-5-21-1\\Run' }, 'TargetObject')).toEqual(['HKU\\S-1-5-21-1\\Run']);
    expect(on4657({ ObjectName: '\\REGISTRY\\MACHINERY\\X' }, 'TargetObject')).toEqual(['\\REGISTRY\\MACHINERY\\X']);
  });

  it('names a numbered control set as the current one too', () => {
    expect(on4657({ ObjectName: '\\REGISTRY\\MACHINE\\SYSTEM\\ControlSet001\\Services\\x' }, 'TargetObject')).toEqual([
      ['HKLM\\SYSTEM\\ControlSet001\\Services\\x', 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\x'],
    ]);
  });

  it("turns operation, account and DWORD values into Sysmon's words", () => {
    const event = {
      OperationType: '%%1904',
      SubjectDomainName: 'CORP',
      SubjectUserName: 'bob',
      NewValueType: '%%1876',
      NewValue: '1',
      ProcessName: 'C:\\r.exe',
    };
    expect(on4657(event, 'EventType', 'User', 'Details', 'Image')).toEqual([
      ['SetValue', 'CreateKey'],
      ['CORP\\bob', 'bob'],
      ['1', 'DWORD (0x00000001)'],
      'C:\\r.exe',
    ]);
    expect(
      on4657(
        { OperationType: 'Existing registry value modified', NewValueType: '%%1873', NewValue: 'text' },
        'EventType',
        'Details',
      ),
    ).toEqual(['SetValue', 'text']);
  });
});

describe('network_connection on Security 5156', () => {
  it("turns Windows filtering terms into Sysmon's", () => {
    const event = {
      Application: '\\device\\harddiskvolume2\\windows\\a.exe',
      DestAddress: '10.0.0.1',
      DestPort: '443',
      SourceAddress: 'fe80::1',
      SourcePort: '50000',
      Direction: '%%14593',
      Protocol: '6',
      ProcessID: '4',
    };
    const [image, ...rest] = values(
      { category: 'network_connection' },
      'security_5156',
      event,
      'Image',
      'DestinationIp',
      'DestinationPort',
      'SourceIp',
      'SourceIsIpv6',
      'DestinationIsIpv6',
      'Initiated',
      'Protocol',
      'ProcessId',
      'User',
    );
    expect(image).toHaveLength(25);
    expect(image).toEqual(
      expect.arrayContaining(['\\device\\harddiskvolume2\\windows\\a.exe', 'C:\\windows\\a.exe', 'Z:\\windows\\a.exe']),
    );
    expect(rest).toEqual(['10.0.0.1', '443', 'fe80::1', 'true', 'false', 'true', ['tcp', '6'], '4', undefined]);
  });

  it('keeps what it has no other word for', () => {
    const event = { Application: 'System', Direction: '%%14592', Protocol: '47' };
    expect(values({ category: 'network_connection' }, 'security_5156', event, 'Image', 'Initiated', 'Protocol')).toEqual([
      'System',
      'false',
      '47',
    ]);
    expect(
      values({ category: 'network_connection' }, 'security_5156', { Application: '\\device\\mup\\srv\\share\\a.exe' }, 'Image'),
    ).toEqual([['\\device\\mup\\srv\\share\\a.exe', '\\\\srv\\share\\a.exe']]);
  });
});

describe('antivirus on Defender', () => {
  it('has the threat as Signature and each path entry as Filename', () => {
    const event = { 'Threat Name': 'HackTool:Win32/X', Path: 'file:_C:\\a.exe; containerfile:_C:\\b.zip' };
    expect(values({ category: 'antivirus' }, 'windows_defender', event, 'Signature', 'Filename', 'ThreatName')).toEqual([
      'HackTool:Win32/X',
      ['file:_C:\\a.exe; containerfile:_C:\\b.zip', 'C:\\a.exe', 'C:\\b.zip'],
      'HackTool:Win32/X',
    ]);
  });
});

describe('wmi_event on WMI-Activity 5861', () => {
  it("has the binding in Sysmon's terms", () => {
    const event = {
      Namespace: '//./root/subscription',
      ESS: '__EventFilter="F1"',
      CONSUMER: 'CommandLineEventConsumer="C1"',
      PossibleCause:
        'Binding EventFilter: \ninstance of __EventFilter\n{\n\tName = "F1";\n\tQuery = "SELECT * FROM X WHERE A = \\"b\\"";\n};\nPerm. Consumer: \ninstance of CommandLineEventConsumer\n{\n\tCommandLineTemplate = "cmd.exe";\n\tName = "C1";\n};',
    };
    expect(
      values(
        { category: 'wmi_event' },
        'wmi_activity_5861',
        event,
        'Consumer',
        'Filter',
        'EventNamespace',
        'Operation',
        'EventType',
        'Type',
        'Query',
        'Name',
        'Destination',
      ),
    ).toEqual([
      'CommandLineEventConsumer="C1"',
      '__EventFilter="F1"',
      '//./root/subscription',
      'Created',
      'WmiBindingEvent',
      'Command Line',
      'SELECT * FROM X WHERE A = \\"b\\"',
      ['F1', 'C1'],
      event.PossibleCause,
    ]);
  });
});

describe('classic PowerShell events', () => {
  const block =
    '\tNewEngineState=Available\r\n\tPreviousEngineState=None\r\n\r\n\tSequenceNumber=13\r\n\r\n\tHostName=ConsoleHost\r\n\tHostApplication=powershell -c "line one\r\nline=two"\r\n\tEngineVersion=2.0\r\n\tCommandLine=';
  const event = { Channel: 'Windows PowerShell', Provider_Name: 'PowerShell', EventID: 400, Data: ['Available', 'None', block] };

  it('has Data as logged and the lines of its block as fields', () => {
    expect(
      values(
        { category: 'ps_classic_start' },
        'powershell',
        event,
        'Data',
        'HostName',
        'EngineVersion',
        'HostApplication',
        'CommandLine',
        'RunspaceId',
      ),
    ).toEqual([['Available', 'None', block], 'ConsoleHost', '2.0', 'powershell -c "line one\nline=two"', '', undefined]);
  });

  it('prefers a field that the exporter has split off already', () => {
    expect(values({ service: 'powershell-classic' }, 'channel', { ...event, HostName: 'Default Host' }, 'HostName')).toEqual([
      'Default Host',
    ]);
  });
});

describe('fields of every source', () => {
  it('takes ComputerName for Computer where the event has no such field', () => {
    const event = { Channel: 'System', EventID: 1, Computer: 'PC1' };
    expect(values({ service: 'system' }, 'channel', event, 'ComputerName')).toEqual(['PC1']);
    expect(values({ service: 'system' }, 'channel', { ...event, ComputerName: 'PC2' }, 'ComputerName')).toEqual(['PC2']);
  });

  it('keeps Provider, a field of WMI events, apart from Provider_Name', () => {
    const event = {
      Channel: 'Microsoft-Windows-WMI-Activity/Operational',
      Provider_Name: 'Microsoft-Windows-WMI-Activity',
      EventID: 5859,
      Provider: 'SCM Event Provider',
    };
    expect(values({ service: 'wmi' }, 'channel', event, 'Provider', 'Provider_Name')).toEqual([
      'SCM Event Provider',
      'Microsoft-Windows-WMI-Activity',
    ]);
  });

  it('takes names of object properties for names like any other', () => {
    expect(values({ service: 'system' }, 'channel', { Channel: 'System' }, 'constructor', '__proto__', 'toString')).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});

describe('allValues', () => {
  it('lists every value, System first, nulls left out', () => {
    const event = plainEvent({ A: 'x', Channel: 'System', EventID: 7, B: ['y', null, 'z'], C: null });
    expect(allValues(event)).toEqual(['System', '7', 'x', 'y', 'z']);
  });
});
