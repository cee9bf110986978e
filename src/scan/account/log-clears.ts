/**
 * Which events say that a log was cleared, and what they say of it. In: an event. Out: whether it is one of them, or the log and
 * who cleared it. The event log service writes these events itself: 1102 into the Security log about that log, 104 about any
 * other log. 1100 is none of them (the service stopped, as at each shutdown), and drivers have a 104 of their own.
 */

import type { EventRecord, EventSnapshot, FieldValue } from '../../model/event.ts';
import { gateChannel } from '../../sigma/logsource/fields.ts';

const AUDIT_LOG_CLEARED = 1102;
const LOG_CLEARED = 104;
const SERVICE = 'microsoft-windows-eventlog';
const AUDIT_LOG = 'Security';

/** By the EventID alone, which is quick: false means that the event cleared no log. */
export function mayClearLog(eventId: number): boolean {
  return eventId === AUDIT_LOG_CLEARED || eventId === LOG_CLEARED;
}

export function isLogCleared(event: Pick<EventRecord, 'eventId' | 'channel' | 'provider'>): boolean {
  if (!mayClearLog(event.eventId)) return false;
  const provider = event.provider.trim().toLowerCase();
  if (event.eventId === LOG_CLEARED) return provider === SERVICE;
  const channel = gateChannel(event.channel);
  // Some exports lack channel or provider. Either is enough: only the service writes 1102 to the Security log, and it has no
  // other 1102.
  if (provider === '') return channel === 'security';
  return provider === SERVICE && (channel === 'security' || channel === '');
}

/** The log that was cleared, '' where the event does not say, and the account that did it. */
export function clearedBy(event: EventSnapshot): { readonly log: string; readonly user: string | null } {
  const log = event.EventID === AUDIT_LOG_CLEARED ? AUDIT_LOG : textOf(event.data.Channel);
  const name = textOf(event.data.SubjectUserName);
  const domain = textOf(event.data.SubjectDomainName);
  const account = domain === '' || name === '' ? name : `${domain}\\${name}`;
  const user = account || textOf(event.data.SubjectUserSid) || textOf(event.system.Security_UserID);
  return { log, user: user === '' ? null : user };
}

/** `-` is what Windows writes for a part that was not filled in. */
function textOf(value: FieldValue | undefined): string {
  return typeof value === 'string' && value !== '-' ? value : '';
}
