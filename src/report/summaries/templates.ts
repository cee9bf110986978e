/**
 * Templates that describe events as sentences. Data only. `{Field}` is the value, `{Field:name}` the last part of a path,
 * `{Field:words}` the value with its meaning, `{Field:meaning}` the meaning alone where it is known, `{Field:object}` a WMI object without its quotes,
 * `{Field:command}` a command line, with the program where it does not name it, `{Field:list}` names between blanks, `{Field:task}` what a task runs. A part in brackets is left out
 * when one of its fields is empty. The first sentence whose fields outside brackets all have values is used.
 */

export type Templates = Readonly<Record<number, readonly string[]>>;

const sysmon: Templates = {
  1: ['[{ParentImage:name} > ]{CommandLine:command}', '[{ParentImage:name} > ]{Image}'],
  2: ['{Image:name} sets the creation time of {TargetFilename} to {CreationUtcTime}[, it was {PreviousCreationUtcTime}]'],
  3: [
    '{Image:name} -> {DestinationIp}:{DestinationPort}[ ({DestinationHostname})][, from {SourceIp}:{SourcePort}]',
    '{Image:name} -> {DestinationIp}',
  ],
  5: ['{Image} ends'],
  6: ['driver {ImageLoaded}[, signed by {Signature}][ ({SignatureStatus})]'],
  7: ['{Image:name} loads {ImageLoaded}[, signature {SignatureStatus}]'],
  8: ['{SourceImage:name} starts a thread in {TargetImage}[ at {StartAddress}][, function {StartFunction}]'],
  9: ['{Image} reads {Device}'],
  10: ['{SourceImage:name} opens {TargetImage:name}, access {GrantedAccess:words}, from {SourceImage}'],
  11: ['{Image:name} creates {TargetFilename}'],
  12: ['{Image:name}: {EventType} {TargetObject}'],
  13: ['{Image:name} sets {TargetObject} = {Details}', '{Image:name} sets {TargetObject}'],
  14: ['{Image:name} renames {TargetObject} to {NewName}'],
  15: ['{Image:name} creates stream {TargetFilename}[: {Contents}]'],
  17: ['{Image:name} creates pipe {PipeName}'],
  18: ['{Image:name} connects to pipe {PipeName}'],
  19: ['WMI filter {Name:object} {Operation}: {Query:object}'],
  20: ['WMI consumer {Name:object} {Operation}[ ({Type})]: {Destination:object}'],
  21: ['WMI binding {Operation}: {Filter:object} -> {Consumer:object}'],
  22: ['{Image:name} asks for {QueryName}[: {QueryResults}]'],
  23: ['{Image:name} deletes {TargetFilename}'],
  25: ['{Image}: {Type}'],
  26: ['{Image:name} deletes {TargetFilename}'],
};

const LOGON_FROM = '[ from {IpAddress}][ ({WorkstationName})][ by {ProcessName:name}]';

const security: Templates = {
  1102: ['log cleared: Security'],
  4624: [`logon of {TargetUserName}, type {LogonType:words}${LOGON_FROM}[, {AuthenticationPackageName}]`],
  4625: [`failed logon of {TargetUserName}, type {LogonType:words}${LOGON_FROM}[, {SubStatus:words}]`],
  4634: ['logoff of {TargetUserName}, type {LogonType:words}'],
  4647: ['logoff of {TargetUserName}'],
  4648: ['uses credentials of {TargetUserName}[ for {TargetServerName}][ from {IpAddress}][ by {ProcessName:name}]'],
  4656: ['asks for {ObjectType} {ObjectName}, access {AccessMask:words}[ by {ProcessName:name}]'],
  4657: ['sets {ObjectName}\\{ObjectValueName} = {NewValue}[ by {ProcessName:name}]'],
  4661: ['asks for {ObjectType} {ObjectName:words}, access {AccessMask:words}[ by {ProcessName:name}]'],
  4662: ['operation on {ObjectName}[, access {AccessMask:words}][: {Properties}]'],
  4663: ['accesses {ObjectName}, {AccessMask:words}[ by {ProcessName:name}]'],
  4672: ['privileged logon[: {PrivilegeList:list}]'],
  4688: ['[{ParentProcessName:name} > ]{CommandLine:command}', '[{ParentProcessName:name} > ]{NewProcessName}'],
  4697: ['service {ServiceName} installed: {ServiceFileName}[, runs as {ServiceAccount}]'],
  4698: ['task {TaskName} created[: {TaskContent:task}]'],
  4699: ['task {TaskName} deleted'],
  4702: ['task {TaskName} changed[: {TaskContentNew:task}]'],
  4719: ['audit policy changed[: {SubcategoryGuid}][ {AuditPolicyChanges:words}]'],
  4720: ['account {TargetUserName} created'],
  4722: ['account {TargetUserName} enabled'],
  4724: ['password of {TargetUserName} reset'],
  4726: ['account {TargetUserName} deleted'],
  4728: ['{MemberName} added to group {TargetUserName}', '{MemberSid:words} added to group {TargetUserName}'],
  4732: ['{MemberName} added to group {TargetUserName}', '{MemberSid:words} added to group {TargetUserName}'],
  4738: ['account {TargetUserName} changed'],
  4756: ['{MemberName} added to group {TargetUserName}', '{MemberSid:words} added to group {TargetUserName}'],
  4768: ['Kerberos ticket for {TargetUserName}[ from {IpAddress}][, {TicketEncryptionType:words}][, {Status:words}]'],
  4769: [
    'Kerberos service ticket for {ServiceName}, asked by {TargetUserName}[ from {IpAddress}][, {TicketEncryptionType:words}][, {Status:words}]',
  ],
  4771: ['Kerberos pre-authentication of {TargetUserName} failed[ from {IpAddress}][, {Status:words}]'],
  4776: ['NTLM check of {TargetUserName}[ from {Workstation}][, {Status:words}]'],
  4778: ['session of {AccountName} reconnected[ from {ClientAddress}][ ({ClientName})]'],
  4779: ['session of {AccountName} disconnected[ from {ClientAddress}][ ({ClientName})]'],
  5136: ['directory object {ObjectDN} changed[: {AttributeLDAPDisplayName}][ = {AttributeValue}]'],
  5140: ['opens share {ShareName}[ from {IpAddress}]'],
  5142: ['share {ShareName} created[: {ShareLocalPath}]'],
  5145: [
    'opens {ShareName}\\{RelativeTargetName}[ from {IpAddress}][, {AccessMask:words}]',
    'opens {ShareName}[ from {IpAddress}]',
  ],
  5156: ['{Application:name} <-> {DestAddress}:{DestPort}[, from {SourceAddress}:{SourcePort}][, {Direction:meaning}]'],
};

const powershell: Templates = {
  4103: ['PowerShell: {Payload}'],
  4104: ['script block: {ScriptBlockText}[ ({Path})]'],
};

/** Lower-cased channel -> EventID -> sentences. */
export const TEMPLATES: Readonly<Record<string, Templates>> = {
  'microsoft-windows-sysmon/operational': sysmon,
  security,
  system: {
    104: ['log cleared: {Channel}'],
    7036: ['service {param1}: {param2}'],
    7040: ['service {param1}: start type from {param2} to {param3}'],
    7045: ['service {ServiceName} installed: {ImagePath}[, runs as {AccountName}]'],
  },
  'microsoft-windows-powershell/operational': powershell,
  'powershellcore/operational': powershell,
  'microsoft-windows-wmi-activity/operational': {
    5857: ['WMI provider {ProviderName} started[: {ProviderPath}]'],
    5859: ['WMI filter active: {Query}[ by {User}]'],
    5860: ['temporary WMI subscription: {Query}[ by {User}]'],
    5861: ['WMI binding: {ESS} -> {CONSUMER}'],
  },
  'microsoft-windows-taskscheduler/operational': {
    106: ['task {TaskName} registered'],
    140: ['task {TaskName} changed'],
    141: ['task {TaskName} deleted'],
    200: ['task {TaskName} runs {ActionName}'],
  },
  'microsoft-windows-terminalservices-localsessionmanager/operational': {
    21: ['remote desktop logon of {User}[ from {Address}]'],
    25: ['remote desktop session of {User} reconnected[ from {Address}]'],
  },
  'microsoft-windows-terminalservices-remoteconnectionmanager/operational': {
    1149: ['remote desktop connection of {Param1}[ from {Param3}]'],
  },
  'microsoft-windows-bits-client/operational': {
    59: ['BITS job {name} transfers {url}'],
    16403: ['BITS job {jobTitle}: {RemoteName} to {LocalName}'],
  },
};
