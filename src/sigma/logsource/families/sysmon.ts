/**
 * Sysmon: one channel, one category for each kind of event. Field names of rules are those of the events. Categories are those
 * of the SigmaHQ taxonomy appendix 2.1.0. Where authorities differ, a comment says which one is followed.
 */
import type { FieldGate } from '../../../model/logsource.ts';
import type { LogSourceFamily, SourceDefinition } from '../family.ts';
import { hashFields, listedHash } from '../hashes.ts';

const CHANNEL = 'Microsoft-Windows-Sysmon/Operational';
const PROVIDER = 'Microsoft-Windows-Sysmon';

const HEAD = ['RuleName', 'UtcTime'];
const PROCESS = [...HEAD, 'ProcessGuid', 'ProcessId', 'Image', 'User'];
const FILE = [...PROCESS, 'TargetFilename'];
const REGISTRY = [...PROCESS, 'EventType', 'TargetObject'];
const VERSION_INFO = ['FileVersion', 'Description', 'Product', 'Company', 'OriginalFileName'];
const SIGNATURE = ['Hashes', 'Signed', 'Signature', 'SignatureStatus'];
const WMI = [...HEAD, 'EventType', 'Operation', 'User'];
const PIPE = [...PROCESS, 'EventType', 'PipeName'];
const SOURCE_AND_TARGET = [
  ...HEAD,
  'SourceProcessId',
  'SourceImage',
  'SourceUser',
  'TargetProcessId',
  'TargetImage',
  'TargetUser',
];

/** Fields of each event up to schema 4.90 (Sysmon 15); older versions lack some. 8 and 10 do spell the GUID fields differently. */
const FIELDS: Readonly<Record<number, readonly string[]>> = {
  1: [
    ...PROCESS,
    ...VERSION_INFO,
    'CommandLine',
    'CurrentDirectory',
    'LogonGuid',
    'LogonId',
    'TerminalSessionId',
    'IntegrityLevel',
    'Hashes',
    'ParentProcessGuid',
    'ParentProcessId',
    'ParentImage',
    'ParentCommandLine',
    'ParentUser',
  ],
  2: [...FILE, 'CreationUtcTime', 'PreviousCreationUtcTime'],
  3: [
    ...PROCESS,
    'Protocol',
    'Initiated',
    'SourceIsIpv6',
    'SourceIp',
    'SourceHostname',
    'SourcePort',
    'SourcePortName',
    'DestinationIsIpv6',
    'DestinationIp',
    'DestinationHostname',
    'DestinationPort',
    'DestinationPortName',
  ],
  4: ['UtcTime', 'State', 'Version', 'SchemaVersion'],
  5: PROCESS,
  6: [...HEAD, 'ImageLoaded', ...SIGNATURE],
  7: [...PROCESS, 'ImageLoaded', ...VERSION_INFO, ...SIGNATURE],
  8: [
    ...SOURCE_AND_TARGET,
    'SourceProcessGuid',
    'TargetProcessGuid',
    'NewThreadId',
    'StartAddress',
    'StartModule',
    'StartFunction',
  ],
  9: [...PROCESS, 'Device'],
  10: [...SOURCE_AND_TARGET, 'SourceProcessGUID', 'TargetProcessGUID', 'SourceThreadId', 'GrantedAccess', 'CallTrace'],
  11: [...FILE, 'CreationUtcTime'],
  12: REGISTRY,
  13: [...REGISTRY, 'Details'],
  14: [...REGISTRY, 'NewName'],
  15: [...FILE, 'CreationUtcTime', 'Hash', 'Contents'],
  16: ['UtcTime', 'Configuration', 'ConfigurationFileHash'],
  17: PIPE,
  18: PIPE,
  19: [...WMI, 'EventNamespace', 'Name', 'Query'],
  20: [...WMI, 'Name', 'Type', 'Destination'],
  21: [...WMI, 'Consumer', 'Filter'],
  22: [...PROCESS, 'QueryName', 'QueryStatus', 'QueryResults'],
  23: [...FILE, 'Hashes', 'IsExecutable', 'Archived'],
  24: [...PROCESS, 'Session', 'ClientInfo', 'Hashes', 'Archived'],
  25: [...PROCESS, 'Type'],
  26: [...FILE, 'Hashes', 'IsExecutable'],
  27: [...FILE, 'Hashes'],
  28: [...FILE, 'Hashes', 'IsExecutable'],
  29: [...FILE, 'Hashes'],
  255: ['UtcTime', 'ID', 'Description'],
};

function events(...eventIds: readonly number[]): readonly SourceDefinition[] {
  return [source(eventIds)];
}

function source(eventIds: readonly number[], when?: readonly FieldGate[]): SourceDefinition {
  const observed = Object.fromEntries(eventIds.map((id) => [id, FIELDS[id] ?? []]));
  return { via: 'sysmon', channels: [CHANNEL], providers: [PROVIDER], eventIds, when, observed };
}

/**
 * EventID 12 is written for a key that is created or deleted and for a value that is deleted. Only SigmaHQ's tests/thor.yml
 * tells these apart. Without this gate, registry_delete rules match every key that is created (24 times on the EVTX attack
 * samples).
 */
function registryObject(...eventTypes: readonly string[]): readonly SourceDefinition[] {
  return [source([12], [{ field: 'EventType', values: eventTypes }])];
}

export const family: LogSourceFamily = {
  name: 'sysmon',
  categories: {
    process_creation: events(1),
    file_change: events(2),
    network_connection: events(3),
    sysmon_status: events(4, 16),
    process_termination: events(5),
    driver_load: events(6),
    image_load: events(7),
    create_remote_thread: events(8),
    raw_access_thread: events(9),
    process_access: events(10),
    file_event: events(11),
    registry_event: events(12, 13, 14),
    registry_add: registryObject('CreateKey'),
    registry_delete: registryObject('DeleteKey', 'DeleteValue'),
    registry_set: events(13),
    registry_rename: events(14),
    create_stream_hash: events(15),
    // EventID 18 is "pipe connected". Every mapping in use includes it.
    pipe_created: events(17, 18),
    wmi_event: events(19, 20, 21),
    dns_query: events(22),
    // EventID 26 is "deleted, not archived". Without it, rules would see nothing where Sysmon is configured with
    // FileDeleteDetected only.
    file_delete: events(23, 26),
    clipboard_capture: events(24),
    process_tampering: events(25),
    file_delete_detected: events(26),
    file_block_executable: events(27),
    file_block_shredding: events(28),
    file_executable_detected: events(29),
    sysmon_error: events(255),
  },
  categoryAliases: {
    raw_access_read: 'raw_access_thread',
    clipboard_change: 'clipboard_capture',
    file_block: 'file_block_executable',
  },
  commonFields: hashFields,
  derivations: { 'listed-hash': listedHash },
  services: {
    sysmon: { channels: [CHANNEL], providers: [PROVIDER], observed: FIELDS },
  },
};
