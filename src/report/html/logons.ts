/**
 * Finds who logged on from where to where. In: the events of a report, matched and related. Out: one edge for each source,
 * target and kind of logon, with the number of logons. Events that the report leaves out are not counted.
 */
import type { EventSnapshot } from '../../model/event.ts';
import { addressText, fieldText } from './event-facts.ts';
import type { PageLogon } from './page-data.ts';

/** Security events that name where a logon came from: EventID -> whether it failed (null: the event's status tells). */
const INCOMING = new Map<number, boolean | null>([
  [4624, false],
  [4625, true],
  [4768, null],
  [4769, null],
  [4771, true],
  [4776, null],
]);
/** A logon with explicit credentials. This event is on the computer from which the user comes. */
const OUTGOING = 4648;
const PROVIDER = /^microsoft-windows-security-auditing$/i;
const SUCCESS = /^(?:|0x0+|%%\d+|-)$/i;
const NOWHERE = new Set(['', '-', 'localhost']);
/** How many accounts are named for each edge. */
const MAX_USERS = 20;

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly type: string;
  readonly users: Set<string>;
  count: number;
  failed: number;
}

export class Logons {
  readonly #edges = new Map<string, Edge>();

  add(event: EventSnapshot): void {
    const { EventID, Provider, Channel, Computer } = event;
    if (EventID === null || !(PROVIDER.test(Provider) || Channel.toLowerCase() === 'security')) return;
    const outgoing = EventID === OUTGOING;
    if (!outgoing && !INCOMING.has(EventID)) return;
    const from = outgoing ? Computer : sourceOf(event);
    const to = outgoing ? targetOf(event) : Computer;
    if (NOWHERE.has(from.toLowerCase()) || NOWHERE.has(to.toLowerCase()) || sameHost(from, to)) return;
    const type = fieldText(event, 'LogonType') || String(EventID);
    const key = JSON.stringify([from.toLowerCase(), to.toLowerCase(), type]);
    const edge = this.#edges.get(key) ?? { from, to, type, users: new Set(), count: 0, failed: 0 };
    this.#edges.set(key, edge);
    edge.count++;
    const failed = INCOMING.get(EventID) ?? (outgoing ? false : !SUCCESS.test(fieldText(event, 'Status')));
    if (failed) edge.failed++;
    const user = fieldText(event, 'TargetUserName');
    if (user !== '' && user !== '-' && edge.users.size < MAX_USERS) edge.users.add(user);
  }

  /** The most frequent first. */
  edges(): PageLogon[] {
    return [...this.#edges.values()]
      .sort((a, b) => b.count - a.count || (a.from + a.to < b.from + b.to ? -1 : 1))
      .map((edge) => ({ ...edge, users: [...edge.users] }));
  }
}

function sourceOf(event: EventSnapshot): string {
  return (
    addressText(fieldText(event, 'IpAddress')) || hostText(fieldText(event, 'WorkstationName') || fieldText(event, 'Workstation'))
  );
}

function targetOf(event: EventSnapshot): string {
  return hostText(fieldText(event, 'TargetServerName'));
}

/** The name without the slashes of `\\HOST`, which some providers write. */
function hostText(text: string): string {
  return text.replace(/^\\\\/, '').trim();
}

/** `ws01` and `WS01.corp.local` are one computer. Addresses must be equal as a whole. */
function sameHost(a: string, b: string): boolean {
  const short = (name: string): string => (/^[\d.:]+$/.test(name) ? name : name.split('.')[0]!).toLowerCase();
  return short(a) === short(b);
}
