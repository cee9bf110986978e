/**
 * The data in an HTML report: plain JSON, written by collect-page.ts and read by the application. Texts are as they are in logs
 * and rules. The application makes them harmless where it shows them.
 */
import type { FieldValue } from '../../model/event.ts';
import type { RuleInfo } from '../../model/match.ts';
import type { Level } from '../../model/rule.ts';
import type { DecodedLayer } from '../decoded-layers.ts';

export interface PageData {
  readonly head: PageHead;
  /** Matched and related events, by incident and then by time. */
  readonly events: readonly PageFacts[];
}

export interface PageHead {
  readonly version: string;
  readonly title: string;
  /** The lines of the account of the scan, with their labels. */
  readonly facts: readonly { readonly label: string; readonly lines: readonly string[]; readonly attention: boolean }[];
  /** In a triage: how many records each state has, and what is found only outside of live logs. */
  readonly states?: readonly string[];
  /** The rules that matched. */
  readonly rules: readonly PageRule[];
  /** Incidents, the worst first. */
  readonly incidents: readonly PageIncident[];
  readonly alerts: Readonly<Record<string, PageAlert>>;
  readonly correlations: readonly PageCorrelation[];
  /** Tactics of the rules, in the order of ATT&CK's matrix. */
  readonly tactics: readonly string[];
  readonly subscriptions: readonly PageSubscription[];
  readonly logons: readonly PageLogon[];
  readonly clears: readonly { readonly us: number; readonly host: string; readonly log: string; readonly user: string | null }[];
}

export type PageRule = RuleInfo;

export interface PageIncident {
  readonly id: string;
  readonly host: string;
  readonly level: Level | null;
  readonly first: string | null;
  readonly last: string | null;
  readonly events: number;
  readonly rules: number;
  readonly tactics: readonly string[];
  /** How many of all alerts got a look-back. `capped` says that some events could not be kept. */
  readonly lookback: { readonly alerts: number; readonly done: number; readonly capped: boolean };
}

export interface PageAlert {
  readonly count: number;
  readonly last: string | null;
  readonly notes: readonly string[];
  readonly lookback: PageLookback | null;
}

export interface PageLookback {
  readonly window: string;
  readonly events: number;
  readonly capped: boolean;
  /** Ids of events, each with what ties it to the alert. */
  readonly related: readonly (readonly [id: string, reason: string])[];
  readonly after: readonly (readonly [id: string, reason: string])[];
}

export interface PageCorrelation {
  readonly type: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  readonly records: number;
  readonly group: Readonly<Record<string, string>>;
}

/** An event: what lists and filters show, which the application reads first, and the rest, which is three quarters of a page. */
export interface PageEvent extends PageFacts, PageDetails {}

export interface PageFacts {
  readonly id: string;
  /** Index in `head.incidents`. `hits` have indexes in `rules` and `correlations`. */
  readonly incident: number;
  readonly hits: readonly PageHit[];
  /** For an event that no rule matched, why it is shown. */
  readonly reason: string;
  readonly parent: string | null;
  readonly depth: number;
  /** Who did it, and what happened, in one line. */
  readonly who: string;
  readonly text: string;
  readonly users: readonly string[];
  readonly addresses: readonly string[];
  readonly file: string;
  readonly index: number;
  /** In a triage, for a record that no live log has: its state (`shadow 1`). '' for other records. */
  readonly state: string;
  readonly record: number | null;
  readonly time: string | null;
  readonly us: number | null;
  readonly provider: string;
  readonly channel: string;
  readonly eventId: number | null;
  readonly host: string;
}

export interface PageDetails {
  readonly offset: number;
  readonly recovered: boolean;
  /** In words, where a record that has a `state` was found; '' for other records. */
  readonly where: string;
  /** Other places where the same record was found. */
  readonly copies: readonly string[];
  /** Payloads that were decoded from Base64 in its data. Absent when there are none. */
  readonly decoded?: readonly DecodedLayer[] | undefined;
  readonly system: Readonly<Record<string, FieldValue>>;
  readonly data: Readonly<Record<string, FieldValue>>;
  /** For each of `hits`, the values that the rule matched. */
  readonly matched: readonly (readonly PageField[])[];
}

export interface PageHit {
  readonly rule: number;
  readonly alert: string;
  readonly via: string;
  readonly correlation: number | null;
}

export interface PageField {
  readonly name: string;
  readonly value: string;
  /** What the value means, if it is a code. */
  readonly words: string | null;
  readonly ranges: readonly (readonly [number, number])[];
  readonly patterns: readonly string[];
}

/** The two parts of an event. */
export function partsOf({ offset, recovered, where, copies, decoded, system, data, matched, ...facts }: PageEvent): {
  readonly facts: PageFacts;
  readonly details: PageDetails;
} {
  return { facts, details: { offset, recovered, where, copies, decoded, system, data, matched } };
}

/**
 * A WMI subscription: filter, binding, consumer, and the processes that ran. Ids are those of events, where these are in the
 * report.
 */
export interface PageSubscription {
  readonly host: string;
  readonly incident: number;
  readonly filter: { readonly name: string; readonly query: string; readonly event: string | null };
  readonly consumer: { readonly name: string; readonly type: string; readonly runs: string; readonly event: string | null };
  /** Id of the event that binds filter and consumer; null when there is none. */
  readonly binding: string | null;
  readonly payloads: readonly string[];
  readonly processes: readonly { readonly text: string; readonly event: string }[];
}

/** Logons of one kind from one place to another. */
export interface PageLogon {
  readonly from: string;
  readonly to: string;
  /** `LogonType` as written, or the EventID where the event has none. */
  readonly type: string;
  readonly count: number;
  readonly failed: number;
  readonly users: readonly string[];
}
