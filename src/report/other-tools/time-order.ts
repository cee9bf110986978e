/** In: a report. Out: its matches and correlations in one order, for timelines. Refuses nothing; what has no time comes last. */
import type { Correlation } from '../../model/match.ts';
import type { ReportedMatch, ScanReport } from '../reporter.ts';

/** Matches and correlations by time; a correlation stands where it began, behind a match of the same time. */
export function* foundInTimeOrder(report: ScanReport): Iterable<ReportedMatch | Correlation> {
  const correlations = [...report.correlations].sort((a, b) => a.fromUs - b.fromUs);
  let next = 0;
  for (const match of report.matches('time')) {
    const { timeUs } = match.event;
    // The negation is for a match without a time (NaN), which comes behind all correlations.
    for (; next < correlations.length && !(correlations[next]!.fromUs >= timeUs); next++) yield correlations[next]!;
    yield match;
  }
  yield* correlations.slice(next);
}
