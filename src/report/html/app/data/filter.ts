/**
 * Applies the filters of the page. In: the state of the view. Out: the events that it asks for, by search, level, host, user,
 * tactic and time.
 */
import { LEVEL_NAMES, type Report, type ReportEvent } from './model.ts';
import { matcherOf } from './query.ts';
import type { ViewState } from './state.ts';

/**
 * The events that pass all filters except level and time. Related events are shown only while no level is chosen.
 */
export function wantedAnyLevel(report: Report, state: ViewState): ReportEvent[] {
  const { query, host, user, tactic, related } = state;
  const matches = matcherOf(query, report);
  return report.events.filter(
    (event) =>
      (event.rank > 0 || related) &&
      (host === '' || event.host === host) &&
      (user === '' || event.users.includes(user)) &&
      (tactic === '' || event.tactics.includes(tactic)) &&
      matches(event),
  );
}

/** The timeline shows these. */
export function wantedAnyTime(events: readonly ReportEvent[], { levels }: ViewState): readonly ReportEvent[] {
  return levels.length === 0 ? events : events.filter(({ rank }) => levels.includes(LEVEL_NAMES[rank]!));
}

export function wantedInTime(events: readonly ReportEvent[], { fromUs, toUs }: ViewState): readonly ReportEvent[] {
  if (fromUs === null && toUs === null) return events;
  return events.filter(({ us }) => us !== null && us >= (fromUs ?? 0) && us <= (toUs ?? Number.POSITIVE_INFINITY));
}

export function inOrder(events: readonly ReportEvent[], order: ViewState['order']): readonly ReportEvent[] {
  if (order === 'incident') return events;
  return [...events].sort((a, b) => (a.us ?? Number.MAX_VALUE) - (b.us ?? Number.MAX_VALUE) || a.place - b.place);
}
