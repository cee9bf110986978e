/**
 * In: the data of an event. Out: the data that have a field in the Elastic Common Schema, by its name. A value that does not fit
 * the type of its field, such as an address that is none, is left out, because Elasticsearch would refuse the whole document.
 * Nothing is lost, because all data are in `winlog.event_data` as well.
 */
import { isIP } from 'node:net';
import type { EventSnapshot } from '../../model/event.ts';
import { valueText } from '../event-text.ts';

type Fields = Record<string, unknown>;
type Convert = (value: string) => unknown;

const asText: Convert = (value) => value;
const asIp: Convert = (value) => (isIP(value) === 0 ? undefined : value.replace(/^::ffff:(?=\d+\.)/i, ''));
/** Windows writes process ids as `0x1f4` or `500`. */
const asNumber: Convert = (value) => (/^(?:\d{1,15}|0x[\da-f]{1,12})$/i.test(value) ? Number(value) : undefined);
const asFileName: Convert = (value) => /[^\\/]+$/.exec(value)?.[0];

/** ECS field -> how a value is converted, and the event's fields. The first of these that the event has is used. */
type Mapping = Readonly<Record<string, readonly [Convert, ...string[]]>>;

const COMMON: Mapping = {
  'process.executable': [asText, 'Image', 'NewProcessName', 'ProcessName'],
  'process.name': [asFileName, 'Image', 'NewProcessName', 'ProcessName'],
  'process.command_line': [asText, 'CommandLine', 'ProcessCommandLine'],
  'process.entity_id': [asText, 'ProcessGuid'],
  'process.pid': [asNumber, 'NewProcessId', 'ProcessId'],
  'process.working_directory': [asText, 'CurrentDirectory'],
  'process.parent.executable': [asText, 'ParentImage', 'ParentProcessName'],
  'process.parent.name': [asFileName, 'ParentImage', 'ParentProcessName'],
  'process.parent.command_line': [asText, 'ParentCommandLine'],
  'process.parent.entity_id': [asText, 'ParentProcessGuid'],
  'process.parent.pid': [asNumber, 'ParentProcessId'],
  'file.path': [asText, 'TargetFilename'],
  'file.name': [asFileName, 'TargetFilename'],
  'dll.path': [asText, 'ImageLoaded'],
  'dll.name': [asFileName, 'ImageLoaded'],
  'registry.path': [asText, 'TargetObject'],
  'dns.question.name': [asText, 'QueryName'],
  'source.ip': [asIp, 'SourceIp', 'SourceAddress', 'IpAddress'],
  'source.port': [asNumber, 'SourcePort', 'IpPort'],
  'source.domain': [asText, 'SourceHostname', 'WorkstationName'],
  'destination.ip': [asIp, 'DestinationIp', 'DestAddress'],
  'destination.port': [asNumber, 'DestinationPort', 'DestPort'],
  'destination.domain': [asText, 'DestinationHostname'],
  'service.name': [asText, 'ServiceName'],
};

/** Kinds of events that ECS has words for, by channel and EventID. */
const KINDS: Readonly<Record<string, readonly [category: string, type: string]>> = {
  'Microsoft-Windows-Sysmon/Operational 1': ['process', 'start'],
  'Microsoft-Windows-Sysmon/Operational 3': ['network', 'connection'],
  'Microsoft-Windows-Sysmon/Operational 5': ['process', 'end'],
  'Microsoft-Windows-Sysmon/Operational 6': ['driver', 'start'],
  'Microsoft-Windows-Sysmon/Operational 7': ['library', 'start'],
  'Microsoft-Windows-Sysmon/Operational 8': ['process', 'access'],
  'Microsoft-Windows-Sysmon/Operational 10': ['process', 'access'],
  'Microsoft-Windows-Sysmon/Operational 11': ['file', 'creation'],
  'Microsoft-Windows-Sysmon/Operational 13': ['registry', 'change'],
  'Microsoft-Windows-Sysmon/Operational 22': ['network', 'protocol'],
  'Microsoft-Windows-Sysmon/Operational 23': ['file', 'deletion'],
  'Security 4624': ['authentication', 'start'],
  'Security 4625': ['authentication', 'start'],
  'Security 4634': ['authentication', 'end'],
  'Security 4688': ['process', 'start'],
  'Security 4689': ['process', 'end'],
  'Security 4720': ['iam', 'creation'],
  'Security 4726': ['iam', 'deletion'],
};

export function ecsFields(event: EventSnapshot): Readonly<Fields> {
  const fields: Fields = {};
  for (const [name, [convert, ...sources]] of Object.entries(COMMON)) {
    const value = firstOf(event, sources);
    const converted = value === undefined ? undefined : convert(value);
    if (converted !== undefined) fields[name] = converted;
  }
  // A Security event that starts a process calls the parent `ProcessId`.
  if (Object.hasOwn(event.data, 'NewProcessId')) {
    const parent = asNumber(firstOf(event, ['ProcessId']) ?? '');
    if (parent !== undefined) fields['process.parent.pid'] = parent;
  }
  Object.assign(fields, userFields(event));
  const kind = KINDS[`${event.Channel} ${event.EventID}`];
  if (kind !== undefined) {
    fields['event.category'] = [kind[0]];
    fields['event.type'] = [kind[1]];
    if (kind[0] === 'authentication') fields['event.outcome'] = event.EventID === 4625 ? 'failure' : 'success';
  }
  return fields;
}

/** The user who acted, or for a logon the one who logged on. */
function userFields(event: EventSnapshot): Fields {
  const logon = Object.hasOwn(event.data, 'LogonType');
  const side = logon ? 'Target' : 'Subject';
  const full = firstOf(event, ['User'])?.split('\\');
  const fields: Fields = {};
  const name = full?.at(-1) ?? firstOf(event, [`${side}UserName`]);
  const domain = full !== undefined && full.length > 1 ? full[0] : firstOf(event, [`${side}DomainName`]);
  const id = firstOf(event, [logon ? 'TargetUserSid' : 'SubjectUserSid']);
  if (name !== undefined) fields['user.name'] = name;
  if (domain !== undefined) fields['user.domain'] = domain;
  if (id !== undefined) fields['user.id'] = id;
  const users = ['TargetUserName', 'SubjectUserName'].map((field) => firstOf(event, [field]));
  const related = new Set([name, ...users].filter((user) => user !== undefined));
  if (related.size > 0) fields['related.user'] = [...related];
  return fields;
}

function firstOf({ data }: EventSnapshot, names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = Object.hasOwn(data, name) ? (data[name] ?? null) : null;
    const text = value === null ? '' : valueText(value).trim();
    if (text !== '' && text !== '-') return text;
  }
  return undefined;
}
