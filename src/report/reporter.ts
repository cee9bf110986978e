/** The contract of output formats. One file per format in `formats/` exports `reporter`; nothing else is edited. */
import type { EvidencePlace } from '../model/evidence.ts';
import type { Incident } from '../model/incident.ts';
import type { Alert, Correlation, Lookback, Match, MatchPlaces, MatchText, RuleInfo, ScanSummary } from '../model/match.ts';

/** Ids: of the event, and of the alert and the incident where they are known. */
export interface MatchIds {
  readonly eventId: string;
  readonly alert: string | null;
  readonly incident: string | null;
}

/** Of a triage: where the record is. */
interface InEvidence {
  readonly evidence?: EvidencePlace | undefined;
}

export type ReportedMatch = Match & MatchIds & InEvidence & { readonly lookback?: Lookback | null | undefined };

/** The same as text. */
export type ReportedMatchText = MatchText &
  MatchIds &
  InEvidence & { readonly lookback: Lookback | null; readonly notes: readonly string[] };

/** `file`: by source and record, as they were read. `time`: by event time, those without one last. */
export type MatchOrder = 'file' | 'time';

/** What a scan found. `matches()` may stream from disk: iterate, never collect. */
export interface ScanReport {
  readonly rules: readonly RuleInfo[];
  /** Default: file order. */
  matches(order?: MatchOrder): Iterable<ReportedMatch>;
  /** The same matches in the same order, for formats that print them without looking into them. */
  matchTexts(): Iterable<ReportedMatchText>;
  /** Copies of matches that were printed before their copies were found; left out when there can be none. */
  copies?(): Iterable<MatchPlaces>;
  readonly correlations: readonly Correlation[];
  readonly alerts: readonly Alert[];
  /** The worst first. */
  readonly incidents: readonly Incident[];
  readonly correlationIncidents: ReadonlyMap<Correlation, string>;
  readonly summary: ScanSummary;
}

/** What sections of the report for reading are: incidents, or all events of a rule or a computer, or one list by time. */
export type ReportOrder = 'incident' | 'rule' | 'host' | 'time';

/** How a report may look; machine formats ignore it. */
export interface ReportStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  /** Of the report for reading. Default: incidents; neither all nor only the head. */
  readonly by?: ReportOrder;
  readonly full?: boolean;
  readonly brief?: boolean;
}

/** What may be in a report. */
export interface ReportContents {
  readonly lookback: boolean;
}

/**
 * A report that begins while the scan still runs. All pieces in the order of the calls are the whole output; bytes (UTF-8) are
 * valid until the next piece but one is asked for, of the same call or of a later one.
 */
export interface ReportStream {
  /** What matches add, the next ones in file order. */
  matches(matches: Iterable<ReportedMatchText>): Iterable<string | Uint8Array>;
  /** The rest. The `matchTexts()` of the report are those that have not been given to `matches`. */
  end(report: ScanReport): Iterable<string | Uint8Array>;
}

export interface Reporter {
  /** What `--format` takes. */
  readonly name: string;
  /** Of files in this format. */
  readonly extension: string;
  /** True: `--output NAME.extension` means this format where `--format` does not say another. One format per extension. */
  readonly ownsExtension: boolean;
  /** One line for help and docs, without a full stop. */
  readonly description: string;
  /** True when the output is text for people: problems and totals are inside, so they are not repeated on stderr. */
  readonly selfContained: boolean;
  /** Loads what `render` needs, where that is too much to load for every report. Awaited before `render`. */
  prepare?(contents: ReportContents): Promise<void>;
  /**
   * The report in pieces, in order; joined they are the whole output. Pulled one by one, so a slow reader slows the writer.
   * Bytes (UTF-8) are valid until the next piece but one is asked for.
   */
  render(report: ScanReport, style: ReportStyle): Iterable<string | Uint8Array>;
  /** Formats that print matches in file order, as they are, may begin before all are found. */
  begin?(rules: readonly RuleInfo[]): ReportStream;
}
