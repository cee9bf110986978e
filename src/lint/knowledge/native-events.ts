/**
 * Fields of events that Windows itself writes, by channel and EventID. Sources are Microsoft's documentation of the Security
 * log, the manifests of the providers and events of several versions of Windows; events of providers with a log of their own are
 * in `manifest-events.ts`. Newer versions add fields, so a name that is missing here proves nothing. A name that differs from one
 * listed here by a typing error is a mistake. Fields that log sources already list (`observed`) are not repeated.
 */

import { PROVIDER_EVENTS } from './manifest-events.ts';

/** The fields that `+` stands for in the lists. */
const SUBJECT = ['SubjectUserSid', 'SubjectUserName', 'SubjectDomainName', 'SubjectLogonId'];

const APPLOCKER_FILE =
  'FileHash FileHashLength FilePath FilePathLength Fqbn FqbnLength FullFilePath FullFilePathLength PolicyName PolicyNameLength RuleId RuleName RuleNameLength RuleSddl RuleSddlLength TargetLogonId TargetProcessId TargetUser';
const APPLOCKER_PACKAGE =
  'Fqbn FqbnLength Package PackageLength PolicyName PolicyNameLength RuleId RuleName RuleNameLength RuleSddl RuleSddlLength TargetLogonId TargetProcessId TargetUser';
const APPX = 'CallingProcess ErrorCode Flags HasFullTrust PackageFullName PackageSourceUri Path Summary';
const CODE_INTEGRITY = 'FileNameBuffer FileNameLength ProcessNameBuffer ProcessNameLength RequestedPolicy Status ValidatedPolicy';
const DNS_QUERY = {
  3006: 'InterfaceIndex IsAsyncQuery IsNetworkQuery NetworkQueryIndex QueryName QueryOptions QueryType ServerList',
  3008: 'QueryName QueryOptions QueryResults QueryStatus QueryType',
  3020: 'InterfaceIndex NetworkIndex QueryName QueryResults QueryType Status',
};
const FIREWALL_RULE =
  'Action Active ApplicationPath Direction EdgeTraversal EmbeddedContext Flags LocalAddresses LocalOnlyMapped LocalPorts LooselyMapped ModifyingApplication ModifyingUser Origin Profiles Protocol RemoteAddresses RemoteMachineAuthorizationList RemotePorts RemoteUserAuthorizationList RuleId RuleName RuleStatus SchemaVersion SecurityOptions ServiceName';
const FIREWALL_SETTING =
  'ModifyingApplication ModifyingUser Origin Profiles SettingType SettingValue SettingValueSize SettingValueString';
const MITIGATED =
  'CallingProcessCreateTime CallingProcessId CallingProcessProtection CallingProcessSectionSignatureLevel CallingProcessSignatureLevel CallingProcessStartKey CallingThreadCreateTime CallingThreadId ImageName ImageNameLength ProcessCommandLine ProcessCommandLineLength ProcessPath ProcessPathLength RequiredSignatureLevel SignatureLevel';

/** The same fields for several EventIDs. */
function each(ids: readonly number[], fields: string): Readonly<Record<number, string>> {
  return Object.fromEntries(ids.map((id) => [id, fields]));
}

const DNS_ZONE = 'AdditionalInfo BufferSize Flags InterfaceIP PacketData Port QNAME TCP XID';
const DNS_SERVER = {
  256: 'AdditionalInfo BufferSize Flags InterfaceIP PacketData Port QNAME QTYPE RD Source TCP XID',
  257: 'AA AD AdditionalInfo BufferSize CacheScope DNSSEC Destination ElapsedTime Flags GUID InterfaceIP PacketData PolicyName Port QNAME QTYPE RCODE Scope TCP XID Zone',
  258: 'AdditionalInfo BufferSize Destination ElapsedTime Flags GUID InterfaceIP PacketData PolicyName Port QNAME QTYPE RCODE Reason Scope TCP XID Zone',
  259: 'AdditionalInfo InterfaceIP PolicyName QNAME QTYPE Reason Source TCP XID Zone',
  260: 'AdditionalInfo BufferSize CacheScope Destination Flags GUID InterfaceIP PacketData PolicyName Port QNAME QTYPE RD RecursionDepth RecursionScope ServerScope TCP XID',
  261: 'AA AD AdditionalInfo BufferSize CacheScope Flags GUID InterfaceIP PacketData PolicyName Port QNAME QTYPE QueriesAttached RecursionDepth RecursionScope ServerScope Source TCP XID',
  262: 'AdditionalInfo CacheScope Destination GUID InterfaceIP Port QNAME QTYPE RecursionDepth RecursionScope ServerScope TCP XID',
  263: `${DNS_ZONE} SECURE Source`,
  264: `${DNS_ZONE} Destination PolicyName RCODE SECURE Zone`,
  ...each(
    [265, 266, 267, 268, 269, 270, 271, 272, 273, 274, 275, 276, 277, 278, 279, 280],
    `${DNS_ZONE} Destination RCODE Source Zone ZoneScope`,
  ),
};

const POWERSHELL = {
  4103: 'ContextInfo Payload UserData',
  4104: 'MessageNumber MessageTotal Path ScriptBlockId ScriptBlockText',
};
const HYPER_V_WORKER = each([18303, 18500, 18502, 18504, 18508, 18512, 18514], 'Reason VmId VmName');

const FIELDS: Readonly<Record<string, Readonly<Record<number, string>>>> = {
  'Microsoft-Windows-Bits-Client/Operational': {
    3: 'ClientProcessStartKey jobId jobOwner jobTitle processId processPath string string2 string3',
    4: 'User bytesTransferred bytesTransferredFromPeer fileCount jobId jobOwner jobTitle',
    5: 'User fileCount jobId jobOwner jobTitle',
    59: 'Id bytesTotal bytesTransferred bytesTransferredFromPeer fileLength fileTime name peer transferId url',
    60: 'AdditionalInfoHr Id PeerContextInfo bandwidthLimit bytesTotal bytesTransferred bytesTransferredFromPeer fileLength fileTime hr ignoreBandwidthLimitsOnLan name peer peerProtocolFlags proxy transferId url',
    61: 'AdditionalInfoHr Id PeerContextInfo bandwidthLimit bytesTotal bytesTransferred bytesTransferredFromPeer fileLength fileTime hr ignoreBandwidthLimitsOnLan name peer peerProtocolFlags proxy transferId url',
    209: 'isRoaming jobId jobName',
    310: 'ErrorCode',
    16403: 'ClientProcessStartKey LocalName RemoteName User fileCount jobId jobOwner jobTitle processId',
  },
  'Microsoft-Windows-AppLocker/EXE and DLL': each([8002, 8003, 8004], APPLOCKER_FILE),
  'Microsoft-Windows-AppLocker/MSI and Script': each([8005, 8006, 8007], APPLOCKER_FILE),
  'Microsoft-Windows-AppLocker/Packaged app-Deployment': each([8023, 8024, 8025], APPLOCKER_PACKAGE),
  'Microsoft-Windows-AppLocker/Packaged app-Execution': each([8020, 8021, 8022], APPLOCKER_PACKAGE),
  'Microsoft-Windows-AppXDeploymentServer/Operational': each([400, 401, 412, 441, 442, 453, 454, 603, 854], APPX),
  'Microsoft-Windows-CodeIntegrity/Operational': each(
    [3001, 3021, 3022, 3023, 3032, 3033, 3034, 3035, 3036, 3037, 3082, 3083, 3104],
    CODE_INTEGRITY,
  ),
  'Microsoft-Windows-DNS Client Events/Operational': DNS_QUERY,
  'Microsoft-Windows-DNS-Client/Operational': DNS_QUERY,
  'Microsoft-Windows-DNS-Server/Analytical': DNS_SERVER,
  'Microsoft-Windows-DNSServer/Analytical': DNS_SERVER,
  'Microsoft-Windows-Hyper-V-Worker': HYPER_V_WORKER,
  'Microsoft-Windows-Hyper-V-Worker-Admin': HYPER_V_WORKER,
  'Microsoft-Windows-Hyper-V-Worker-Operational': HYPER_V_WORKER,
  'Microsoft-IIS-Configuration/Operational': {
    29: 'ConfigPath Configuration EditOperationType NewValue OldValue',
  },
  'DNS Server': {
    150: 'param1 param2',
    6004: 'Binary param1 param2',
  },
  'MSExchange Management': each([1, 4, 6, 8], 'Data'),
  'Microsoft-Windows-LDAP-Client/Debug': { 30: 'AttributeList DistinguishedName ProcessId ScopeOfSearch SearchFilter' },
  'Microsoft-Windows-NTLM/Operational': {
    8001: 'CallerPID ClientDomainName ClientLUID ClientUserName DomainName MechanismOID ProcessName TargetName UserName',
    8002: 'CallerPID ClientDomainName ClientLUID ClientUserName MechanismOID ProcessName',
    8004: 'DomainName SChannelName SChannelType UserName WorkstationName',
  },
  'Microsoft-Windows-PowerShell/Operational': POWERSHELL,
  'PowerShellCore/Operational': POWERSHELL,
  'Microsoft-Windows-TaskScheduler/Operational': {
    106: 'TaskName UserContext',
    129: 'Path Priority ProcessID TaskName',
    140: 'TaskName UserName',
    141: 'TaskName UserName',
    142: 'TaskName UserName',
    200: 'ActionName EnginePID TaskInstanceId TaskName',
    201: 'ActionName EnginePID ResultCode TaskInstanceId TaskName',
  },
  'Microsoft-Windows-Security-Mitigations/Kernel Mode': each([11, 12], MITIGATED),
  'Microsoft-Windows-Security-Mitigations/User Mode': each([11, 12], MITIGATED),
  'Microsoft-Windows-Security-Mitigations/KernelMode': each([11, 12], MITIGATED),
  'Microsoft-Windows-Security-Mitigations/UserMode': each([11, 12], MITIGATED),
  'Microsoft-Windows-TerminalServices-LocalSessionManager/Operational': {
    ...each([21, 22, 24, 25], 'Address SessionID User'),
    23: 'SessionID User',
  },
  'Microsoft-Windows-TerminalServices-RemoteConnectionManager/Operational': {
    258: 'listenerName',
    261: 'listenerName',
    1149: 'Param1 Param2 Param3',
  },
  'Microsoft-Windows-WMI-Activity/Operational': {
    5857: 'Message',
    5858: 'ClientMachine ClientProcessId Component Id Operation PossibleCause ResultCode User',
    5861: 'CONSUMER ESS Message Namespace PossibleCause',
  },
  'Microsoft-Windows-Windows Firewall With Advanced Security/Firewall': {
    ...each([2004, 2005, 2071, 2073, 2097], FIREWALL_RULE),
    ...each([2006, 2052], 'ModifyingApplication ModifyingUser RuleId RuleName'),
    ...each([2002, 2003, 2008, 2082, 2083], FIREWALL_SETTING),
    ...each([2032, 2033, 2059, 2060], 'ModifyingApplication ModifyingUser StoreType'),
  },
  'Microsoft-Windows-WinRM/Operational': {
    91: 'DataItemName ErrorCode EventPayload',
    169: 'authenticationMechanism username',
  },
  'Microsoft-Windows-Windows Defender/Operational': {
    1121: 'DetectionTime EngineVersion ID InhertianceFlags InvolvedFile ParentCommandline Path ProcessName ProductName ProductVersion RuleType SecurityintelligenceVersion TargetCommandline Unused User',
    5007: 'NewValue OldValue ProductName ProductVersion',
    1116: 'ActionID ActionName AdditionalActionsID AdditionalActionsString CategoryID CategoryName DetectionID DetectionTime DetectionUser EngineVersion ErrorCode ErrorDescription ExecutionID ExecutionName FWLink OriginID OriginName Path PostCleanStatus PreExecutionStatus ProcessName ProductName ProductVersion RemediationUser SeverityID SeverityName SignatureVersion SourceID SourceName State StatusCode StatusDescription ThreatID ThreatName TypeID TypeName Unused Unused2 Unused3 Unused4 Unused5 Unused6',
    1117: 'ActionID ActionName AdditionalActionsID AdditionalActionsString CategoryID CategoryName DetectionID DetectionTime DetectionUser EngineVersion ErrorCode ErrorDescription ExecutionID ExecutionName FWLink OriginID OriginName Path PostCleanStatus PreExecutionStatus ProcessName ProductName ProductVersion RemediationUser SeverityID SeverityName SignatureVersion SourceID SourceName State StatusCode StatusDescription ThreatID ThreatName TypeID TypeName Unused Unused2 Unused3 Unused4 Unused5 Unused6',
    1119: 'ActionID ActionName AdditionalActionsID AdditionalActionsString CategoryID CategoryName DetectionID DetectionTime DetectionUser EngineVersion ErrorCode ErrorDescription ExecutionID ExecutionName FWLink OriginID OriginName Path PostCleanStatus PreExecutionStatus ProcessName ProductName ProductVersion RemediationUser SecurityintelligenceVersion SeverityID SeverityName SourceID SourceName State StatusCode StatusDescription ThreatID ThreatName TypeID TypeName Unused Unused2 Unused3 Unused4 Unused5 Unused6',
  },
  Security: {
    1102: '+',
    4611: '+ LogonProcessName',
    4616: '+ NewTime PreviousTime ProcessId ProcessName',
    4624: '+ AuthenticationPackageName ElevatedToken ImpersonationLevel IpAddress IpPort KeyLength LmPackageName LogonGuid LogonProcessName LogonType ProcessId ProcessName RemoteCredentialGuard RestrictedAdminMode TargetDomainName TargetLinkedLogonId TargetLogonId TargetOutboundDomainName TargetOutboundUserName TargetUserName TargetUserSid TransmittedServices VirtualAccount WorkstationName',
    4625: '+ AuthenticationPackageName FailureReason IpAddress IpPort KeyLength LmPackageName LogonProcessName LogonType ProcessId ProcessName Status SubStatus TargetDomainName TargetUserName TargetUserSid TransmittedServices WorkstationName',
    4627: '+ EventCountTotal EventIdx GroupMembership LogonType TargetDomainName TargetLogonId TargetUserName TargetUserSid',
    4634: 'LogonType TargetDomainName TargetLogonId TargetUserName TargetUserSid',
    4647: 'TargetDomainName TargetLogonId TargetUserName TargetUserSid',
    4648: '+ IpAddress IpPort LogonGuid ProcessId ProcessName TargetDomainName TargetInfo TargetLogonGuid TargetServerName TargetUserName',
    4656: '+ AccessList AccessMask AccessReason HandleId ObjectName ObjectServer ObjectType PrivilegeList ProcessId ProcessName ResourceAttributes RestrictedSidCount TransactionId',
    4657: '+ HandleId NewValue NewValueType ObjectName ObjectValueName OldValue OldValueType OperationType ProcessId ProcessName',
    4658: '+ HandleId ObjectServer ProcessId ProcessName',
    4660: '+ HandleId ObjectServer ProcessId ProcessName TransactionId',
    4661: '+ AccessList AccessMask HandleId ObjectName ObjectServer ObjectType PrivilegeList ProcessId ProcessName Properties RestrictedSidCount TransactionId',
    4662: '+ AccessList AccessMask AdditionalInfo AdditionalInfo2 HandleId ObjectName ObjectServer ObjectType OperationType Properties',
    4663: '+ AccessList AccessMask HandleId ObjectName ObjectServer ObjectType ProcessId ProcessName ResourceAttributes',
    4670: '+ HandleId NewSd ObjectName ObjectServer ObjectType OldSd ProcessId ProcessName',
    4672: '+ PrivilegeList',
    4673: '+ ObjectServer PrivilegeList ProcessId ProcessName Service',
    4674: '+ AccessMask HandleId ObjectName ObjectServer ObjectType PrivilegeList ProcessId ProcessName',
    4689: '+ ProcessId ProcessName Status',
    4690: '+ ProcessId SourceHandleId SourceProcessId TargetHandleId TargetProcessId',
    4697: '+ ClientProcessId ClientProcessStartKey ParentProcessId ServiceAccount ServiceFileName ServiceName ServiceStartType ServiceType',
    4698: '+ ClientProcessId ClientProcessStartKey FQDN ParentProcessId RpcCallClientLocality TaskContent TaskName',
    4699: '+ ClientProcessId ClientProcessStartKey FQDN ParentProcessId RpcCallClientLocality TaskContent TaskName',
    4700: '+ ClientProcessId ClientProcessStartKey FQDN ParentProcessId RpcCallClientLocality TaskContent TaskName',
    4701: '+ ClientProcessId ClientProcessStartKey FQDN ParentProcessId RpcCallClientLocality TaskContent TaskName',
    4702: '+ ClientProcessId ClientProcessStartKey FQDN ParentProcessId RpcCallClientLocality TaskContentNew TaskName',
    4703: '+ DisabledPrivilegeList EnabledPrivilegeList ProcessId ProcessName TargetDomainName TargetLogonId TargetUserName TargetUserSid',
    4704: '+ PrivilegeList TargetSid',
    4705: '+ PrivilegeList TargetSid',
    4717: '+ AccessGranted TargetSid',
    4718: '+ AccessRemoved TargetSid',
    4719: '+ AuditPolicyChanges CategoryId SubcategoryGuid SubcategoryId',
    4720: '+ AccountExpires AllowedToDelegateTo DisplayName HomeDirectory HomePath LogonHours NewUacValue OldUacValue PasswordLastSet PrimaryGroupId PrivilegeList ProfilePath SamAccountName ScriptPath SidHistory TargetDomainName TargetSid TargetUserName UserAccountControl UserParameters UserPrincipalName UserWorkstations',
    4722: '+ TargetDomainName TargetSid TargetUserName',
    4723: '+ PrivilegeList TargetDomainName TargetSid TargetUserName',
    4724: '+ TargetDomainName TargetSid TargetUserName',
    4725: '+ TargetDomainName TargetSid TargetUserName',
    4726: '+ PrivilegeList TargetDomainName TargetSid TargetUserName',
    4728: '+ MemberName MemberSid PrivilegeList TargetDomainName TargetSid TargetUserName',
    4729: '+ MemberName MemberSid PrivilegeList TargetDomainName TargetSid TargetUserName',
    4731: '+ PrivilegeList SamAccountName SidHistory TargetDomainName TargetSid TargetUserName',
    4732: '+ MemberName MemberSid PrivilegeList TargetDomainName TargetSid TargetUserName',
    4733: '+ MemberName MemberSid PrivilegeList TargetDomainName TargetSid TargetUserName',
    4735: '+ PrivilegeList SamAccountName SidHistory TargetDomainName TargetSid TargetUserName',
    4738: '+ AccountExpires AllowedToDelegateTo DisplayName Dummy HomeDirectory HomePath LogonHours NewUacValue OldUacValue PasswordLastSet PrimaryGroupId PrivilegeList ProfilePath SamAccountName ScriptPath SidHistory TargetDomainName TargetSid TargetUserName UserAccountControl UserParameters UserPrincipalName UserWorkstations',
    4740: '+ TargetDomainName TargetSid TargetUserName',
    4741: '+ AccountExpires AllowedToDelegateTo DisplayName DnsHostName HomeDirectory HomePath LogonHours NewUacValue OldUacValue PasswordLastSet PrimaryGroupId PrivilegeList ProfilePath SamAccountName ScriptPath ServicePrincipalNames SidHistory TargetDomainName TargetSid TargetUserName UserAccountControl UserParameters UserPrincipalName UserWorkstations',
    4742: '+ AccountExpires AllowedToDelegateTo ComputerAccountChange DisplayName DnsHostName HomeDirectory HomePath LogonHours NewUacValue OldUacValue PasswordLastSet PrimaryGroupId PrivilegeList ProfilePath SamAccountName ScriptPath ServicePrincipalNames SidHistory TargetDomainName TargetSid TargetUserName UserAccountControl UserParameters UserPrincipalName UserWorkstations',
    4743: '+ PrivilegeList TargetDomainName TargetSid TargetUserName',
    4756: '+ MemberName MemberSid PrivilegeList TargetDomainName TargetSid TargetUserName',
    4757: '+ MemberName MemberSid PrivilegeList TargetDomainName TargetSid TargetUserName',
    4765: '+ PrivilegeList SidList SourceSid SourceUserName TargetDomainName TargetSid TargetUserName',
    4767: '+ TargetDomainName TargetSid TargetUserName',
    4768: 'AccountAvailableKeys AccountSupportedEncryptionTypes CertIssuerName CertSerialNumber CertThumbprint ClientAdvertizedEncryptionTypes DCAvailableKeys DCSupportedEncryptionTypes IpAddress IpPort PreAuthEncryptionType PreAuthType ResponseTicket ServiceAvailableKeys ServiceName ServiceSid ServiceSupportedEncryptionTypes SessionKeyEncryptionType Status TargetDomainName TargetSid TargetUserName TicketEncryptionType TicketOptions',
    4769: 'AccountAvailableKeys AccountSupportedEncryptionTypes ClientAdvertizedEncryptionTypes DCAvailableKeys DCSupportedEncryptionTypes IpAddress IpPort LogonGuid RequestTicketHash ResponseTicketHash ServiceAvailableKeys ServiceName ServiceSid ServiceSupportedEncryptionTypes SessionKeyEncryptionType Status TargetDomainName TargetUserName TicketEncryptionType TicketOptions TransmittedServices',
    4770: 'IpAddress IpPort ServiceName ServiceSid TargetDomainName TargetUserName TicketEncryptionType TicketOptions',
    4771: 'CertIssuerName CertSerialNumber CertThumbprint IpAddress IpPort PreAuthType ServiceName Status TargetSid TargetUserName TicketOptions',
    4776: 'PackageName Status TargetUserName Workstation',
    4778: 'AccountDomain AccountName ClientAddress ClientName LogonID SessionName',
    4779: 'AccountDomain AccountName ClientAddress ClientName LogonID SessionName',
    4781: '+ NewTargetUserName OldTargetUserName PrivilegeList TargetDomainName TargetSid',
    4794: '+ Status Workstation',
    4798: '+ CallerProcessId CallerProcessName TargetDomainName TargetSid TargetUserName',
    4799: '+ CallerProcessId CallerProcessName TargetDomainName TargetSid TargetUserName',
    4800: 'SessionId TargetDomainName TargetLogonId TargetUserName TargetUserSid',
    4801: 'SessionId TargetDomainName TargetLogonId TargetUserName TargetUserSid',
    4826: '+ AdvancedOptions ConfigAccessPolicy DisableIntegrityChecks FlightSigning HypervisorDebug HypervisorLaunchType HypervisorLoadOptions KernelDebug LoadOptions RemoteEventLogging TestSigning VsmLaunchType',
    4964: '+ LogonGuid SidList TargetDomainName TargetLogonGuid TargetLogonId TargetUserName',
    4985: '+ NewState ProcessId ProcessName ResourceManager TransactionId',
    5136: '+ AppCorrelationID AttributeLDAPDisplayName AttributeSyntaxOID AttributeValue DSName DSType ObjectClass ObjectDN ObjectGUID OpCorrelationID OperationType',
    5137: '+ AppCorrelationID DSName DSType ObjectClass ObjectDN ObjectGUID OpCorrelationID',
    5140: '+ AccessList AccessMask IpAddress IpPort ObjectType ShareLocalPath ShareName',
    5141: '+ AppCorrelationID DSName DSType ObjectClass ObjectDN ObjectGUID OpCorrelationID TreeDelete',
    5142: '+ ShareLocalPath ShareName',
    5145: '+ AccessList AccessMask AccessReason IpAddress IpPort ObjectType RelativeTargetName ShareLocalPath ShareName',
    5152: 'Application CurrentProfile DestAddress DestPort Direction FilterOrigin FilterRTID InterfaceIndex LayerName LayerRTID OriginalProfile ProcessId Protocol SourceAddress SourcePort',
    5156: 'Application CurrentProfile DestAddress DestPort Direction FilterOrigin FilterRTID InterfaceIndex LayerName LayerRTID OriginalProfile ProcessID ProcessId Protocol RemoteMachineID RemoteUserID SourceAddress SourcePort',
    5157: 'Application CurrentProfile DestAddress DestPort Direction FilterOrigin FilterRTID InterfaceIndex LayerName LayerRTID OriginalProfile ProcessID Protocol RemoteMachineID RemoteUserID SourceAddress SourcePort',
    5158: 'Application FilterRTID LayerName LayerRTID ProcessId Protocol SourceAddress SourcePort',
    5379: '+ ClientProcessId CountOfCredentialsReturned ProcessCreationTime ReadOperation ReturnCode TargetName Type',
    6416: '+ ClassId ClassName CompatibleIds DeviceDescription DeviceId LocationInformation VendorIds',
  },
  System: {
    104: 'BackupPath Channel ClientProcessId ClientProcessStartKey SubjectDomainName SubjectUserName',
    7036: 'Binary param1 param2',
    7045: 'AccountName ImagePath ServiceName ServiceType StartType',
  },
  'Windows PowerShell': {
    800: 'Data Message',
  },
};

type Events = ReadonlyMap<number, readonly string[]>;

const written = new Map(
  Object.entries(FIELDS).map(([channel, events]) => [
    channel.toLowerCase(),
    Object.entries(events).map(([id, names]): [number, string[]] => [
      Number(id),
      names.split(' ').flatMap((name) => (name === '+' ? SUBJECT : [name])),
    ]),
  ]),
);

const manifests = new Map(
  PROVIDER_EVENTS.flatMap(({ channels, events }) => channels.map((channel) => [channel.toLowerCase(), events] as const)),
);

const read = new Map<string, Events | undefined>();

/** The known events of a channel (lower case) with the names of their fields. The table of a channel is read at its first use. */
export function nativeEvents(channel: string): Events | undefined {
  if (!read.has(channel)) read.set(channel, eventsOf(channel));
  return read.get(channel);
}

function eventsOf(channel: string): Events | undefined {
  const own = written.get(channel);
  const manifest = manifests.get(channel);
  if (own === undefined && manifest === undefined) return undefined;
  const events = new Map<number, Set<string>>();
  const add = (id: number, names: readonly string[]): void => {
    events.set(id, new Set([...(events.get(id) ?? []), ...names]));
  };
  for (const group of manifest?.split('|') ?? []) {
    const [ids = '', ...names] = group.split(' ');
    for (const id of ids.split(',')) add(Number(id), names);
  }
  for (const [id, names] of own ?? []) add(id, names);
  return new Map([...events].map(([id, names]) => [id, [...names]]));
}

/** True where the manifests of the channel's provider are known, of all versions of Windows from 7 on. */
export function isKnownByManifest(channel: string): boolean {
  return manifests.has(channel);
}

/** The ranges of EventIDs that a channel may have, where they are known: from, to. */
export const channelEventIds: ReadonlyMap<string, readonly (readonly [number, number])[]> = new Map([
  [
    'security',
    [
      // EventIDs of Windows XP and Server 2003, which some rules name in addition to today's.
      [512, 683],
      [848, 861],
      [1100, 1108],
      [4608, 5890],
      [6144, 6145],
      [6272, 6281],
      [6400, 6424],
      [8191, 8191],
      [8222, 8222],
    ],
  ],
  [
    'microsoft-windows-sysmon/operational',
    [
      [1, 29],
      [255, 255],
    ],
  ],
]);
