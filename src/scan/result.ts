/** What a scan found, and the account of what it read. */
import type { Source } from '../logs/open/open.ts';
import type { Incident } from '../model/incident.ts';
import type { Alert, Correlation, MatchPlaces, RuleInfo, ScanSummary } from '../model/match.ts';
import type { Tally } from './account/tally.ts';
import type { ScannedMatch, ScannedMatchText } from './scanned-matches.ts';

/** What a source held. */
export interface SourceTallies {
  readonly source: Source;
  /** The tallies of its parts, by offset. */
  readonly tallies: readonly Tally[];
}

export interface ScanResult {
  readonly rules: readonly RuleInfo[];
  /** By file and record, or by event time; may come from a temporary file. Default: `file`. */
  matches(order?: 'file' | 'time'): Iterable<ScannedMatch>;
  /** The same as text, which is several times faster; without the matches that `onMatches` has taken. */
  matchTexts(): Iterable<ScannedMatchText>;
  /** Copies of the matches that `onMatches` has taken and, if there were any, of those of `matchTexts()`. */
  copies(): Iterable<MatchPlaces>;
  readonly correlations: readonly Correlation[];
  /** Their matches are read only when they are asked for. */
  readonly alerts: readonly Alert[];
  /**
   * What happened: each is a burst of matched events on one computer, the worst first. None where matches were handed on and not
   * kept.
   */
  readonly incidents: readonly Incident[];
  /** How many incidents there are; more than `incidents.length` only where a limit cut the list. */
  readonly incidentCount: number;
  /** Id of the incident of a correlation. */
  readonly correlationIncidents: ReadonlyMap<Correlation, string>;
  readonly summary: ScanSummary;
  /** The sources that were read, in the order of the scan. */
  readonly sources: readonly SourceTallies[];
  /** Removes the temporary file: matches can no longer be read. */
  close(): void;
}
