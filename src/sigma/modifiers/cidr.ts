/**
 * Spec, Modifiers, cidr: the field holds an IPv4 or IPv6 address of the network. Windows also logs IPv4 addresses as
 * `::ffff:10.1.2.3`; these are read as IPv4. A zone id (`fe80::1%12`) is ignored.
 */

import type { Modifier } from './modifier.ts';
import { type Address, parseAddress, parseNetwork } from './support/ip-address.ts';

interface CidrArgument {
  readonly network: string;
}

/** The last address is kept parsed, because a rule compares one address with many networks in turn. */
let lastText = '';
let lastAddress: Address | null = null;

function addressOf(text: string): Address | null {
  if (text !== lastText) {
    lastAddress = parseAddress(text);
    lastText = text;
  }
  return lastAddress;
}

export const modifier: Modifier = {
  name: 'cidr',
  summary: 'the address is inside the network',
  first: 'of all',
  apply(draft, context) {
    if (draft.pattern.kind === 'null') return { fault: '"cidr" needs a network, not null.' };
    const network = parseNetwork(draft.raw);
    if (network === null) {
      return {
        code: 'cidr',
        fault: `"${draft.raw}" is not a network.`,
        hint: 'Write an address and a prefix length: 10.0.0.0/8, fe80::/10.',
      };
    }
    if (network.hostBits) {
      context.warn('cidr-host-bits', `"${draft.raw}" has bits set behind its prefix; they are ignored.`);
    }
    const argument: CidrArgument = { network: draft.raw };
    return { ...draft, pattern: { kind: 'test', modifier: 'cidr', argument } };
  },
  compileTest(argument) {
    const network = parseNetwork((argument as CidrArgument).network);
    return (text) => {
      const address = network === null ? null : addressOf(text);
      if (address === null || network === null) return false;
      return address.forms.some((form) => form.bits === network.bits && form.value >> network.shift === network.prefix);
    };
  },
};
