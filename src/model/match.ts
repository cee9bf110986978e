/** What a scan produces: matches, correlations, alerts, and the account of what was read and used. */
import type { Diagnostic } from './diagnostic.ts';
import type { EventSnapshot, FieldValue } from './event.ts';
import type { EvidenceAccount } from './evidence.ts';
import type { CorrelationType, Level } from './rule.ts';

/** A rule as reports show it. */
export interface RuleInfo {
  readonly id: string | null;
  readonly name: string | null;
  readonly title: string;
  readonly level: Level | null;
  readonly status: string | null;
  readonly description: string | null;
  readonly tags: readonly string[];
  readonly falsepositives: readonly string[];
  readonly path: string;
}

/** Why a match holds: one field, the value seen and the pattern that it satisfied. */
export interface MatchedField {
  /** The rule's field name; `keyword` for keyword searches. */
  readonly name: string;
  /** The event's field that the value was read from, where the log source renames it. */
  readonly eventField?: string | undefined;
  readonly value: FieldValue;
  /** `contains`, `endswith|windash`, '' for equality. */
  readonly modifier: string;
  /** The rule value as written. */
  readonly pattern: string;
}

/** Where else a record was found. */
export interface RecordPlace {
  readonly file: string;
  /** 0-based. */
  readonly index: number;
}

/** The place of a match, and of the copies of its record that the rule matches too. */
export interface MatchPlaces extends RecordPlace {
  readonly rule: number;
  readonly alsoIn: readonly RecordPlace[];
}

/** One rule on one event. */
export interface Match {
  readonly kind: 'match';
  /** Index into the rule set's `rules`. */
  readonly rule: number;
  /** `via` of the event source that served the rule's log source. */
  readonly via: string;
  readonly event: EventSnapshot;
  readonly fields: readonly MatchedField[];
  /** Copies of the record that the rule matches too; absent when there are none. */
  readonly alsoIn?: readonly RecordPlace[];
}

/**
 * A match as JSON text in UTF-8, for formats that print it without reading it. Its bytes are valid until the next match is
 * asked for.
 */
export interface MatchText {
  readonly rule: number;
  readonly via: string;
  readonly file: string;
  readonly index: number;
  /** The other members of the event object: offset, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, data, and
   *  `recovered` where it is true. Harmless to print. */
  readonly event: Uint8Array;
  /** A JSON array of {@link MatchedField}. Harmless to print. */
  readonly fields: Uint8Array;
  /** Id of the event, see event-id.ts. */
  readonly eventId: string;
  /** JSON of the account that logged the event (Security/UserID in its System section); absent where it names none. */
  readonly userId?: Uint8Array | undefined;
  readonly alsoIn?: readonly RecordPlace[] | undefined;
}

/** A record that is listed as evidence. */
export interface EventRef {
  readonly file: string;
  readonly index: number;
  readonly id: string;
  readonly EventRecordID: number | null;
  readonly TimeCreated: string | null;
  readonly EventID: number | null;
  readonly Channel: string;
  readonly Computer: string;
  /** Title of the rule that it matched. */
  readonly rule: string;
}

/** A log that was cleared. */
export interface ClearedLog extends EventRef {
  /** Its channel; '' where the event does not say. */
  readonly log: string;
  /** The account that cleared it, `DOMAIN\name` or a SID; null where the event does not say. */
  readonly user: string | null;
}

/** A correlation rule that fired. */
export interface Correlation {
  readonly kind: 'correlation';
  readonly rule: number;
  readonly type: CorrelationType;
  /** group-by field -> value. */
  readonly group: Readonly<Record<string, string>>;
  /** Event times of the first and the last contributing record. */
  readonly from: string;
  readonly to: string;
  readonly fromUs: number;
  readonly toUs: number;
  /**
   * What the condition compared (number of events, distinct values, sum ...): the highest value of any window that satisfied
   * it, or the lowest where the condition has only upper bounds.
   */
  readonly count: number;
  /** Every contributing record, by event time. */
  readonly events: readonly EventRef[];
  /**
   * How many contributing records there are. More than `events.length` only when a limit cut the list, which a diagnostic
   * reports.
   */
  readonly records: number;
  /** The computer of the last contributing record. */
  readonly computer: string;
}

/** An event of the look-back, and why it is shown. */
export interface RelatedEvent {
  readonly event: EventSnapshot;
  /** `wmi name "BotFilter82"`, `same ProcessGuid`, `same LogonId`, `matched: <rule>`, `process creation` ... */
  readonly reason: string;
  readonly score: number;
}

/** What happened on one computer in the window before (and up to) a match. */
export interface Lookback {
  /** The length as the user wrote it: `9m`. */
  readonly window: string;
  readonly from: string;
  readonly to: string;
  /** How many events of that computer were in the window, the match itself not counted. */
  readonly events: number;
  /** The most related ones, by time. */
  readonly related: readonly RelatedEvent[];
  /**
   * Events that are linked to the match (a process it started, the same subscription) and come after `to`, within the same
   * length of time, by time. Not counted in `events`.
   */
  readonly after: readonly RelatedEvent[];
  /** True when a limit kept some events from being considered. */
  readonly capped: boolean;
}

/** Matches of one rule on one computer inside the window. */
export interface Alert {
  /** Made from the rule and the first match: the same in every format and every run. */
  readonly id: string;
  readonly rule: number;
  readonly computer: string;
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly firstUs: number;
  readonly lastUs: number;
  /** The first match in full, or the correlation. */
  readonly match: Match | Correlation;
  readonly lookback: Lookback | null;
  /**
   * What the records say beyond the rule, one line each: whether the parts of a WMI subscription name each other, decoded
   * payloads, how long it existed. This is text from logs, so make it harmless before printing.
   */
  readonly notes: readonly string[];
}

/** What was read from one source. The summary has the sums. */
export interface ReadStats {
  /** `evtx`, `xml`, `json`. */
  format: string;
  bytes: number;
  /** Live ones; `recovered` counts the others. */
  records: number;
  /** Records (or lines, or elements) that could not be read. */
  damaged: number;
  /** How many records were read that may not be live. */
  recovered: number;
  chunks: number;
  unusedChunks: number;
  damagedChunks: number;
  /** How many records the log's own headers name although they are not in it; absent when there are none. */
  missing?: number;
  /** For JSON: exporter, recognised by keys (docs/inputs.md) -> how many records. */
  exporters?: Record<string, number>;
}

export interface SourceSummary extends ReadStats {
  readonly file: string;
}

/** How many events were read, those that may not be live included. */
export function eventsRead({ records, recovered }: Pick<ReadStats, 'records' | 'recovered'>): number {
  return records + recovered;
}

/** What a filter of the command line left out. */
export interface LeftOut {
  /** `--computer`, `--min-level` ... */
  readonly filter: string;
  readonly events: number;
  readonly matches: number;
}

/** What a filter document suppressed in the rules that it names. */
export interface SuppressedMatches {
  /** Its title. */
  readonly filter: string;
  /** Matches, copies of a record included, and the rules that they are of. */
  readonly matches: number;
  readonly rules: number;
}

/** What an entry of a tuning file did. */
export interface TunedEntry {
  readonly file: string;
  readonly line: number;
  /** `rule "Whoami*"`, `tag "attack.discovery"`. */
  readonly names: string;
  /** `off`, `level low`, `except computer BACKUP01`. */
  readonly effect: string;
  readonly reason: string;
  /** The last day of its effect, `2027-03-31`. */
  readonly expires: string | null;
  /** `idle`: rules fit, but nothing that matched was changed. */
  readonly state: 'applied' | 'idle' | 'expired' | 'no rule';
  /** How many rules in use it names. */
  readonly rules: number;
  /** Matches that it left out or whose level it changed, and their events. */
  readonly matches: number;
  readonly events: number;
}

/** The account at the end of a scan: what was read, used and left out. */
export interface ScanSummary {
  readonly kind: 'summary';
  readonly version: string;
  readonly files: readonly SourceSummary[];
  readonly totals: ReadStats;
  readonly rules: {
    readonly files: number;
    readonly documents: number;
    readonly used: number;
    /** True when no rules were named: these are the ones that come with winnow. */
    readonly shipped?: true | undefined;
    /** Documents that are filters, applied to the rules that they name. */
    readonly filters: number;
    /**
     * Reason -> how many rules. Reasons are a refusal by the parser, placeholders without values, and a log source that no
     * event log holds.
     */
    readonly notUsed: readonly { readonly reason: string; readonly count: number; readonly examples: readonly string[] }[];
  };
  /** How many matches filters left out, and how many events, where that is known. */
  readonly leftOut: readonly LeftOut[];
  /** What Sigma filters suppressed; absent when no filter applies to a rule in use. */
  readonly suppressed?: readonly SuppressedMatches[] | undefined;
  /** Files and variables that have set flags, and which: `winnow.yml (rules, min-level)`; absent when none has. */
  readonly settings?: readonly string[] | undefined;
  /** What the tuning file did, entry by entry; absent without one. */
  readonly tuned?: readonly TunedEntry[] | undefined;
  readonly matches: number;
  /** How many matched records were copies of others and were therefore not counted; absent when there are none. */
  readonly copies?: number;
  readonly matchesByLevel: Readonly<Record<string, number>>;
  readonly correlations: number;
  readonly alerts: number;
  /** Channel -> events read, and whether any rule in use looks at it. */
  readonly channels: readonly { readonly channel: string; readonly events: number; readonly covered: boolean }[];
  readonly computers: readonly { readonly computer: string; readonly events: number }[];
  readonly from: string | null;
  readonly to: string | null;
  /** Events which say that a log was cleared: 1102 of the Security log, 104 of Microsoft-Windows-Eventlog. */
  readonly logCleared: readonly ClearedLog[];
  /** How many such events are not listed, because there are too many. */
  readonly moreLogCleared: number;
  readonly interrupted: boolean;
  readonly elapsedMs: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Present in a triage only. */
  readonly evidence?: EvidenceAccount | undefined;
}
