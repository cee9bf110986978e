/** Mistakes in rules for the logs that Windows itself writes: names that are nearly right, EventIDs of another log. */
import { describe, expect, it } from 'vitest';
import { detection, ruleText } from '../../src/lint/examples.ts';
import { lintTexts } from '../../src/lint/lint.ts';

/** Errors and warnings as `code: hint`. */
function lint(service: string, eventId: number, field: string): readonly string[] {
  const text = ruleText(
    `logsource:\n    product: windows\n    service: ${service}`,
    detection(`selection:\n    EventID: ${eventId}\n    ${field}|contains: 'winnow'\ncondition: selection`),
  );
  return lintTexts([{ path: 'a.yml', text }])
    .findings.filter(({ severity }) => severity !== 'info')
    .map(({ code, hint }) => `${code}: ${hint ?? ''}`);
}

/** Service, EventID, as somebody mistyped it, the name in the event. */
const SLIPS: readonly (readonly [string, number, string, string])[] = [
  ['applocker', 8004, 'FullFilePaht', 'FullFilePath'],
  ['appmodel-runtime', 201, 'ImagName', 'ImageName'],
  ['appxdeployment-server', 400, 'PackageFulName', 'PackageFullName'],
  ['appxdeployment-server', 854, 'Paht', 'Path'],
  ['appxpackaging-om', 157, 'subjctName', 'subjectName'],
  ['bitlocker', 768, 'VolumName', 'VolumeName'],
  ['bits-client', 16403, 'RemotName', 'RemoteName'],
  ['capi2', 70, 'EventWritData', 'EventWriteData'],
  ['codeintegrity-operational', 3077, 'ProcesName', 'ProcessName'],
  ['codeintegrity-operational', 3033, 'RequestdPolicy', 'RequestedPolicy'],
  ['diagnosis-scripted', 101, 'PackagPath', 'PackagePath'],
  ['dns-client', 3008, 'QeryName', 'QueryName'],
  ['dns-server-analytic', 257, 'PaketData', 'PacketData'],
  ['dns-server-analytic', 260, 'Destinaton', 'Destination'],
  ['driver-framework', 2003, 'InstanceID2', 'InstanceId'],
  ['firewall-as', 2004, 'ModifyingAplication', 'ModifyingApplication'],
  ['hyper-v-worker', 18500, 'VmNames', 'VmName'],
  ['iis-configuration', 29, 'Configuraton', 'Configuration'],
  ['iis-configuration', 29, 'OldValues', 'OldValue'],
  ['kernel-event-tracing', 2, 'SesionName', 'SessionName'],
  ['ldap', 30, 'SearchFiler', 'SearchFilter'],
  ['lsa-server', 300, 'TargetUserSidd', 'TargetUserSid'],
  ['ntfs', 98, 'DeviceNames', 'DeviceName'],
  ['ntlm', 8004, 'WorkstatonName', 'WorkstationName'],
  ['openssh', 4, 'paylaod', 'payload'],
  ['openssh', 4, 'proces', 'process'],
  ['printservice-admin', 808, 'PluginDllNames', 'PluginDllName'],
  ['printservice-admin', 808, 'ErorCode', 'ErrorCode'],
  ['printservice-operational', 316, 'parm1', 'param1'],
  ['security-mitigations', 11, 'ProcesPath', 'ProcessPath'],
  ['sense', 5, 'Mesage1', 'Message1'],
  ['shell-core', 28115, 'APpDI', 'AppID'],
  ['shell-core', 9707, 'Comand', 'Command'],
  ['smbclient-connectivity', 30806, 'ServerNam', 'ServerName'],
  ['smbclient-security', 31010, 'ShareNam', 'ShareName'],
  ['smbserver-connectivity', 4000, 'ClientAdress', 'ClientAddress'],
  ['taskscheduler', 106, 'TaskNme', 'TaskName'],
  ['terminalservices-localsessionmanager', 21, 'Addres', 'Address'],
  ['vhdmp', 1, 'VhdFileNam', 'VhdFileName'],
];

describe('the name of a field of a native log', () => {
  it.each(SLIPS)('of %s %i: %s is %s', (service, eventId, slip, name) => {
    expect(lint(service, eventId, name)).toEqual([]);
    expect(lint(service, eventId, slip)).toEqual([`field-name-typo: Write "${name}".`]);
  });

  it('is not doubted where it is another word', () => {
    for (const [service, eventId] of SLIPS) expect(lint(service, eventId, 'SomethingElse')).toEqual([]);
  });
});

describe('an EventID of another log', () => {
  /** The warning with the EventID, and the hint. */
  const said = (service: string, eventId: number): readonly string[] => {
    const text = ruleText(
      `logsource:\n    product: windows\n    service: ${service}`,
      detection(`selection:\n    EventID: ${eventId}\ncondition: selection`),
    );
    return lintTexts([{ path: 'a.yml', text }])
      .findings.filter(({ code }) => code === 'event-id-outside-log-source')
      .map(({ message, hint }) => `${message} ${hint ?? ''}`.trim());
  };

  it.each([
    ['openssh', 28115, 'service "openssh" has no known event with EventID 28115. Event 28115 belongs to `service: shell-core`.'],
    ['vhdmp', 4104, 'service "vhdmp" has no known event with EventID 4104. Event 4104 belongs to `service: powershell`.'],
    [
      'security-mitigations',
      4688,
      'service "security-mitigations" has no known event with EventID 4688. Event 4688 belongs to `service: security`.',
    ],
    ['dns-client', 4624, 'service "dns-client" has no known event with EventID 4624. Event 4624 belongs to `service: security`.'],
    ['applocker', 4688, 'service "applocker" has no known event with EventID 4688. Event 4688 belongs to `service: security`.'],
  ])('in %s: %i', (service, eventId, message) => {
    expect(said(service, eventId)).toEqual([message]);
  });

  it('is not doubted where the log has it as well, or nobody is known to have it', () => {
    expect([
      said('smbclient-security', 31010),
      said('openssh', 54321),
      said('dns-client', 3008),
      said('security-mitigations', 11),
    ]).toEqual([[], [], [], []]);
  });
});

describe('a value that a field never has', () => {
  /** Log source, items, what is said of it. */
  const MISTAKES: readonly (readonly [string, string, string])[] = [
    ['service: security', "EventID: 5145\n    ShareName: 'IPC$'", 'the name of the share'],
    ['service: security', "EventID: 5140\n    ShareName: '\\\\\\\\server\\C$'", 'the name of the share'],
    ['service: security', 'EventID: 4663\n    AccessMask: WriteData', 'is hexadecimal'],
    ['service: security', 'EventID: 4624\n    IpPort: http', 'is a decimal number'],
    ['service: security', "EventID: 4732\n    TargetSid: 'S-1-5-32-544 '", 'does not end with a blank'],
    ['service: system', 'EventID: 7045\n    StartType: automatic', 'is "auto start" or the like'],
    ['category: dns_query', 'QueryStatus: NXDOMAIN', 'is a number'],
    ['category: driver_load', 'Signature: true', 'is the name of who signed'],
    ['category: pipe_created', "PipeName: '\\\\\\\\.\\pipe\\msagent'", 'is what stands behind'],
    ['category: pipe_created', "PipeName: '\\\\.\\pipe\\msagent'", 'is what stands behind'],
    ['category: process_creation', 'Image|endswith: \'"cmd.exe"\'', 'no quotation marks'],
    ['category: process_creation', "Image|endswith: '\\\\\\\\cmd.exe'", 'one backslash before a name'],
  ];
  const said = (source: string, items: string): readonly string[] => {
    const text = ruleText(
      `logsource:\n    product: windows\n    ${source}`,
      detection(`selection:\n    ${items}\ncondition: selection`),
    );
    return lintTexts([{ path: 'a.yml', text }])
      .findings.filter(({ code }) => code === 'impossible-value')
      .map(({ message }) => message);
  };

  it.each(MISTAKES)('in %s: %s', (source, items, part) => {
    expect(said(source, items)).toEqual([expect.stringContaining(part)]);
  });

  it('is not seen where the field may have it', () => {
    for (const [source, items] of [
      ['service: security', "EventID: 5145\n    ShareName|endswith: '\\IPC$'"],
      ['service: security', "EventID: 5145\n    ShareName: '\\\\\\\\\\*\\IPC$'"],
      ['service: security', "EventID: 5145\n    ShareName: '\\\\\\\\*\\IPC$'"],
      ['service: security', "EventID: 4663\n    AccessMask: '0x2'"],
      ['service: security', "EventID: 4624\n    IpPort: '-'"],
      ['service: system', "EventID: 7045\n    StartType: 'demand start'"],
      ['category: driver_load', "Signature: 'Microsoft Windows'"],
      ['category: image_load', 'Signed: true'],
      ['category: process_creation', "Image|startswith: '\\\\\\\\tsclient\\'"],
      ['category: process_creation', "Image|contains: '\\\\\\\\tsclient\\c'"],
    ] as const)
      expect(said(source, items)).toEqual([]);
  });
});
