/** What scanning produces: matches, correlations, alerts, and the account of what was read and used. */
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
  /** The event field it was read from, where the log source renames it. */
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

/** A match by its place, and the copies of its record for which the rule holds too. */
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
  /** Copies of the record for which the rule holds too; left out when there are none. */
  readonly alsoIn?: readonly RecordPlace[];
}

/** A match as JSON text in UTF-8, for formats that print it without looking into it. Bytes are valid until the next is asked for. */
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
  /** Of the event, see event-id.ts. */
  readonly eventId: string;
  readonly alsoIn?: readonly RecordPlace[] | undefined;
}

/** A record as evidence. */
export interface EventRef {
  readonly file: string;
  readonly index: number;
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
  /** What the condition compared (number of events, distinct values, sum ...), at its height: the highest value of any window
   *  that satisfied it, the lowest where the condition sets an upper bound only. */
  readonly count: number;
  /** Every contributing record, by event time. */
  readonly events: readonly EventRef[];
  /** How many contributing records there are; more than `events.length` only when a cap (and a diagnostic) cut the list. */
  readonly records: number;
  /** Of the last contributing record. */
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
  /** As given: `9m`. */
  readonly window: string;
  readonly from: string;
  readonly to: string;
  /** How many events of that computer were in the window, the match itself not counted. */
  readonly events: number;
  /** The most related ones, by time. */
  readonly related: readonly RelatedEvent[];
  /** Events of the same length of time after `to` that are linked to the match (a process it started, the same subscription),
   *  by time. Not part of `events`. */
  readonly after: readonly RelatedEvent[];
  /** True when a cap kept events out of consideration. */
  readonly capped: boolean;
}

/** Matches of one rule on one computer inside the window. */
export interface Alert {
  /** Of the rule and the first match: the same in every format and every run. */
  readonly id: string;
  readonly rule: number;
  readonly computer: string;
  readonly count: number;
  readonly first: string | null;
  readonly last: string | null;
  readonly firstUs: number;
  readonly lastUs: number;
  /** The first match in full, and how many more there are. */
  readonly match: Match | Correlation;
  readonly lookback: Lookback | null;
  /** What the records say beyond the rule, one line each: whether the parts of a WMI subscription name each other, decoded
   *  payloads, what became of it. Text from logs: neutralise before printing. */
  readonly notes: readonly string[];
}

/** What one source gave. Sums of these are the summary. */
export interface ReadStats {
  /** `evtx`, `xml`, `json`. */
  format: string;
  bytes: number;
  records: number;
  /** Records (or lines, or elements) that could not be read. */
  damaged: number;
  /** Records read although not known to be live. */
  recovered: number;
  chunks: number;
  unusedChunks: number;
  damagedChunks: number;
  /** Records that the log's own headers name and that are not in it; left out where there are none. */
  missing?: number;
  /** JSON: records by the exporter that their keys tell (docs/inputs.md). */
  exporters?: Record<string, number>;
}

export interface SourceSummary extends ReadStats {
  readonly file: string;
}

/** What a filter of the command line left out. */
export interface LeftOut {
  /** `--computer`, `--min-level` ... */
  readonly filter: string;
  readonly events: number;
  readonly matches: number;
}

/** The honest account at the end of a scan. */
export interface ScanSummary {
  readonly kind: 'summary';
  readonly version: string;
  readonly files: readonly SourceSummary[];
  readonly totals: ReadStats;
  readonly rules: {
    readonly files: number;
    readonly documents: number;
    readonly used: number;
    /** Documents that are filters, applied to the rules that they name. */
    readonly filters: number;
    /** Reason -> how many. Refused by the parser, placeholders without values, log source that no event log holds. */
    readonly notUsed: readonly { readonly reason: string; readonly count: number; readonly examples: readonly string[] }[];
  };
  /** What filters left out: events, where it is known how many, and matches. */
  readonly leftOut: readonly LeftOut[];
  readonly matches: number;
  /** Matched records that were copies of others, and count once; left out when there are none. */
  readonly copies?: number;
  readonly matchesByLevel: Readonly<Record<string, number>>;
  readonly correlations: number;
  readonly alerts: number;
  /** Channel -> events read, and whether any rule in use looks at it. */
  readonly channels: readonly { readonly channel: string; readonly events: number; readonly covered: boolean }[];
  readonly computers: readonly { readonly computer: string; readonly events: number }[];
  readonly from: string | null;
  readonly to: string | null;
  /** Events that say that a log was cleared: 1102 of the Security log, 104 of Microsoft-Windows-Eventlog. */
  readonly logCleared: readonly ClearedLog[];
  /** How many of them are not listed: too many to keep. */
  readonly moreLogCleared: number;
  readonly interrupted: boolean;
  readonly elapsedMs: number;
  readonly diagnostics: readonly Diagnostic[];
  /** Of a triage. */
  readonly evidence?: EvidenceAccount | undefined;
}
