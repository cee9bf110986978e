/**
 * What ties one event to another: identifiers of processes, logon sessions, users and WMI objects. In: an event. Out: its kind,
 * and its identifiers as keys, which are equal when they mean the same thing. Texts that identify nothing give no key.
 */

import { type EventRecord, fieldValue } from '../../../model/event.ts';
import { rememberedUpTo } from '../../../model/values/maps.ts';
import { gateChannel } from '../../../sigma/logsource/fields.ts';
import { scalars } from '../../correlate/field-tuples.ts';
import { wmiNamesOf, wmiPartOf } from '../../wmi/wmi-names.ts';
import { EVENT_KINDS, type EventKind, type LinkFields, PROVIDER_CHANNELS } from './event-kinds.ts';

/** What a key means for its event: the event is about this process, about a child of it, and so on. */
export type LinkRole = 'process' | 'parent' | 'session' | 'user' | 'wmi';

export interface LinkKey {
  readonly key: string;
  /** The identifier as written. */
  readonly label: string;
  readonly role: LinkRole;
  /** True for GUIDs. False for process ids, because Windows reuses them. */
  readonly certain: boolean;
}

/** Limit on the keys of one event. */
export const MAX_KEYS = 32;
/** Longer texts are not identifiers. */
const MAX_IDENTIFIER = 256;

/** Sessions that services share: SYSTEM, LOCAL SERVICE, NETWORK SERVICE, and none. */
const SHARED_SESSIONS = new Set(['0', '3e7', '3e5', '3e4']);
const SHARED_USERS = new Set(['system', 'local service', 'network service', 'anonymous logon', 'n/a', '-', '']);
const SHARED_USER_PREFIXES = ['dwm-', 'umfd-'];
const NO_GUID = '{00000000-0000-0000-0000-000000000000}';

/** How many different channel texts are remembered. */
const REMEMBERED_CHANNELS = 4096;

/** The kind of an event. null for events that look-back only counts. */
export function eventKindOf(event: EventRecord): EventKind | null {
  const channel = event.channel === '' ? (PROVIDER_CHANNELS[event.provider.toLowerCase()] ?? '') : event.channel;
  const kind = kindsOf(channel)?.[event.eventId];
  if (kind === undefined || (kind.provider !== undefined && kind.provider !== event.provider.toLowerCase())) return null;
  return kind;
}

const kindsOf = rememberedUpTo(REMEMBERED_CHANNELS, (channel: string): Readonly<Record<number, EventKind>> | null => {
  const name = gateChannel(channel);
  return Object.hasOwn(EVENT_KINDS, name) ? EVENT_KINDS[name]! : null;
});

/** How identifiers of one sort are read. With the same prefix, equal texts mean the same thing. */
export interface LinkField {
  /** Names the fields of a kind that hold it. */
  readonly links: keyof LinkFields;
  readonly prefix: string;
  readonly role: LinkRole;
  readonly certain: boolean;
  /** The identifier in its standard spelling. null when the text identifies nothing. */
  readonly normal: (text: string) => string | null;
}

/** In the order in which the keys of an event are counted and compared. */
export const LINK_FIELDS: readonly LinkField[] = [
  { links: 'processGuid', prefix: 'guid:', role: 'process', certain: true, normal: guid },
  { links: 'parentGuid', prefix: 'guid:', role: 'parent', certain: true, normal: guid },
  { links: 'processId', prefix: 'pid:', role: 'process', certain: false, normal: processId },
  { links: 'parentId', prefix: 'pid:', role: 'parent', certain: false, normal: processId },
  { links: 'logonId', prefix: 'logon:', role: 'session', certain: true, normal: session },
  { links: 'logonGuid', prefix: 'session:', role: 'session', certain: true, normal: guid },
  { links: 'user', prefix: 'user:', role: 'user', certain: false, normal: user },
];

/** The identifier in a field's text, or null when there is none. */
export function identifierOf(field: LinkField, text: string): string | null {
  return text.length > MAX_IDENTIFIER ? null : field.normal(text);
}

/** The names of the WMI objects that the event is about. Empty for other events. */
export function wmiKeyNames(event: EventRecord): readonly string[] {
  const part = wmiPartOf(event);
  return part === null ? NO_NAMES : wmiNamesOf(event, part);
}

const NO_NAMES: readonly string[] = [];

export function wmiKey(name: string): string {
  return `wmi:${name.toLowerCase()}`;
}

/** The keys of an event of this kind. Only the fields that the kind names are decoded. */
export function linkKeysOf(event: EventRecord, kind: EventKind): readonly LinkKey[] {
  const keys: LinkKey[] = [];
  for (const link of LINK_FIELDS) {
    const { prefix, role, certain } = link;
    for (const field of kind.links[link.links] ?? []) {
      for (const text of scalars(fieldValue(event, field))) {
        const id = text === null ? null : identifierOf(link, text);
        if (id !== null && keys.length < MAX_KEYS) keys.push({ key: prefix + id, label: id, role, certain });
      }
    }
  }
  for (const name of wmiKeyNames(event)) {
    if (keys.length < MAX_KEYS) keys.push({ key: wmiKey(name), label: name, role: 'wmi', certain: true });
  }
  return keys;
}

function guid(text: string): string | null {
  const plain = text.trim().toLowerCase();
  return plain === '' || plain === '-' || plain === NO_GUID ? null : plain;
}

/** `0x728` and `1832` are the same process. Ids 0 and 4 are the idle process and the kernel. */
function processId(text: string): string | null {
  const plain = text.trim();
  if (!/^(?:0x[0-9a-f]{1,8}|\d{1,10})$/i.test(plain)) return null;
  const id = Number(plain);
  return id === 0 || id === 4 ? null : String(id);
}

function session(text: string): string | null {
  const plain = text.trim().toLowerCase();
  if (!/^(?:0x[0-9a-f]{1,16}|\d{1,20})$/.test(plain)) return null;
  const id = BigInt(plain).toString(16);
  return SHARED_SESSIONS.has(id) ? null : id;
}

/**
 * `IEWIN7\IEUser` and `ieuser` are read as the same user. Machine accounts and built-in accounts give null, because they tie
 * nothing together.
 */
function user(text: string): string | null {
  const plain = text.trim().toLowerCase();
  const name = plain.slice(plain.lastIndexOf('\\') + 1).split('@', 1)[0]!;
  if (SHARED_USERS.has(name) || name.endsWith('$')) return null;
  return SHARED_USER_PREFIXES.some((prefix) => name.startsWith(prefix)) ? null : name;
}
