/**
 * Groups alerts as every format for people shows them. In: a report. Out: its alerts by rule, the most severe first, then by
 * time.
 */
import type { Alert, RuleInfo } from '../model/match.ts';
import { LEVELS, type Level } from '../model/rule.ts';
import { groupBy } from '../model/values/maps.ts';
import { ruleOf } from './json-objects.ts';
import type { ScanReport } from './reporter.ts';

/** Alerts of one rule. */
export interface RuleGroup {
  readonly rule: RuleInfo;
  /** The alerts in order of time. */
  readonly alerts: readonly Alert[];
  /** How many matches (or firings of a correlation) all these alerts have. */
  readonly count: number;
  readonly computers: readonly string[];
}

/** Higher is more severe; a rule without a level comes last. */
export function severityOf(level: Level | null): number {
  return level === null ? -1 : LEVELS.indexOf(level);
}

/** Unknown times come last. */
function byTime(a: Alert, b: Alert): number {
  if (Number.isNaN(a.firstUs) || Number.isNaN(b.firstUs))
    return Number(Number.isNaN(a.firstUs)) - Number(Number.isNaN(b.firstUs));
  return a.firstUs - b.firstUs;
}

export function ruleGroups(report: ScanReport): RuleGroup[] {
  const groups = [...groupBy(report.alerts, ({ rule }) => rule)].map(([index, alerts]) => ({
    rule: ruleOf(report, index),
    alerts: alerts.sort(byTime),
    count: alerts.reduce((sum, alert) => sum + alert.count, 0),
    computers: [...new Set(alerts.map((alert) => alert.computer))].sort(),
  }));
  const kind = (group: RuleGroup) => (group.alerts[0]?.match.kind === 'correlation' ? 0 : 1);
  return groups.sort(
    (a, b) =>
      severityOf(b.rule.level) - severityOf(a.rule.level) ||
      kind(a) - kind(b) ||
      (a.alerts[0] && b.alerts[0] ? byTime(a.alerts[0], b.alerts[0]) : 0) ||
      (a.rule.title < b.rule.title ? -1 : 1),
  );
}
