/**
 * Says what a code in an event means. In: a field of an event. Out: the meaning in words, to be shown next to the value; null
 * for a value that is not a known code.
 */
import type { EventSnapshot } from '../../model/event.ts';
import {
  COMMON_ACCESS,
  FILE_ACCESS,
  KERBEROS_RESULTS,
  LOGON_FAILURES,
  LOGON_TYPES,
  MESSAGES,
  PRE_AUTHENTICATION,
  PROCESS_ACCESS,
  PROCESS_ALL_ACCESS,
  RIDS,
  SIDS,
  TICKET_ENCRYPTION,
} from './codes.ts';

type EventKey = Pick<EventSnapshot, 'Channel' | 'EventID'>;

/** Longer values are not codes. */
const MAX_CODE = 512;
/** How many codes in one value are explained. */
const MAX_CODES = 12;
const MESSAGE = /%%\d{1,5}/g;
const KERBEROS_EVENTS = new Set([4768, 4769, 4770, 4771]);

/** `LogonType` `3` -> `network`. */
export function wordsOf(field: string, value: string, event: EventKey): string | null {
  if (value.length > MAX_CODE) return null;
  const text = value.trim();
  if (text.includes('%%')) return messageWords(text);
  if (/^S-1-\d/i.test(text)) return sidWords(text.toUpperCase());
  switch (field) {
    case 'LogonType':
      return inTable(LOGON_TYPES, text);
    case 'Status':
    case 'SubStatus':
    case 'FailureCode':
      return inTable(KERBEROS_EVENTS.has(event.EventID ?? 0) ? KERBEROS_RESULTS : LOGON_FAILURES, hexOf(text));
    case 'ResultCode':
      return inTable(KERBEROS_RESULTS, hexOf(text));
    case 'TicketEncryptionType':
    case 'SessionKeyEncryptionType':
      return inTable(TICKET_ENCRYPTION, hexOf(text));
    case 'PreAuthType':
      return inTable(PRE_AUTHENTICATION, text);
    case 'GrantedAccess':
      return accessWords(text, PROCESS_ACCESS);
    case 'AccessMask':
      return accessWords(text, event.EventID === 5145 || event.EventID === 5140 || event.EventID === 4663 ? FILE_ACCESS : []);
    default:
      return null;
  }
}

function inTable(table: Readonly<Record<string, string>>, key: string): string | null {
  return Object.hasOwn(table, key) ? table[key]! : null;
}

/** `0x00000017` and `0X17` are `0x17`. */
function hexOf(text: string): string {
  return /^0x[\da-f]{1,16}$/i.test(text) ? `0x${BigInt(text).toString(16)}` : text;
}

function messageWords(text: string): string | null {
  const words = (text.match(MESSAGE) ?? []).slice(0, MAX_CODES).map((code) => inTable(MESSAGES, code));
  const known = words.filter((word) => word !== null);
  return known.length === 0 ? null : known.join(', ');
}

function sidWords(sid: string): string | null {
  const known = inTable(SIDS, sid);
  if (known !== null) return known;
  const rid = /^S-1-5-21-(?:\d+-){3}(\d+)$/.exec(sid)?.[1];
  return rid === undefined ? null : inTable(RIDS, rid);
}

/** The bits in words. Bits that no table has are left out, because the number is shown next to the words. */
function accessWords(text: string, own: readonly (readonly [number, string])[]): string | null {
  if (!/^0x[\da-f]{1,8}$/i.test(text)) return null;
  const mask = Number(text);
  if (own === PROCESS_ACCESS && PROCESS_ALL_ACCESS.includes(mask)) return 'all access';
  const words = [...own, ...COMMON_ACCESS].filter(([bit]) => (mask & bit) !== 0).map(([, word]) => word);
  return words.length === 0 ? null : words.join(' ');
}
