/**
 * What tells a finding from all others, and in a triage whether a live log has it. In: a match or a correlation of a report. Out: cells with
 * the ids that every format has. A correlation is no event; ids are null where a limit left its alert out.
 */
import type { Correlation } from '../../model/match.ts';
import { stateText } from '../evidence-account.ts';
import type { ReportedMatch, ScanReport } from '../reporter.ts';

/** In this order, behind the other columns. */
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
