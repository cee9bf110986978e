/**
 * Prepares incidents for the report for reading. In: incidents. Out: short texts: a row for each event, users, addresses,
 * notes. A limited number of events is read, and the rest is counted. Texts still have to be made harmless.
 */
import type { EventSnapshot } from '../../model/event.ts';
import type { Incident, IncidentEvent } from '../../model/incident.ts';
import type { Level } from '../../model/rule.ts';
import { presentValue } from '../event-text.ts';
import { stateText } from '../evidence-account.ts';
import { ruleOf } from '../json-objects.ts';
import type { ScanReport } from '../reporter.ts';
import { eventSummary, shortUser } from '../summaries/event-summary.ts';
import { eventLabel, recordLabel } from '../wording.ts';

/**
 * Limits on the events read, for all incidents and for one. Reading one takes as long as a few thousand events that do not match.
 */
const MAX_EVENTS = 5_000;
const MAX_EVENTS_OF_INCIDENT = 1_000;
/**
 * Limits on the related events shown between matched ones: a share of the matched ones, but at least FEW_RELATED and at most
 * MAX_RELATED.
 */
const FEW_RELATED = 6;
const MAX_RELATED = 12;
const RELATED_SHARE = 0.25;
/** Related events with a lower score are left out, because they share a user and a time only by chance. */
const MIN_RELATED_SCORE = 65;
/** Added to the score of an event that a process of the incident caused. */
const OF_ITS_PROCESSES = 60;
/**
 * Limit on the characters of descriptions and names. An attacker may write millions, and the width of each text has to be
 * measured.
 */
const MAX_TEXT = 4_000;
const MAX_NAME = 256;
const MAX_NAMES = 200;

export interface EventRow {
  readonly id: string;
  readonly time: string | null;
  readonly timeUs: number;
  readonly computer: string;
  /** The highest level of the rules that matched; null where these have none, and for other events. */
  readonly level: Level | null;
  /** False for an event that no rule matched. */
  readonly matched: boolean;
  readonly label: string;
  readonly record: string;
  readonly file: string;
  readonly who: string;
  readonly what: string;
  /** Titles of its rules, the most severe first. For a related event, why it is shown. */
  readonly titles: readonly string[];
  readonly rules: readonly number[];
  /** Id of the event in which its process was created. */
  readonly parent: string | null;
  readonly depth: number;
  readonly copies: number;
  /** In a triage, the state of a record that no live log has: `shadow 1`. */
  readonly state: string;
}

export interface Address {
  readonly address: string;
  readonly port: number | null;
  /** How many events name it. */
  readonly events: number;
}

export interface IncidentView {
  readonly incident: Incident;
  readonly rows: readonly EventRow[];
  /**
   * The account that caused all events; null where there are several accounts, or where an event may be that of another account.
   */
  readonly sole: string | null;
  /** How many matched events have no row. */
  readonly left: number;
  /** The most frequent names first. */
  readonly users: readonly string[];
  readonly addresses: readonly Address[];
  readonly notes: readonly string[];
}

export function incidentViews(report: ScanReport): readonly IncidentView[] {
  let room = MAX_EVENTS;
  return report.incidents.map((incident) => {
    const view = viewOf(incident, report, Math.min(room, MAX_EVENTS_OF_INCIDENT));
    room -= incident.eventCount - view.left;
    return view;
  });
}

function viewOf(incident: Incident, report: ScanReport, room: number): IncidentView {
  const users = new Counts();
  const addresses = new Map<string, { -readonly [K in keyof Address]: Address[K] }>();
  const rows: EventRow[] = [];
  const related: { readonly row: EventRow; readonly score: number }[] = [];
  const who = new Map<string, string>();
  let matched = 0;
  if (room > 0) {
    for (const event of incident.events()) {
      if (event.hits.length > 0 && matched === room) break;
      const row = rowOf(event, report);
      who.set(row.id, row.who);
      if (event.hits.length > 0) {
        matched++;
        rows.push(row);
        users.add(row.who);
        for (const user of targetsOf(event.event)) users.add(user);
      } else {
        const score = event.score + (event.parent === null ? 0 : OF_ITS_PROCESSES);
        if (score >= MIN_RELATED_SCORE) related.push({ row, score });
      }
      for (const { address, port } of addressesOf(event.event)) {
        const known = addresses.get(`${address} ${port}`);
        if (known !== undefined) known.events++;
        else if (addresses.size < MAX_NAMES) addresses.set(`${address} ${port}`, { address, port, events: 1 });
      }
    }
  }
  const most = Math.min(MAX_RELATED, Math.max(FEW_RELATED, Math.ceil(matched * RELATED_SHARE)));
  const best = related.sort((a, b) => b.score - a.score || a.row.timeUs - b.row.timeUs).slice(0, most);
  const all = [...rows, ...best.map(({ row }) => row)].sort((a, b) => a.timeUs - b.timeUs);
  const left = incident.eventCount - matched;
  return {
    incident,
    rows: nested(all),
    sole: left === 0 ? soleOf(all, who) : null,
    left,
    users: users.names(),
    addresses: [...addresses.values()],
    notes: [...new Set(incident.alerts.flatMap(({ notes }) => notes.map((note) => note.slice(0, MAX_TEXT))))],
  };
}

/**
 * The account that caused all events. An event without an account counts as that of the event in which its process was created.
 */
function soleOf(rows: readonly EventRow[], whoOfEvent: ReadonlyMap<string, string>): string | null {
  const [first = ''] = rows.flatMap(({ who }) => (who === '' ? [] : [who]));
  const same = ({ who, parent }: EventRow): boolean =>
    first !== '' && sameName(who === '' && parent !== null ? (whoOfEvent.get(parent) ?? '') : who, first);
  return rows.every(same) ? first : null;
}

export function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

/** Indents each row below the process that caused it, where that process is shown. */
export function nested(rows: readonly EventRow[]): readonly EventRow[] {
  const depths = new Map<string, number>();
  return rows.map((row) => {
    const above = row.parent === null ? undefined : depths.get(row.parent);
    const depth = above === undefined ? 0 : above + 1;
    depths.set(row.id, depth);
    return { ...row, depth };
  });
}

function rowOf({ id, event, hits, level, reason, parent, copies, evidence }: IncidentEvent, report: ScanReport): EventRow {
  const { who, what } = eventSummary(event);
  const rules = [...new Set(hits.map(({ rule }) => rule))];
  return {
    id,
    time: event.TimeCreated,
    timeUs: event.timeUs,
    computer: event.Computer.slice(0, MAX_NAME),
    level,
    matched: hits.length > 0,
    label: eventLabel(event).slice(0, MAX_NAME),
    record: recordLabel(event),
    file: event.file,
    who: who.slice(0, MAX_NAME),
    what: what.slice(0, MAX_TEXT),
    titles: hits.length === 0 ? [reason.slice(0, MAX_NAME)] : rules.map((rule) => ruleOf(report, rule).title.slice(0, MAX_NAME)),
    rules,
    parent,
    depth: 0,
    copies: copies.length,
    state: stateText(evidence),
  };
}

const TARGET_USERS = ['TargetUserName', 'MemberName'];

/** Accounts that the event acted on or that logged on. Those with a `$` are computers. */
function targetsOf(event: EventSnapshot): readonly string[] {
  return TARGET_USERS.flatMap((field) => {
    const value = presentValue(event, field);
    return value === null ? [] : [shortUser(value)];
  });
}

/** The fields with an address and, for a connection, its port. */
const ADDRESSES: readonly (readonly [string, string | null])[] = [
  ['DestinationIp', 'DestinationPort'],
  ['DestAddress', 'DestPort'],
  ['SourceIp', null],
  ['SourceAddress', null],
  ['IpAddress', null],
  ['ClientAddress', null],
  ['Address', null],
];
/** Addresses that name no other computer: those of the computer itself, of broadcasts and of multicasts. */
const HERE = /^(?:127\.|0\.0\.0\.0$|::1$|0:0:0:0:0:0:0:[01]$|::$|LOCAL$|255\.255\.255\.255$|ff0|22[4-9]\.)/i;

function addressesOf(event: EventSnapshot): readonly Omit<Address, 'events'>[] {
  return ADDRESSES.flatMap(([field, portField]) => {
    const address = presentValue(event, field)?.replace(/^::ffff:/i, '') ?? null;
    if (address === null || HERE.test(address) || !/[.:]/.test(address)) return [];
    const port = Number(portField === null ? 0 : presentValue(event, portField));
    return [{ address: address.slice(0, MAX_NAME), port: port > 0 && port <= 65_535 ? port : null }];
  });
}

/** Counts names. Names that differ only in case are one name, as in Windows. It is shown in the form that came first. */
export class Counts {
  readonly #counts = new Map<string, { readonly name: string; count: number }>();

  add(given: string, count = 1): void {
    const name = given.slice(0, MAX_NAME);
    const key = name.toLowerCase();
    const known = this.#counts.get(key);
    if (known !== undefined) known.count += count;
    else if (name !== '' && this.#counts.size < MAX_NAMES) this.#counts.set(key, { name, count });
  }

  /** The most frequent names first. */
  names(): readonly string[] {
    return this.entries().map(([name]) => name);
  }

  entries(): readonly (readonly [string, number])[] {
    const all = [...this.#counts.values()].map(({ name, count }) => [name, count] as const);
    return all.sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  }
}
