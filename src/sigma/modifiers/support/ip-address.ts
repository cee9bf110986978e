/** Reads IPv4 and IPv6 addresses and networks strictly. Refuses blanks, leading zeros and host names. */

/** An address as a number of 32 or 128 bits. */
interface AddressForm {
  readonly bits: 32 | 128;
  readonly value: bigint;
}
export interface Address {
  /** The address as written, and also as IPv4 when it is an IPv4 address inside IPv6. */
  readonly forms: readonly AddressForm[];
}
export interface Network {
  readonly bits: 32 | 128;
  /** How many low bits may differ inside the network. */
  readonly shift: bigint;
  /** The address shifted right by `shift`. */
  readonly prefix: bigint;
  readonly hostBits: boolean;
}

/** The longest text that can be an address, with a zone id. */
const MAX_LENGTH = 64;
const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${OCTET}(?:\\.${OCTET}){3}$`);
const MAPPED_PREFIX = 0xffffn;

function parseIpv4(text: string): bigint | null {
  if (!IPV4.test(text)) return null;
  return text.split('.').reduce((value, octet) => value * 256n + BigInt(octet), 0n);
}

/** The 16-bit groups on one side of `::`. The last may be an IPv4 address. null when one is not a group. */
function parseGroups(text: string): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  const pieces = text.split(':');
  for (const [i, piece] of pieces.entries()) {
    if (/^[\da-fA-F]{1,4}$/.test(piece)) {
      groups.push(BigInt(`0x${piece}`));
      continue;
    }
    const tail = i === pieces.length - 1 ? parseIpv4(piece) : null;
    if (tail === null) return null;
    groups.push(tail >> 16n, tail & 0xffffn);
  }
  return groups;
}

function parseIpv6(text: string): bigint | null {
  const halves = text.split('::');
  if (halves.length > 2) return null;
  const left = parseGroups(halves[0]!);
  const right = parseGroups(halves[1] ?? '');
  if (left === null || right === null) return null;
  // An IPv4 tail may only stand at the very end.
  if (halves.length === 2 && halves[0]!.includes('.')) return null;
  const missing = 8 - left.length - right.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return null;
  return [...left, ...Array<bigint>(missing).fill(0n), ...right].reduce((value, group) => (value << 16n) | group, 0n);
}

export function parseAddress(text: string): Address | null {
  if (text.length > MAX_LENGTH) return null;
  const ipv4 = parseIpv4(text);
  if (ipv4 !== null) return { forms: [{ bits: 32, value: ipv4 }] };
  if (!text.includes(':')) return null;
  const zone = text.indexOf('%');
  const value = parseIpv6(zone < 0 ? text : text.slice(0, zone));
  if (value === null) return null;
  const form: AddressForm = { bits: 128, value };
  return { forms: value >> 32n === MAPPED_PREFIX ? [form, { bits: 32, value: value & 0xffffffffn }] : [form] };
}

/** `10.0.0.0/8`, `fe80::/10`, or a single address; null when it is neither. */
export function parseNetwork(text: string): Network | null {
  const slash = text.indexOf('/');
  const address = parseAddress(slash < 0 ? text : text.slice(0, slash));
  if (address === null || text.includes('%')) return null;
  const { bits, value } = address.forms[0]!;
  const length = slash < 0 ? String(bits) : text.slice(slash + 1);
  if (!/^\d{1,3}$/.test(length) || Number(length) > bits) return null;
  const mapped = address.forms[1];
  // A network inside ::ffff:0:0/96 is read as an IPv4 network, because an event may write its addresses either way.
  if (mapped !== undefined && Number(length) >= 96) return network(32, mapped.value, Number(length) - 96);
  return network(bits, value, Number(length));
}

function network(bits: 32 | 128, value: bigint, length: number): Network {
  const shift = BigInt(bits - length);
  const prefix = value >> shift;
  return { bits, shift, prefix, hostBits: prefix << shift !== value };
}
