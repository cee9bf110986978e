/** What a scan found, and the account of what it read. */
import type { Incident } from '../model/incident.ts';
import type { Alert, Correlation, MatchPlaces, RuleInfo, ScanSummary } from '../model/match.ts';
import type { ScannedMatch, ScannedMatchText } from './scanned-matches.ts';

export interface ScanResult {
  readonly rules: readonly RuleInfo[];
  /** By file and record, or by event time; may come from a temporary file. Default: `file`. */
  matches(order?: 'file' | 'time'): Iterable<ScannedMatch>;
  /** As text, several times faster; without those that `onMatches` has taken. */
  matchTexts(): Iterable<ScannedMatchText>;
  /** Copies of the matches that `onMatches` has taken, and of those of `matchTexts()` then. */
  copies(): Iterable<MatchPlaces>;
  readonly correlations: readonly Correlation[];
  /** What they hold of matches is read when it is asked for. */
  readonly alerts: readonly Alert[];
  /** What happened, a computer and a burst of matched events each, the worst first. None where matches were handed on and not kept. */
  readonly incidents: readonly Incident[];
  /** How many incidents there are; more than `incidents.length` only where a limit cut the list. */
  readonly incidentCount: number;
  /** Id of the incident of a correlation. */
  readonly correlationIncidents: ReadonlyMap<Correlation, string>;
  readonly summary: ScanSummary;
  /** Removes the temporary file: matches can no longer be read. */
  close(): void;
}
