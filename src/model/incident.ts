/** What happened on one computer in one go, as reports tell it: plain data, and what is read when it is asked for. */
import type { EventSnapshot } from './event.ts';
import type { EvidencePlace } from './evidence.ts';
import type { Alert, Correlation, MatchedField } from './match.ts';
import type { Level } from './rule.ts';

/** Events of one computer that rules matched, none of them longer after the one before than the gap (`--incident-gap`). */
export interface Incident {
  /** Of the computer and the first event: the same in every format and every run. */
  readonly id: string;
  /** As written in the first event. */
  readonly computer: string;
  /** The highest of its rules. */
  readonly level: Level | null;
  /** Times of the first and the last matched event; null when they have none. */
  readonly first: string | null;
  readonly last: string | null;
  readonly firstUs: number;
  readonly lastUs: number;
  /** Matched events, each counted once: by how many rules it was matched, and in how many copies of a log it is, does not count. */
  readonly eventCount: number;
  /** Of them by their highest level, the highest first; `none` for rules without a level. */
  readonly levels: Readonly<Record<string, number>>;
  /** Matches: a rule on an event. */
  readonly matchCount: number;
  /** Rules that matched, correlations among them, the most severe first: places in the rule set's `rules`. */
  readonly rules: readonly number[];
  /** ATT&CK tactics of these rules, in the order of the matrix. */
  readonly tactics: readonly string[];
  /** Alerts whose first match is here, the most severe first. A cap may leave some out; events are all here. */
  readonly alerts: readonly Alert[];
  /** For how many of the alerts was looked back, and whether there was more than could be kept. */
  readonly lookback: { readonly alerts: number; readonly done: number; readonly capped: boolean };
  /**
   * The matched events and, between them, the related ones of the alerts' look-back, by time, each once. May be read from a
   * temporary file: iterate, and do not collect where there may be very many.
   */
  events(): Iterable<IncidentEvent>;
}

/** An event of an incident. */
export interface IncidentEvent {
  readonly id: string;
  readonly event: EventSnapshot;
  /** All rules that matched, the most severe first. Empty for an event that is only related. */
  readonly hits: readonly RuleHit[];
  /** The highest of `hits`; null when there is none. */
  readonly level: Level | null;
  /** Of an event without hits: why it is shown, and how closely it is related. '' and 0 for others. */
  readonly reason: string;
  readonly score: number;
  /** Where else the same record is: copies of a log. */
  readonly copies: readonly { readonly file: string; readonly index: number }[];
  /** Of a triage: where the record is. */
  readonly evidence?: EvidencePlace | undefined;
  /** Id of the event of this incident in which the process was created that did this (or started this process); null when none is known. */
  readonly parent: string | null;
  /** Number of such events above it. */
  readonly depth: number;
}

/** A rule that matched an event. */
export interface RuleHit {
  readonly rule: number;
  /** Id of its alert. */
  readonly alert: string;
  /** As of the match; `correlation` and none for an event that is one of several of which a correlation is made. */
  readonly via: string;
  readonly fields: readonly MatchedField[];
  readonly correlation: Correlation | null;
}
