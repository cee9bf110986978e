/** Finds users and addresses in an event. In: an event. Out: their names as written, without placeholders. */
import { ACCOUNT_FIELDS } from '../../findings/account-fields.ts';
import type { EventSnapshot } from '../../model/event.ts';
import { valueText } from '../event-text.ts';
import { shortUser } from '../summaries/event-summary.ts';

const ADDRESS_FIELDS = ['IpAddress', 'SourceIp', 'DestinationIp', 'SourceAddress', 'DestAddress', 'ClientAddress', 'Address'];
/** Placeholders that Windows writes instead of a user, and addresses of the computer itself. */
const NO_USER = new Set(['', '-', 'null', 'n/a']);
const NO_ADDRESS = new Set(['', '-', 'null', '::', '::1', '0.0.0.0', '127.0.0.1', 'local', '0:0:0:0:0:0:0:1']);

export function fieldText(event: EventSnapshot, name: string): string {
  const value = Object.hasOwn(event.data, name) ? event.data[name] : undefined;
  return value === undefined ? '' : valueText(value).trim();
}

/** Accounts without their domain, because only some events name it. */
export function usersOf(event: EventSnapshot): string[] {
  const users = ACCOUNT_FIELDS.map((name) => fieldText(event, name)).filter((user) => !NO_USER.has(user.toLowerCase()));
  return [...new Set(users.map(shortUser))];
}

export function addressesOf(event: EventSnapshot): string[] {
  return [...new Set(ADDRESS_FIELDS.map((name) => addressText(fieldText(event, name))).filter((address) => address !== ''))];
}

/** An address in its usual form: an IPv4 address inside IPv6 becomes IPv4. '' for a text that names nothing. */
export function addressText(text: string): string {
  const address = text.trim().replace(/^::ffff:(?=\d+\.)/i, '');
  return NO_ADDRESS.has(address.toLowerCase()) ? '' : address;
}
