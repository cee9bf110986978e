/** Messages as Windows renders them: names in Sysmon's, labels and headings in those of the audit log. */
import type { LoggedEvent } from './logged-event.ts';

const SUBJECT = '*Subject SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId';
const NETWORK =
  '*Network WorkstationName IpAddress IpPort *Detailed LogonProcessName AuthenticationPackageName TransmittedServices LmPackageName KeyLength';
const MEMBER = `${SUBJECT} *Member MemberSid MemberName *Group TargetSid TargetUserName TargetDomainName *Additional PrivilegeList`;
const SHARE = `${SUBJECT} *Network ObjectType IpAddress IpPort *Share ShareName ShareLocalPath`;

/** The order of values in the message of an audit event; a star before a heading. */
const AUDIT: Readonly<Record<string, string>> = {
  4624: `${SUBJECT} *Logon LogonType RestrictedAdminMode VirtualAccount ElevatedToken ImpersonationLevel *New TargetUserSid TargetUserName TargetDomainName TargetLogonId TargetLinkedLogonId TargetOutboundUserName TargetOutboundDomainName LogonGuid *Process ProcessId ProcessName ${NETWORK}`,
  4625: `${SUBJECT} LogonType *Account TargetUserSid TargetUserName TargetDomainName *Failure FailureReason Status SubStatus *Process ProcessId ProcessName ${NETWORK}`,
  4648: `${SUBJECT} LogonGuid *Account TargetUserName TargetDomainName TargetLogonGuid *Target TargetServerName TargetInfo *Process ProcessId ProcessName *Network IpAddress IpPort`,
  4688: `${SUBJECT} *Target TargetUserSid TargetUserName TargetDomainName TargetLogonId *Process NewProcessId NewProcessName TokenElevationType MandatoryLabel ProcessId ParentProcessName CommandLine`,
  4689: `${SUBJECT} *Process ProcessId ProcessName Status`,
  4697: `${SUBJECT} *Service ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount`,
  4728: MEMBER,
  4732: MEMBER,
  4756: MEMBER,
  5140: `${SHARE} *Access AccessMask AccessList`,
  5145: `${SHARE} RelativeTargetName *Access AccessMask AccessList`,
};
const SERVICE = 'Service Name:  0\r\nService File Name:  1\r\nService Type:  2\r\nService Start Type:  3\r\nService Account:  4';

/** Names that the message holds; null when it has no values that can be told apart. */
export function messageNames({ system, data }: Pick<LoggedEvent, 'system' | 'data'>): readonly string[] | null {
  if (system.Provider_Name === 'Microsoft-Windows-Sysmon') return data.map(([name]) => name);
  if (system.Provider_Name === 'Microsoft-Windows-Security-Auditing')
    return AUDIT[system.EventID!]?.split(' ').filter((name) => !name.startsWith('*')) ?? null;
  const isKnown = system.EventID === '7045' || system.EventID === '4104';
  return isKnown ? data.map(([name]) => name) : null;
}

export function messageOf(event: Pick<LoggedEvent, 'system' | 'data'>): string {
  const { system, data } = event;
  const value = (name: string): string => data.find(([key]) => key === name)?.[1] ?? '';
  if (system.Provider_Name === 'Microsoft-Windows-Sysmon')
    return ['Process Create:', ...data.map(([name, text]) => `${name}: ${text}`)].join('\r\n');
  const order = system.Provider_Name === 'Microsoft-Windows-Security-Auditing' ? AUDIT[system.EventID!] : undefined;
  if (order !== undefined) {
    const lines = order
      .split(' ')
      .map((name) => (name.startsWith('*') ? `\r\n${name.slice(1)}:` : `\tLabel of it:\t\t${value(name)}`));
    return ['An event of the audit log.', ...lines, '', 'This event is generated when it happens.'].join('\r\n');
  }
  if (system.EventID === '7045')
    return `A service was installed in the system.\r\n\r\n${SERVICE.replace(/\d/g, (n) => data[Number(n)]![1])}`;
  if (system.EventID === '4104')
    return `Creating Scriptblock text (1 of 1):\r\n${value('ScriptBlockText')}\r\n\r\nScriptBlock ID: ${value('ScriptBlockId')}\r\nPath: ${value('Path')}`;
  return `Something happened, number ${system.EventRecordID}.`;
}
