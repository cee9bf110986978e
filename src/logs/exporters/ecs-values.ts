/**
 * Rebuilds fields of Windows events that Elastic's modules split: `User` into domain and name, `Hashes` into one key each,
 * `Details` of a registry value into type and value. In: the parts that exist. Out: the text that Windows wrote, as nearly as it
 * can be known.
 */
import { getOrInsert } from '../../model/values/maps.ts';
import type { ComputedField, Leaves } from './exporter.ts';

type Text = (slot: number) => string | undefined;
/** The text of a key; undefined when the key does not exist. */
type Read = (key: string) => string | undefined;

export interface Rebuilt {
  /** The field is rebuilt if at least one of these keys exists. */
  readonly keys: readonly string[];
  /** EventIDs that have the field. Left out: every EventID of the channel. */
  readonly ids?: readonly number[];
  readonly text: (read: Read, leaves: Leaves, text: Text) => string | undefined;
}

/** In the order in which Sysmon writes the hashes. */
const HASHES = [
  ['SHA1', 'hash.sha1'],
  ['MD5', 'hash.md5'],
  ['SHA256', 'hash.sha256'],
  ['IMPHASH', 'pe.imphash'],
] as const;

const hashKeys = ['process', 'file'].flatMap((holder) => HASHES.map(([, key]) => `${holder}.${key}`));

function hashes(read: Read): string | undefined {
  const found = HASHES.flatMap(([name, key]) => {
    const hash = read(`process.${key}`) ?? read(`file.${key}`);
    return hash === undefined ? [] : [`${name}=${hash.toUpperCase()}`];
  });
  return found.length === 0 ? undefined : found.join(',');
}

function user(read: Read): string | undefined {
  const domain = read('user.domain');
  const name = read('user.name');
  return domain === undefined || name === undefined ? undefined : `${domain}\\${name}`;
}

function initiated(read: Read): string | undefined {
  const direction = read('network.direction');
  if (direction === 'egress' || direction === 'outbound') return 'true';
  return direction === 'ingress' || direction === 'inbound' ? 'false' : undefined;
}

function isIpv6(read: Read): string | undefined {
  const type = read('network.type');
  return type === undefined ? undefined : String(type === 'ipv6');
}

/** `DWORD (0x0000000a)`, as Sysmon writes a number. */
function registryDetails(read: Read): string | undefined {
  const value = read('registry.data.strings');
  const type = read('registry.data.type') ?? '';
  if (value === undefined || !/^\d{1,20}$/.test(value)) return value;
  const hex = BigInt(value).toString(16);
  if (type.endsWith('DWORD')) return `DWORD (0x${hex.padStart(8, '0')})`;
  if (!type.endsWith('QWORD')) return value;
  const digits = hex.padStart(16, '0');
  return `QWORD (0x${digits.slice(0, -8)}-0x${digits.slice(-8)})`;
}

/** The codes that Windows writes for common names. Any other name stays as it is. */
const DNS_STATUS: Readonly<Record<string, string>> = {
  SUCCESS: '0',
  ERROR_ACCESS_DENIED: '5',
  ERROR_INVALID_NAME: '123',
  ERROR_TIMEOUT: '1460',
  DNS_ERROR_RCODE_FORMAT_ERROR: '9001',
  DNS_ERROR_RCODE_SERVER_FAILURE: '9002',
  DNS_ERROR_RCODE_NAME_ERROR: '9003',
  DNS_ERROR_RCODE_NOT_IMPLEMENTED: '9004',
  DNS_ERROR_RCODE_REFUSED: '9005',
  DNS_INFO_NO_RECORDS: '9501',
  DNS_ERROR_RECORD_DOES_NOT_EXIST: '9701',
};

/** Numbers of DNS record types (RFC 1035, 2782 and others) except addresses, which Windows writes without a type. */
const DNS_TYPES: Readonly<Record<string, number>> = { NS: 2, CNAME: 5, SOA: 6, PTR: 12, MX: 15, TXT: 16, SRV: 33 };

interface Answer {
  type?: string | undefined;
  data?: string | undefined;
}

/** `type:  5 host.example;::ffff:198.51.100.7;` */
function queryResults(_read: Read, leaves: Leaves, text: Text): string | undefined {
  const answers = new Map<number, Answer>();
  for (const { name, item, slot } of leaves.all) {
    if (name !== 'dns.answers[].type' && name !== 'dns.answers[].data') continue;
    const answer = getOrInsert(answers, item, (): Answer => ({}));
    if (name.endsWith('type')) answer.type = text(slot);
    else answer.data = text(slot);
  }
  const parts = [...answers.values()].flatMap(({ type, data }) => {
    if (data === undefined) return [];
    const number = DNS_TYPES[type ?? ''];
    if (number !== undefined) return [`type:  ${number} ${data};`];
    // Windows writes IPv4 addresses in their IPv6 form.
    return [/^[\d.]+$/.test(data) ? `::ffff:${data};` : `${data};`];
  });
  return parts.length === 0 ? undefined : parts.join('');
}

/** `2024-03-05 09:06:22.441`: the modules turn this field into the time of the record. */
function utcTime(read: Read): string | undefined {
  return /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d\.\d{3})\d*Z$/
    .exec(read('@timestamp') ?? '')
    ?.slice(1)
    .join(' ');
}

const ENGINE_KEYS: readonly (readonly [name: string, key: string])[] = [
  ['ProviderName', 'powershell.provider.name'],
  ['NewProviderState', 'powershell.provider.new_state'],
  ['NewEngineState', 'powershell.engine.new_state'],
  ['PreviousEngineState', 'powershell.engine.previous_state'],
  ['SequenceNumber', 'event.sequence'],
  ['HostName', 'process.title'],
  ['HostVersion', 'powershell.process.executable_version'],
  ['HostId', 'process.entity_id'],
  ['HostApplication', 'process.command_line'],
  ['EngineVersion', 'powershell.engine.version'],
  ['RunspaceId', 'powershell.runspace_id'],
  ['PipelineId', 'powershell.pipeline_id'],
  ['CommandName', 'powershell.command.name'],
  ['CommandType', 'powershell.command.type'],
  ['ScriptName', 'file.path'],
  ['CommandPath', 'powershell.command.path'],
  ['CommandLine', 'powershell.command.value'],
];

/** Lines such as `\tHostName=ConsoleHost`. They are the last unnamed value of events in the channel `Windows PowerShell`. */
function engineData(read: Read): string {
  return ENGINE_KEYS.map(([name, key]) => `\t${name}=${read(key) ?? ''}\n`).join('\n');
}

const CONTEXT_KEYS: readonly (readonly [label: string, key: string])[] = [
  ['Host Name', 'process.title'],
  ['Host Version', 'powershell.process.executable_version'],
  ['Host ID', 'process.entity_id'],
  ['Host Application', 'process.command_line'],
  ['Engine Version', 'powershell.engine.version'],
  ['Runspace ID', 'powershell.runspace_id'],
  ['Pipeline ID', 'powershell.pipeline_id'],
  ['Command Name', 'powershell.command.name'],
  ['Command Type', 'powershell.command.type'],
  ['Script Name', 'file.path'],
  ['Command Path', 'powershell.command.path'],
  ['Sequence Number', 'event.sequence'],
  ['Shell ID', 'powershell.id'],
];

function contextInfo(read: Read): string {
  return CONTEXT_KEYS.map(([label, key]) => `        ${label} = ${read(key) ?? ''}\r\n`).join('');
}

/** Lines such as `CommandInvocation(Get-Item): "Get-Item"` and `ParameterBinding(Get-Item): name="Path"; value="x"`. */
function invocationDetails(_read: Read, leaves: Leaves, text: Text): string | undefined {
  const details = new Map<number, Record<string, string | undefined>>();
  const prefix = 'powershell.command.invocation_details[].';
  for (const { name, item, slot } of leaves.all) {
    if (!name.startsWith(prefix)) continue;
    const detail = getOrInsert(details, item, (): Record<string, string | undefined> => ({}));
    detail[name.slice(prefix.length)] = text(slot);
  }
  const lines = [...details.values()].map(({ type, related_command: command, name, value = '' }) => {
    const bound = name === undefined ? value : `name=${name}; value=${value}`;
    return type === undefined ? value : `${type}(${command ?? ''}): ${bound}`;
  });
  return lines.length === 0 ? undefined : lines.join('\r\n');
}

const SYSMON: Readonly<Record<string, Rebuilt>> = {
  UtcTime: { keys: ['@timestamp'], text: utcTime },
  User: { keys: ['user.name'], text: user },
  Hashes: { keys: hashKeys, ids: [1, 6, 7, 23, 24, 25, 26, 27, 28, 29], text: hashes },
  Hash: { keys: hashKeys, ids: [15], text: hashes },
  Initiated: { keys: ['network.direction'], ids: [3], text: initiated },
  SourceIsIpv6: { keys: ['network.type'], ids: [3], text: isIpv6 },
  DestinationIsIpv6: { keys: ['network.type'], ids: [3], text: isIpv6 },
  QueryStatus: {
    keys: ['sysmon.dns.status'],
    ids: [22],
    text: (read) => DNS_STATUS[read('sysmon.dns.status') ?? ''] ?? read('sysmon.dns.status'),
  },
  QueryResults: { keys: ['dns.answers[].data'], ids: [22], text: queryResults },
  Details: { keys: ['registry.data.strings'], ids: [13], text: registryDetails },
};

const OPERATIONAL: Readonly<Record<string, Rebuilt>> = {
  ContextInfo: { keys: ['process.title', 'process.command_line'], ids: [4103], text: contextInfo },
  Payload: { keys: ['powershell.command.invocation_details[].value'], ids: [4103], text: invocationDetails },
};

/** By channel. */
export const ECS_VALUES: Readonly<Record<string, Readonly<Record<string, Rebuilt>>>> = {
  'Microsoft-Windows-Sysmon/Operational': SYSMON,
  'Windows PowerShell': {
    Data: { keys: ['process.title', 'process.command_line'], ids: [400, 403, 600], text: engineData },
    Details: { keys: ['powershell.command.invocation_details[].value'], ids: [800], text: invocationDetails },
  },
  'Microsoft-Windows-PowerShell/Operational': OPERATIONAL,
  'PowerShellCore/Operational': OPERATIONAL,
};

export function rebuiltField(name: string, { text: make }: Rebuilt, leaves: Leaves): ComputedField {
  return {
    section: 'data',
    name,
    kind: 'text',
    compute: (text) => make((key) => text(leaves.get(key)?.slot ?? -1), leaves, text),
  };
}
