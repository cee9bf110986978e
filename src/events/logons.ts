/**
 * In: the events of logs, in any order. Out: who logged on where, from where and how; failures before a success; sessions. It
 * reads events 4624 and 4625 of the Security log, and 4634 and 4647 as the end of a session. A record that is in several logs
 * counts once. Refuses nothing; logons beyond a limit are only counted.
 */
import { type EventRecord, fieldValue, recordNumber } from '../model/event.ts';
import { getOrInsert } from '../model/values/maps.ts';

const LOGON = 4624;
const FAILURE = 4625;
const ENDS = [4634, 4647];
/** Each takes some 200 bytes of memory. */
const MAX_LOGONS = 1_000_000;

export interface Session {
  readonly computer: string;
  readonly user: string;
  /** Address, else the name of the workstation; '' where the event has neither. */
  readonly from: string;
  /** As Windows writes it: `3`. */
  readonly type: string;
  readonly logonId: string;
  readonly startUs: number;
  /** NaN where the log does not show the end. */
  readonly endUs: number;
}

export interface LogonGroup {
  readonly computer: string;
  readonly user: string;
  readonly from: string;
  readonly type: string;
  successes: number;
  failures: number;
  /** The longest row of failures that was followed by a success from the same place. */
  failuresBeforeSuccess: number;
  /** The reason as Windows writes it (`0xc000006a`) -> how often it occurs. */
  readonly reasons: Map<string, number>;
  firstUs: number;
  lastUs: number;
}

interface Logon extends Omit<Session, 'endUs'> {
  readonly failed: boolean;
  readonly reason: string;
}

export class Logons {
  /** How many logons are not kept. */
  more = 0;
  readonly #logons: Logon[] = [];
  /** Keys of the records that were seen, so that a copy is not counted. */
  readonly #seen = new Set<string>();
  /** Computer and logon id -> the ends of sessions, in microseconds. */
  readonly #ends = new Map<string, number[]>();

  add(event: EventRecord): void {
    if (event.channel.toLowerCase() !== 'security') return;
    if (event.eventId === LOGON || event.eventId === FAILURE) this.#addLogon(event);
    else if (ENDS.includes(event.eventId)) this.#addEnd(event);
  }

  #addLogon(event: EventRecord): void {
    if (this.#logons.length >= MAX_LOGONS) {
      this.more++;
      return;
    }
    const record = recordNumber(event);
    const key = `${record} ${event.timeUs} ${event.computer}`;
    if (record !== null && this.#seen.has(key)) return;
    this.#seen.add(key);
    const failed = event.eventId === FAILURE;
    const address = text(event, 'IpAddress').replace(/^::ffff:(?=\d+\.)/i, '');
    const reason = text(event, 'SubStatus');
    this.#logons.push({
      computer: event.computer,
      user: account(event),
      from: address || text(event, 'WorkstationName'),
      type: text(event, 'LogonType'),
      logonId: failed ? '' : text(event, 'TargetLogonId'),
      startUs: event.timeUs,
      failed,
      reason: failed ? (/^(?:0x0+)?$/i.test(reason) ? text(event, 'Status') : reason).toLowerCase() : '',
    });
  }

  #addEnd(event: EventRecord): void {
    const key = sessionKey(event.computer, text(event, 'TargetLogonId'));
    const ends = this.#ends.get(key);
    if (ends !== undefined) ends.push(event.timeUs);
    else if (this.#ends.size < MAX_LOGONS) this.#ends.set(key, [event.timeUs]);
  }

  /** Groups in which a success followed failures come first, then the most frequent ones. */
  get groups(): readonly LogonGroup[] {
    const groups = new Map<string, LogonGroup>();
    /**
     * Computer, account and place -> failures since the last success. The type is not compared, because a guessed password may be
     * used for another type of logon.
     */
    const row = new Map<string, number>();
    for (const logon of this.#byTime()) {
      const { computer, user, from, type, startUs } = logon;
      const key = [computer, user, from, type].join('\n').toLowerCase();
      const group = getOrInsert(groups, key, () => newGroup(logon));
      const place = [computer, user, from].join('\n').toLowerCase();
      if (logon.failed) {
        group.failures++;
        row.set(place, (row.get(place) ?? 0) + 1);
        group.reasons.set(logon.reason, (group.reasons.get(logon.reason) ?? 0) + 1);
      } else {
        group.successes++;
        group.failuresBeforeSuccess = Math.max(group.failuresBeforeSuccess, row.get(place) ?? 0);
        row.delete(place);
      }
      if (!(group.firstUs <= startUs)) group.firstUs = startUs;
      if (!(group.lastUs >= startUs)) group.lastUs = startUs;
    }
    return [...groups.values()].sort(
      (a, b) =>
        b.failuresBeforeSuccess - a.failuresBeforeSuccess ||
        b.successes + b.failures - a.successes - a.failures ||
        before(a.firstUs, b.firstUs),
    );
  }

  /** Sessions by time. A logon id is used again after a restart, so a session ends with the first end after its start. */
  get sessions(): readonly Session[] {
    return this.#byTime()
      .filter(({ failed }) => !failed)
      .map(({ computer, user, from, type, logonId, startUs }) => {
        const ends = this.#ends.get(sessionKey(computer, logonId)) ?? [];
        const endUs = ends.reduce((first, end) => (end >= startUs && !(first <= end) ? end : first), Number.NaN);
        return { computer, user, from, type, logonId, startUs, endUs };
      });
  }

  #byTime(): readonly Logon[] {
    return [...this.#logons].sort((a, b) => before(a.startUs, b.startUs));
  }
}

function newGroup({ computer, user, from, type }: Logon): LogonGroup {
  const counts = { successes: 0, failures: 0, failuresBeforeSuccess: 0, firstUs: Number.NaN, lastUs: Number.NaN };
  return { computer, user, from, type, ...counts, reasons: new Map() };
}

/** Times that are unknown (NaN) come last. */
function before(a: number, b: number): number {
  return a === b ? 0 : Number.isNaN(a) ? (Number.isNaN(b) ? 0 : 1) : Number.isNaN(b) ? -1 : a - b;
}

function sessionKey(computer: string, logonId: string): string {
  return `${computer}\n${logonId}`.toLowerCase();
}

function account(event: EventRecord): string {
  const name = text(event, 'TargetUserName');
  const domain = text(event, 'TargetDomainName');
  return domain === '' || name === '' ? name : `${domain}\\${name}`;
}

/** The trimmed value; '' where it is absent or `-`. */
function text(event: EventRecord, field: string): string {
  const value = fieldValue(event, field);
  return typeof value === 'string' && value.trim() !== '-' ? value.trim() : '';
}
