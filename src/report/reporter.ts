/**
 * Defines what an output format is. Each file in `formats/` exports one as `reporter`; nothing else needs to be edited for a
 * new one.
 */
import type { EvidencePlace } from '../model/evidence.ts';
import type { Incident } from '../model/incident.ts';
import type { Alert, Correlation, Lookback, Match, MatchPlaces, MatchText, RuleInfo, ScanSummary } from '../model/match.ts';

/** The id of the event, and those of the alert and the incident where they are known. */
export interface MatchIds {
  readonly eventId: string;
  readonly alert: string | null;
  readonly incident: string | null;
}

/** Only in a triage: where the record was found. */
interface InEvidence {
  readonly evidence?: EvidencePlace | undefined;
}

export type ReportedMatch = Match & MatchIds & InEvidence & { readonly lookback?: Lookback | null | undefined };

/** As {@link ReportedMatch}, with the parts of the match as text. */
export type ReportedMatchText = MatchText &
  MatchIds &
  InEvidence & { readonly lookback: Lookback | null; readonly notes: readonly string[] };

/** `file`: by source and record, as they were read. `time`: by event time; matches without a time come last. */
export type MatchOrder = 'file' | 'time';

/** What a scan found. `matches()` may read from disk, so it must be iterated and never collected in memory. */
export interface ScanReport {
  readonly rules: readonly RuleInfo[];
  /** Default: file order. */
  matches(order?: MatchOrder): Iterable<ReportedMatch>;
  /** The same matches in the same order as text, for formats that print them without reading them. */
  matchTexts(): Iterable<ReportedMatchText>;
  /** The places of copies that were found after their match had been printed. Absent when there can be none. */
  copies?(): Iterable<MatchPlaces>;
  readonly correlations: readonly Correlation[];
  readonly alerts: readonly Alert[];
  /** Incidents, the worst first. */
  readonly incidents: readonly Incident[];
  /** How many incidents there are, including those that a limit cut off. */
  readonly incidentCount: number;
  readonly correlationIncidents: ReadonlyMap<Correlation, string>;
  readonly summary: ScanSummary;
}

/** How the report for reading is divided: into incidents, into all events of a rule or of a computer, or as one list by time. */
export type ReportOrder = 'incident' | 'rule' | 'host' | 'time';

/** How a report may look; machine formats ignore it. */
export interface ReportStyle {
  /** Columns of the terminal. */
  readonly width: number;
  readonly colour: boolean;
  /** True: a terminal shows it, which breaks longer lines. */
  readonly onTerminal?: boolean;
  /** For the report for reading. By default it is divided into incidents. */
  readonly by?: ReportOrder;
  readonly full?: boolean;
  readonly brief?: boolean;
}

/** What may be in a report. */
export interface ReportContents {
  readonly lookback: boolean;
}

/**
 * A report that begins while the scan still runs. The pieces of all calls, joined in order, are the whole output. A piece of
 * bytes (UTF-8) stays valid until two further pieces have been asked for, from this call or a later one.
 */
export interface ReportStream {
  /** Pieces for further matches, which must be the next ones in file order. */
  matches(matches: Iterable<ReportedMatchText>): Iterable<string | Uint8Array>;
  /** The rest of the report. Its `matchTexts()` are the matches that have not been given to `matches`. */
  end(report: ScanReport): Iterable<string | Uint8Array>;
}

export interface Reporter {
  /** The name for `--format`. */
  readonly name: string;
  /** The ending of files in this format. */
  readonly extension: string;
  /** True: `--output NAME.extension` chooses this format when `--format` is absent. Only one format may own an extension. */
  readonly ownsExtension?: boolean;
  /**
   * How a report of this format begins, so that no scan takes it for a log. It is tried at the first 4 KiB, read as Latin-1. `npm run
   * generate` copies it, so it has to be a literal. null: `logs/open/own-report.ts` knows it as the report of another tool.
   */
  readonly begins: RegExp | null;
  /** One line for help and docs, without a full stop. */
  readonly description: string;
  /** True when the output is text for people: problems and totals are inside, so they are not repeated on stderr. */
  readonly selfContained?: boolean;
  /**
   * For formats that count or combine findings: kinds of findings that are not listed one by one, and whose ids are therefore
   * missing.
   */
  readonly omits?: readonly ('incidents' | 'events' | 'alerts')[];
  /** Loads what only this format needs, so that other reports do not have to. Awaited before `render`. */
  prepare?(contents: ReportContents): Promise<void>;
  /**
   * The report in pieces; joined in order they are the whole output. Pieces are made when asked for, so a slow reader slows the
   * writer. A piece of bytes (UTF-8) stays valid until two further pieces have been asked for.
   */
  render(report: ScanReport, style: ReportStyle): Iterable<string | Uint8Array>;
  /** For formats that print matches in file order and can begin before all have been found. */
  begin?(rules: readonly RuleInfo[]): ReportStream;
}
