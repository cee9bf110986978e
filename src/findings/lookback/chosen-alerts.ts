/**
 * Chooses what gets a look-back. In: alerts, the most severe first, and the incident of each. Out: the most severe of each incident, then
 * the most severe of all, up to a limit, in the order in which they came. So each incident has some context, however many alerts others
 * have.
 */
export function chosenAlerts<T>(alerts: readonly T[], limit: number, incidentOf: (alert: T) => unknown): readonly T[] {
  if (alerts.length <= limit) return alerts;
  const seen = new Set<unknown>([undefined]);
  const first = alerts.filter((alert) => {
    const incident = incidentOf(alert);
    if (seen.has(incident)) return false;
    seen.add(incident);
    return true;
  });
  const chosen = new Set(first.slice(0, limit));
  for (let i = 0; chosen.size < limit; i++) chosen.add(alerts[i]!);
  return alerts.filter((alert) => chosen.has(alert));
}
