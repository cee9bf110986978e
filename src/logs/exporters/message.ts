/**
 * Reads the data of an event back from its rendered message. Some exports keep nothing else, or only values without names: Event
 * Viewer's CSV, Get-WinEvent, classic text of Splunk, fluent-bit. In: provider, EventID and message. Out: names and values.
 * Labels in messages are translated, so values are recognised by their position, and their names come from the event's
 * definition. Refuses (null) messages of an unknown kind.
 */

const SYSMON = 'Microsoft-Windows-Sysmon';
const AUDITING = 'Microsoft-Windows-Security-Auditing';
const EVENTLOG = 'Microsoft-Windows-Eventlog';
const SERVICES = 'Service Control Manager';
const PROVIDERS = new Set([SYSMON, AUDITING, EVENTLOG, SERVICES, 'Microsoft-Windows-PowerShell', 'PowerShellCore']);

export type DataValues = readonly (readonly [name: string, value: string])[];

/** Sysmon writes `Name: value`, one field per line, in English on every Windows. A value may have several lines. */
const SYSMON_LINE = /^([A-Z][A-Za-z0-9]{1,40}):(?: (.*))?$/;
/** `\tNew Process Name:\tC:\a.exe`. A label without a tab after its colon is a heading. */
const AUDIT_LINE = /^\t?[^\t\n]{1,80}:\t+(.*)$/;
/** `Service File Name:  C:\a.exe`. */
const LABEL_LINE = /^[^:\n]{1,80}: {1,2}(.*)$/;
/** `(1 of 1):`, the script, `ScriptBlock ID: ...`, `Path: ...`. */
const SCRIPT =
  /^[^\n(]{0,200}\((\d+) \D{1,20} (\d+)\)[^\n]{0,3}\n([\s\S]*?)\n\n?[^\n:]{1,60}:\s?([0-9a-f-]{36})\n[^\n:]{1,60}:\s?([^\n]*)\s*$/;

const SUBJECT = ['SubjectUserSid', 'SubjectUserName', 'SubjectDomainName', 'SubjectLogonId'];
const TARGET = ['TargetUserSid', 'TargetUserName', 'TargetDomainName', 'TargetLogonId'];
const NETWORK = ['WorkstationName', 'IpAddress', 'IpPort'];
const PACKAGE = ['LogonProcessName', 'AuthenticationPackageName', 'TransmittedServices', 'LmPackageName', 'KeyLength'];
const NEW_PROCESS = ['NewProcessId', 'NewProcessName', 'TokenElevationType'];
const LABEL = 'MandatoryLabel';
const ACCOUNT = [...SUBJECT, 'TargetSid', 'TargetUserName', 'TargetDomainName'];
const MEMBER = [...SUBJECT, 'MemberSid', 'MemberName', 'TargetSid', 'TargetUserName', 'TargetDomainName', 'PrivilegeList'];
const CERTIFICATE = ['CertIssuerName', 'CertSerialNumber', 'CertThumbprint'];
const SERVICE_AND_CLIENT = ['ServiceName', 'ServiceSid', 'IpAddress', 'IpPort', 'TicketOptions'];
const SHARE = [...SUBJECT, 'ObjectType', 'IpAddress', 'IpPort', 'ShareName', 'ShareLocalPath'];

/**
 * From a Security EventID to its values in the order of the message, one list for each version of the event. Versions differ in
 * the number of values. '' is a value that is no field of the event.
 */
const AUDIT: Readonly<Record<number, readonly (readonly string[])[]>> = {
  4624: [
    [
      ...SUBJECT,
      ...['LogonType', 'RestrictedAdminMode', 'VirtualAccount', 'ElevatedToken', 'ImpersonationLevel'],
      ...TARGET,
      ...['TargetLinkedLogonId', 'TargetOutboundUserName', 'TargetOutboundDomainName', 'LogonGuid'],
      ...['ProcessId', 'ProcessName', ...NETWORK, ...PACKAGE],
    ],
    [...SUBJECT, 'LogonType', 'ImpersonationLevel', ...TARGET, 'LogonGuid', 'ProcessId', 'ProcessName', ...NETWORK, ...PACKAGE],
    [...SUBJECT, 'LogonType', ...TARGET, 'LogonGuid', 'ProcessId', 'ProcessName', ...NETWORK, ...PACKAGE],
  ],
  4625: [
    [
      ...SUBJECT,
      ...['LogonType', 'TargetUserSid', 'TargetUserName', 'TargetDomainName', 'FailureReason', 'Status', 'SubStatus'],
      ...['ProcessId', 'ProcessName', ...NETWORK, ...PACKAGE],
    ],
  ],
  4634: [[...TARGET, 'LogonType']],
  4647: [TARGET],
  4648: [
    [
      ...SUBJECT,
      ...['LogonGuid', 'TargetUserName', 'TargetDomainName', 'TargetLogonGuid', 'TargetServerName', 'TargetInfo'],
      ...['ProcessId', 'ProcessName', 'IpAddress', 'IpPort'],
    ],
  ],
  4688: [
    [...SUBJECT, ...TARGET, ...NEW_PROCESS, LABEL, 'ProcessId', 'ParentProcessName', 'CommandLine'],
    [...SUBJECT, ...NEW_PROCESS, 'ProcessId', 'CommandLine'],
    [...SUBJECT, ...NEW_PROCESS, 'ProcessId'],
  ],
  4689: [[...SUBJECT, 'ProcessId', 'ProcessName', 'Status']],
  4697: [[...SUBJECT, 'ServiceName', 'ServiceFileName', 'ServiceType', 'ServiceStartType', 'ServiceAccount']],
  4722: [ACCOUNT],
  4723: [[...ACCOUNT, 'PrivilegeList']],
  4724: [ACCOUNT],
  4725: [ACCOUNT],
  4726: [[...ACCOUNT, 'PrivilegeList']],
  4728: [MEMBER, MEMBER.slice(0, -1)],
  4729: [MEMBER, MEMBER.slice(0, -1)],
  4732: [MEMBER, MEMBER.slice(0, -1)],
  4733: [MEMBER, MEMBER.slice(0, -1)],
  4740: [ACCOUNT],
  4756: [MEMBER, MEMBER.slice(0, -1)],
  4757: [MEMBER, MEMBER.slice(0, -1)],
  4768: [
    [
      ...['TargetUserName', 'TargetDomainName', 'TargetSid', ...SERVICE_AND_CLIENT],
      ...['Status', 'TicketEncryptionType', 'PreAuthType', ...CERTIFICATE],
    ],
  ],
  4769: [
    [
      ...['TargetUserName', 'TargetDomainName', 'LogonGuid', ...SERVICE_AND_CLIENT],
      ...['TicketEncryptionType', 'Status', 'TransmittedServices'],
    ],
  ],
  4771: [
    [
      'TargetSid',
      'TargetUserName',
      'ServiceName',
      'IpAddress',
      'IpPort',
      'TicketOptions',
      'Status',
      'PreAuthType',
      ...CERTIFICATE,
    ],
  ],
  4776: [['PackageName', 'TargetUserName', 'Workstation', 'Status']],
  5140: [
    [...SHARE, 'AccessMask', 'AccessList'],
    [...SHARE, 'AccessMask'],
  ],
  5145: [
    [...SHARE, 'RelativeTargetName', 'AccessMask', 'AccessList'],
    [...SHARE, 'RelativeTargetName', 'AccessMask'],
  ],
};
/** Event 7045 of the Service Control Manager. */
const SERVICE = ['ServiceName', 'ImagePath', 'ServiceType', 'StartType', 'AccountName'];
const SCRIPT_NAMES = ['MessageNumber', 'MessageTotal', 'ScriptBlockText', 'ScriptBlockId', 'Path'];

/** False when the messages of the provider are not known, whatever the event. */
export function hasKnownMessages(provider: string): boolean {
  return PROVIDERS.has(provider);
}

export function messageData(provider: string, eventId: number, message: string): DataValues | null {
  const text = message.replaceAll('\r\n', '\n');
  const values = kindOf(provider, eventId, text);
  return values === null || values.length === 0 ? null : values;
}

function kindOf(provider: string, eventId: number, text: string): DataValues | null {
  if (provider === SYSMON) return sysmonData(text);
  if (provider === AUDITING) {
    const values = valuesOf(text, AUDIT_LINE);
    return named(AUDIT[eventId]?.find((names) => names.length === values.length) ?? [], values);
  }
  if (provider === SERVICES && eventId === 7045) {
    const values = valuesOf(text, LABEL_LINE);
    return values.length === SERVICE.length ? named(SERVICE, values) : null;
  }
  if (provider === EVENTLOG && eventId === 1102) {
    const values = valuesOf(text, AUDIT_LINE);
    return values.length === SUBJECT.length ? named(SUBJECT, values) : null;
  }
  if (eventId === 4104) return named(SCRIPT_NAMES, SCRIPT.exec(text)?.slice(1) ?? []);
  return null;
}

function named(names: readonly string[], values: readonly string[]): DataValues {
  return names.flatMap((name, i): [string, string][] => (name === '' || values[i] === undefined ? [] : [[name, values[i]]]));
}

function valuesOf(text: string, line: RegExp): string[] {
  const values: string[] = [];
  for (const each of text.split('\n')) {
    const value = line.exec(each)?.[1];
    if (value !== undefined) values.push(value.trim());
    // Privileges and accesses stand one below the other.
    else if (values.length > 0 && /^\t\t+\S/.test(each)) values.push(`${values.pop()}\n${each.trimEnd()}`);
  }
  return values;
}

function sysmonData(text: string): DataValues {
  const values: [name: string, value: string][] = [];
  // The first line is the title.
  for (const line of text.split('\n').slice(1)) {
    const parts = SYSMON_LINE.exec(line);
    const last = values.at(-1);
    if (parts !== null) values.push([parts[1]!, parts[2] ?? '']);
    else if (last !== undefined) last[1] += `\n${line}`;
  }
  const last = values.at(-1);
  if (last !== undefined) last[1] = last[1].trimEnd();
  return values;
}

/** The channel of providers that log to one channel only, for exports that leave the channel out. */
const CHANNELS: Readonly<Record<string, string>> = {
  'Microsoft-Windows-Sysmon': 'Microsoft-Windows-Sysmon/Operational',
  'Microsoft-Windows-Security-Auditing': 'Security',
  'Microsoft-Windows-PowerShell': 'Microsoft-Windows-PowerShell/Operational',
  PowerShell: 'Windows PowerShell',
  'Service Control Manager': 'System',
  'Microsoft-Windows-Windows Defender': 'Microsoft-Windows-Windows Defender/Operational',
  'Microsoft-Windows-TaskScheduler': 'Microsoft-Windows-TaskScheduler/Operational',
  'Microsoft-Windows-WMI-Activity': 'Microsoft-Windows-WMI-Activity/Operational',
  'Microsoft-Windows-Bits-Client': 'Microsoft-Windows-Bits-Client/Operational',
  'Microsoft-Windows-TerminalServices-LocalSessionManager': 'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational',
};

/** '' unless the provider logs to one channel only. Events 1102 and 104 both come from Eventlog but go to different channels. */
export function channelOf(provider: string, eventId: number): string {
  if (provider !== EVENTLOG) return CHANNELS[provider] ?? '';
  return eventId === 1102 ? 'Security' : eventId === 104 ? 'System' : '';
}

/** From the name that Event Viewer shows to the provider's name. */
const SHOWN_AS: Readonly<Record<string, string>> = {
  Sysmon: 'Microsoft-Windows-Sysmon',
  Eventlog: 'Microsoft-Windows-Eventlog',
  'Microsoft Windows security auditing.': 'Microsoft-Windows-Security-Auditing',
};

export function providerOf(shown: string): string {
  return SHOWN_AS[shown] ?? shown;
}
