/** In: the state. Out: the events that it wants: by search, level, host, user, tactic and time. */
import { LEVEL_NAMES, type Report, type ReportEvent } from './model.ts';
import { matcherOf } from './query.ts';
import type { ViewState } from './state.ts';

/** What is wanted whenever it was: the timeline shows this. Related events go with the state's level pills only when none is set. */
export function wantedAnyTime(report: Report, state: ViewState): ReportEvent[] {
  const { query, levels, host, user, tactic, related } = state;
  const matches = matcherOf(query, report);
  return report.events.filter(
    (event) =>
      (event.rank > 0 || related) &&
      (levels.length === 0 || levels.includes(LEVEL_NAMES[event.rank]!)) &&
      (host === '' || event.host === host) &&
      (user === '' || event.users.includes(user)) &&
      (tactic === '' || event.tactics.includes(tactic)) &&
      matches(event),
  );
}

export function wantedInTime(events: readonly ReportEvent[], { fromUs, toUs }: ViewState): readonly ReportEvent[] {
  if (fromUs === null && toUs === null) return events;
  return events.filter(({ us }) => us !== null && us >= (fromUs ?? 0) && us <= (toUs ?? Number.POSITIVE_INFINITY));
}

export function inOrder(events: readonly ReportEvent[], order: ViewState['order']): readonly ReportEvent[] {
  if (order === 'incident') return events;
  return [...events].sort((a, b) => (a.us ?? Number.MAX_VALUE) - (b.us ?? Number.MAX_VALUE) || a.place - b.place);
}
