/** The fields of Sysmon's events (schema 4.90) and of events of the audit log, in the order in which Windows writes them. */

const PROCESS = 'RuleName UtcTime ProcessGuid ProcessId Image';
const VERSION_INFO = 'FileVersion Description Product Company OriginalFileName';
const SUBJECT = 'SubjectUserSid SubjectUserName SubjectDomainName SubjectLogonId';
const MEMBER = `MemberName MemberSid TargetUserName TargetDomainName TargetSid ${SUBJECT} PrivilegeList`;
const NETWORK = 'ProcessId ProcessName IpAddress IpPort';

const lists = (fields: Readonly<Record<number, string>>): Readonly<Record<number, readonly string[]>> =>
  Object.fromEntries(Object.entries(fields).map(([id, names]) => [id, names.split(' ')]));

export const SYSMON_FIELDS = lists({
  1: `${PROCESS} ${VERSION_INFO} CommandLine CurrentDirectory User LogonGuid LogonId TerminalSessionId IntegrityLevel Hashes ParentProcessGuid ParentProcessId ParentImage ParentCommandLine ParentUser`,
  2: `${PROCESS} TargetFilename CreationUtcTime PreviousCreationUtcTime User`,
  3: `${PROCESS} User Protocol Initiated SourceIsIpv6 SourceIp SourceHostname SourcePort SourcePortName DestinationIsIpv6 DestinationIp DestinationHostname DestinationPort DestinationPortName`,
  4: 'UtcTime State Version SchemaVersion',
  5: `${PROCESS} User`,
  6: 'RuleName UtcTime ImageLoaded Hashes Signed Signature SignatureStatus',
  7: `${PROCESS} ImageLoaded ${VERSION_INFO} Hashes Signed Signature SignatureStatus User`,
  8: 'RuleName UtcTime SourceProcessGuid SourceProcessId SourceImage TargetProcessGuid TargetProcessId TargetImage NewThreadId StartAddress StartModule StartFunction SourceUser TargetUser',
  9: `${PROCESS} Device User`,
  10: 'RuleName UtcTime SourceProcessGUID SourceProcessId SourceThreadId SourceImage TargetProcessGUID TargetProcessId TargetImage GrantedAccess CallTrace SourceUser TargetUser',
  11: `${PROCESS} TargetFilename CreationUtcTime User`,
  12: 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject User',
  13: 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject Details User',
  14: 'RuleName EventType UtcTime ProcessGuid ProcessId Image TargetObject NewName User',
  15: `${PROCESS} TargetFilename CreationUtcTime Hash Contents User`,
  16: 'UtcTime Configuration ConfigurationFileHash',
  17: 'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User',
  18: 'RuleName EventType UtcTime ProcessGuid ProcessId PipeName Image User',
  19: 'RuleName EventType UtcTime Operation User EventNamespace Name Query',
  20: 'RuleName EventType UtcTime Operation User Name Type Destination',
  21: 'RuleName EventType UtcTime Operation User Consumer Filter',
  22: `${PROCESS} QueryName QueryStatus QueryResults User`,
  23: `${PROCESS} User TargetFilename Hashes IsExecutable Archived`,
  24: `${PROCESS} Session ClientInfo Hashes Archived User`,
  25: `${PROCESS} Type User`,
  26: `${PROCESS} User TargetFilename Hashes IsExecutable`,
  27: `${PROCESS} User TargetFilename Hashes`,
  28: `${PROCESS} User TargetFilename Hashes IsExecutable`,
  29: `${PROCESS} User TargetFilename Hashes`,
});

export const AUDIT_FIELDS = lists({
  4624: `${SUBJECT} TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType LogonProcessName AuthenticationPackageName WorkstationName LogonGuid TransmittedServices LmPackageName KeyLength ${NETWORK} ImpersonationLevel RestrictedAdminMode TargetOutboundUserName TargetOutboundDomainName VirtualAccount TargetLinkedLogonId ElevatedToken`,
  4625: `${SUBJECT} TargetUserSid TargetUserName TargetDomainName Status FailureReason SubStatus LogonType LogonProcessName AuthenticationPackageName WorkstationName TransmittedServices LmPackageName KeyLength ${NETWORK}`,
  4634: 'TargetUserSid TargetUserName TargetDomainName TargetLogonId LogonType',
  4648: `${SUBJECT} LogonGuid TargetUserName TargetDomainName TargetLogonGuid TargetServerName TargetInfo ${NETWORK}`,
  4657: `${SUBJECT} ObjectName ObjectValueName HandleId OperationType OldValueType OldValue NewValueType NewValue ProcessId ProcessName`,
  4672: `${SUBJECT} PrivilegeList`,
  4688: `${SUBJECT} NewProcessId NewProcessName TokenElevationType ProcessId CommandLine TargetUserSid TargetUserName TargetDomainName TargetLogonId ParentProcessName MandatoryLabel`,
  4689: `${SUBJECT} Status ProcessId ProcessName`,
  4697: `${SUBJECT} ServiceName ServiceFileName ServiceType ServiceStartType ServiceAccount`,
  4704: `${SUBJECT} TargetSid PrivilegeList`,
  4723: `TargetUserName TargetDomainName TargetSid ${SUBJECT} PrivilegeList`,
  4726: `TargetUserName TargetDomainName TargetSid ${SUBJECT} PrivilegeList`,
  4728: MEMBER,
  4732: MEMBER,
  4740: `TargetUserName TargetDomainName TargetSid ${SUBJECT}`,
  4756: MEMBER,
  4799: `TargetUserName TargetDomainName TargetSid ${SUBJECT} CallerProcessId CallerProcessName`,
  5140: `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath AccessMask AccessList`,
  5145: `${SUBJECT} ObjectType IpAddress IpPort ShareName ShareLocalPath RelativeTargetName AccessMask AccessList AccessReason`,
});
