/**
 * What ties one event to another: identifiers of processes, logon sessions, users and WMI objects, as keys that are equal when
 * they mean the same thing. In: an event. Out: keys, and which kind of event it is.
 */
import { gateChannel } from '../logsource/fields.ts';
import { type EventRecord, fieldValue } from '../model/event.ts';
import { EVENT_KINDS, type EventKind, PROVIDER_CHANNELS } from './event-kinds.ts';
import { scalars } from './field-tuples.ts';
import { wmiNamesOf, wmiPartOf } from './wmi-names.ts';

/** What a key says about its event: it is about this process, or about a child of it, and so on. */
export type LinkRole = 'process' | 'parent' | 'session' | 'user' | 'wmi';

export interface LinkKey {
  readonly key: string;
  /** The identifier as written. */
  readonly label: string;
  readonly role: LinkRole;
  /** Process ids are used again, GUIDs are not. */
  readonly certain: boolean;
}

/** Keys of one event. */
const MAX_KEYS = 32;
/** Characters of a field that are taken for an identifier. */
const MAX_IDENTIFIER = 256;

/** Sessions that every service shares: SYSTEM, LOCAL SERVICE, NETWORK SERVICE, and none. */
const SHARED_SESSIONS = new Set(['0', '3e7', '3e5', '3e4']);
const SHARED_USERS = new Set(['system', 'local service', 'network service', 'anonymous logon', 'n/a', '-', '']);
const SHARED_USER_PREFIXES = ['dwm-', 'umfd-'];
const NO_GUID = '{00000000-0000-0000-0000-000000000000}';

const kindsByChannel = new Map<string, Readonly<Record<number, EventKind>> | null>();
/** Distinct channel texts remembered. */
const REMEMBERED_CHANNELS = 4096;

/** The kind of an event; null for those that look-back only counts. */
export function eventKindOf(event: EventRecord): EventKind | null {
  return (
    kindsOf(event.channel === '' ? (PROVIDER_CHANNELS[event.provider.toLowerCase()] ?? '') : event.channel)?.[event.eventId] ??
    null
  );
}

function kindsOf(channel: string): Readonly<Record<number, EventKind>> | null {
  let kinds = kindsByChannel.get(channel);
  if (kinds === undefined) {
    const name = gateChannel(channel);
    kinds = Object.hasOwn(EVENT_KINDS, name) ? EVENT_KINDS[name]! : null;
    if (kindsByChannel.size >= REMEMBERED_CHANNELS) kindsByChannel.clear();
    kindsByChannel.set(channel, kinds);
  }
  return kinds;
}

/** The keys of an event of that kind. Only the fields that the kind names are decoded. */
export function linkKeysOf(event: EventRecord, kind: EventKind): readonly LinkKey[] {
  const keys: LinkKey[] = [];
  const add = (fields: readonly string[] | undefined, prefix: string, role: LinkRole, certain: boolean, normal: Normal): void => {
    for (const field of fields ?? []) {
      for (const text of scalars(fieldValue(event, field))) {
        const id = text === null || text.length > MAX_IDENTIFIER ? null : normal(text);
        if (id !== null && keys.length < MAX_KEYS) keys.push({ key: prefix + id, label: id, role, certain });
      }
    }
  };
  const { links } = kind;
  add(links.processGuid, 'guid:', 'process', true, guid);
  add(links.parentGuid, 'guid:', 'parent', true, guid);
  add(links.processId, 'pid:', 'process', false, processId);
  add(links.parentId, 'pid:', 'parent', false, processId);
  add(links.logonId, 'logon:', 'session', true, session);
  add(links.logonGuid, 'session:', 'session', true, guid);
  add(links.user, 'user:', 'user', false, user);
  const part = wmiPartOf(event);
  if (part !== null) {
    for (const name of wmiNamesOf(event, part)) {
      if (keys.length < MAX_KEYS) keys.push({ key: `wmi:${name.toLowerCase()}`, label: name, role: 'wmi', certain: true });
    }
  }
  return keys;
}

type Normal = (text: string) => string | null;

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

/** `IEWIN7\IEUser` and `ieuser` are taken for the same user; machine accounts and built-in accounts are nobody. */
function user(text: string): string | null {
  const plain = text.trim().toLowerCase();
  const name = plain.slice(plain.lastIndexOf('\\') + 1).split('@', 1)[0]!;
  if (SHARED_USERS.has(name) || name.endsWith('$')) return null;
  return SHARED_USER_PREFIXES.some((prefix) => name.startsWith(prefix)) ? null : name;
}
