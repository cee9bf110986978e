/** A burst of activity on one computer, as reports show it. Plain data; events are read when they are asked for. */
import type { EventSnapshot } from './event.ts';
import type { EvidencePlace } from './evidence.ts';
import type { Alert, Correlation, MatchedField } from './match.ts';
import type { Level } from './rule.ts';

/** Events of one computer that rules matched. No two neighbours are further apart than the gap (`--incident-gap`). */
export interface Incident {
  /** Made from the computer and the first event: the same in every format and every run. */
  readonly id: string;
  /** As written in the first event. */
  readonly computer: string;
  /** The highest level among its rules. */
  readonly level: Level | null;
  /** Times of the first and the last matched event; null when they have none. */
  readonly first: string | null;
  readonly last: string | null;
  readonly firstUs: number;
  readonly lastUs: number;
  /**
   * How many matched events there are. Each counts once, however many rules matched it and however many copies of its log there
   * are.
   */
  readonly eventCount: number;
  /** Highest level -> how many events have it, the highest level first. `none` is for rules without a level. */
  readonly levels: Readonly<Record<string, number>>;
  /** How many matches there are: one for each event and rule. */
  readonly matchCount: number;
  /** Rules and correlations that matched, the most severe first, as indexes into the rule set's `rules`. */
  readonly rules: readonly number[];
  /** ATT&CK tactics of these rules, in the order of the matrix. */
  readonly tactics: readonly string[];
  /** Alerts whose first match is in the incident, the most severe first. A limit may leave some out, but no events. */
  readonly alerts: readonly Alert[];
  /** How many of the alerts have a look-back, and whether some events could not be kept. */
  readonly lookback: { readonly alerts: number; readonly done: number; readonly capped: boolean };
  /**
   * The matched events and, between them, the related ones from the look-back of the alerts, by time, each once. They may be
   * read from a temporary file: iterate, and do not collect them, because there may be very many.
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
  /** For an event without hits, why it is shown and how closely it is related. '' and 0 for others. */
  readonly reason: string;
  readonly score: number;
  /** Where copies of the same record are. */
  readonly copies: readonly { readonly file: string; readonly index: number }[];
  /** In a triage, where the record is. */
  readonly evidence?: EvidencePlace | undefined;
  /**
   * Id of the event of this incident that created the process which caused this event (or which started this process). null
   * when it is not known.
   */
  readonly parent: string | null;
  /** How many such events are above it. */
  readonly depth: number;
}

/** A rule that matched an event. */
export interface RuleHit {
  readonly rule: number;
  /** Id of its alert. */
  readonly alert: string;
  /** As in the match. `correlation`, without an event source, for an event that belongs to a correlation. */
  readonly via: string;
  readonly fields: readonly MatchedField[];
  readonly correlation: Correlation | null;
}
