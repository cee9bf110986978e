/**
 * Identifies findings. In: a match or a correlation of a report. Out: cells with the ids that every format has and, in a triage,
 * the state of a record that no live log has. A correlation has no event id. Its other ids are null where a limit left its alert
 * out.
 */
import type { Correlation } from '../../model/match.ts';
import { stateText } from '../evidence-account.ts';
import type { ReportedMatch, ScanReport } from '../reporter.ts';

/** The columns of ids, which follow behind all others in this order. */
export const ID_COLUMNS = ['Event', 'Alert', 'Incident', 'State'] as const;

export interface FindingIds {
  readonly event: string | null;
  readonly alert: string | null;
  readonly incident: string | null;
  /** `shadow 1`, `deleted`, `slack`, `carved`; '' for a record in a live log. */
  readonly state: string;
}

export function findingIds(report: ScanReport): (found: ReportedMatch | Correlation) => FindingIds {
  const alerts = new Map(report.correlations.length === 0 ? [] : report.alerts.map(({ match, id }) => [match, id]));
  return (found) => {
    if (found.kind === 'match') {
      const { eventId, alert, incident, evidence } = found;
      return { event: eventId, alert, incident, state: stateText(evidence) };
    }
    const incident = report.correlationIncidents.get(found) ?? null;
    return { event: null, alert: alerts.get(found) ?? null, incident, state: '' };
  };
}

export function idCells({ event, alert, incident, state }: FindingIds) {
  return { Event: event, Alert: alert, Incident: incident, State: state };
}
