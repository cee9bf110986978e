/**
 * The Security channel: the service `security`, and those of its events that serve categories which were made for Sysmon. 4688
 * serves process_creation by default. 4657 and 5156 are optional: 4657 needs a SACL on each key, and 5156 is written very
 * often.
 */
import type { FieldMapping } from '../../../model/logsource.ts';
import type { LogSourceFamily, SourceDefinition } from '../family.ts';
import { hashFields } from '../hashes.ts';
import { absent, derive, rename } from '../values.ts';
import { derivations } from './security-values.ts';

const CHANNELS = ['Security'];
const AUDITING = ['Microsoft-Windows-Security-Auditing'];

/** Sysmon 1 fields -> 4688. Beware: ProcessId of 4688 is the creator, NewProcessId the new process. */
const PROCESS_FIELDS: Readonly<Record<string, FieldMapping>> = {
  Image: rename('NewProcessName'),
  ParentImage: rename('ParentProcessName'),
  ProcessId: derive('hex-and-decimal', 'NewProcessId'),
  ParentProcessId: derive('hex-and-decimal', 'ProcessId'),
  LogonId: derive('hex-and-decimal', 'SubjectLogonId'),
  User: derive('account', 'SubjectDomainName', 'SubjectUserName', 'TargetDomainName', 'TargetUserName'),
  IntegrityLevel: derive('mandatory-label', 'MandatoryLabel'),
  ...absent(
    'OriginalFileName',
    'Hashes',
    ...Object.keys(hashFields),
    'ParentCommandLine',
    'CurrentDirectory',
    'Description',
    'Product',
    'Company',
    'FileVersion',
    'ProcessGuid',
    'ParentProcessGuid',
    'LogonGuid',
    'TerminalSessionId',
    'ParentUser',
    // No event has these three. Rules ask for them where Sysmon's events are enriched.
    'GrandParentImage',
    'ParentOfParentImage',
    'ParentIntegrityLevel',
  ),
};

/** CommandLine is there only when a policy includes it; ParentProcessName and MandatoryLabel since Windows 10. */
const PROCESS_OBSERVED = [
  'SubjectUserSid',
  'SubjectUserName',
  'SubjectDomainName',
  'SubjectLogonId',
  'NewProcessId',
  'NewProcessName',
  'TokenElevationType',
  'ProcessId',
  'CommandLine',
  'TargetUserSid',
  'TargetUserName',
  'TargetDomainName',
  'TargetLogonId',
  'ParentProcessName',
  'MandatoryLabel',
];

const REGISTRY_FIELDS: Readonly<Record<string, FieldMapping>> = {
  Image: rename('ProcessName'),
  ProcessId: derive('hex-and-decimal', 'ProcessId'),
  User: derive('account-or-name', 'SubjectDomainName', 'SubjectUserName'),
  TargetObject: derive('registry-path', 'ObjectName', 'ObjectValueName'),
  Details: derive('registry-details', 'NewValue', 'NewValueType'),
  EventType: derive('registry-event-type', 'OperationType'),
  ...absent('ProcessGuid', 'NewName'),
};

const REGISTRY_OBSERVED = [
  'SubjectUserSid',
  'SubjectUserName',
  'SubjectDomainName',
  'SubjectLogonId',
  'ObjectName',
  'ObjectValueName',
  'HandleId',
  'OperationType',
  'OldValueType',
  'OldValue',
  'NewValueType',
  'NewValue',
  'ProcessId',
  'ProcessName',
];

const CONNECTION_FIELDS: Readonly<Record<string, FieldMapping>> = {
  Image: derive('device-path', 'Application'),
  ProcessId: rename('ProcessID'),
  SourceIp: rename('SourceAddress'),
  SourcePort: rename('SourcePort'),
  DestinationIp: rename('DestAddress'),
  DestinationPort: rename('DestPort'),
  Initiated: derive('initiated', 'Direction'),
  Protocol: derive('ip-protocol', 'Protocol'),
  SourceIsIpv6: derive('ipv6', 'SourceAddress'),
  DestinationIsIpv6: derive('ipv6', 'DestAddress'),
  ...absent('DestinationHostname', 'SourceHostname', 'SourcePortName', 'DestinationPortName', 'User', 'ProcessGuid'),
};

const CONNECTION_OBSERVED = [
  'ProcessID',
  'Application',
  'Direction',
  'SourceAddress',
  'SourcePort',
  'DestAddress',
  'DestPort',
  'Protocol',
  'FilterRTID',
  'LayerName',
  'LayerRTID',
  'RemoteUserID',
  'RemoteMachineID',
];

/** OperationType: `%%1904` value created, `%%1905` value changed, `%%1906` value deleted. */
function registry(...operations: readonly string[]): readonly SourceDefinition[] {
  return [
    {
      via: 'security_4657',
      optional: true,
      channels: CHANNELS,
      providers: AUDITING,
      eventIds: [4657],
      when: operations.length === 0 ? [] : [{ field: 'OperationType', values: operations }],
      fields: REGISTRY_FIELDS,
      observed: { 4657: REGISTRY_OBSERVED },
    },
  ];
}

export const family: LogSourceFamily = {
  name: 'security-auditing',
  categories: {
    process_creation: [
      {
        via: 'security_4688',
        channels: CHANNELS,
        providers: AUDITING,
        eventIds: [4688],
        fields: PROCESS_FIELDS,
        observed: { 4688: PROCESS_OBSERVED },
      },
    ],
    registry_event: registry(),
    registry_add: registry('%%1904'),
    registry_set: registry('%%1904', '%%1905'),
    registry_delete: registry('%%1906'),
    network_connection: [
      {
        via: 'security_5156',
        optional: true,
        channels: CHANNELS,
        providers: AUDITING,
        eventIds: [5156],
        fields: CONNECTION_FIELDS,
        observed: { 5156: CONNECTION_OBSERVED },
      },
    ],
  },
  services: {
    // The event log service itself writes 1100, 1102, 1104 and 1108. If only the auditing provider were accepted, these would
    // be missed.
    security: { channels: CHANNELS, providers: [...AUDITING, 'Microsoft-Windows-Eventlog'] },
  },
  commonFields: {
    // The field has the 8 bytes of the logon process's name, padded with blanks: `NtLmSsp `, `Advapi  `, `User32 `.
    LogonProcessName: derive('unpadded', 'LogonProcessName'),
  },
  derivations,
};
