/**
 * The objects of `--format jsonl` and `json` (docs/output.md). Additive within a major version: keys may be added, none
 * changes its meaning. Nothing in them depends on the machine, the clock or the number of threads.
 */
import type { EventSnapshot } from '../model/event.ts';
import type { Alert, Correlation, Lookback, Match, RelatedEvent, RuleInfo, ScanSummary } from '../model/match.ts';
import { eventText } from './event-text.ts';
import type { ReportedMatch, ScanReport } from './reporter.ts';
import { harmlessJson } from './sanitize.ts';
import { elide } from './text-layout.ts';

/** Columns of `text` of a related event: enough to decide whether to look it up by file and index. */
const RELATED_TEXT_WIDTH = 300;

/** Every object of a report as one line of JSON: matches in file order, correlations by time, the summary last. */
export function* reportLines(report: ScanReport): Iterable<string> {
  const alerts = alertsByMatch(report.alerts);
  for (const match of report.matches()) {
    yield toLine(matchObject(match, ruleOf(report, match.rule), alerts.get(matchKey(match))));
  }
  for (const correlation of report.correlations) {
    yield toLine(correlationObject(correlation, ruleOf(report, correlation.rule), alerts.get(correlation)));
  }
  yield toLine(summaryObject(report.summary));
}

/** The alert that a match or correlation stands for. A correlation is the same object in both lists, a match is read anew. */
function alertsByMatch(alerts: readonly Alert[]): ReadonlyMap<Correlation | string, Alert> {
  return new Map(alerts.map((alert) => [alert.match.kind === 'match' ? matchKey(alert.match) : alert.match, alert]));
}

function matchKey({ rule, event }: Match): string {
  return `${rule} ${event.index} ${event.file}`;
}

/** The rule that an index names. A missing one is a bug of the scan; the reports still hold what was found. */
export function ruleOf(report: ScanReport, index: number): RuleInfo {
  return (
    report.rules[index] ?? {
      id: null,
      name: null,
      title: `rule ${index}`,
      level: null,
      status: null,
      description: null,
      tags: [],
      falsepositives: [],
      path: '',
    }
  );
}

function toLine(value: unknown): string {
  return harmlessJson(JSON.stringify(value));
}

function ruleObject(rule: RuleInfo) {
  const { id, title, level, status, tags, path } = rule;
  return { id, title, level, status, tags, path };
}

function matchObject(match: ReportedMatch, rule: RuleInfo, alert: Alert | undefined) {
  return {
    kind: 'match',
    rule: ruleObject(rule),
    via: match.via,
    event: eventObject(match.event),
    fields: match.fields.map(({ name, value, modifier, pattern, eventField }) => ({
      name,
      value,
      modifier,
      pattern,
      ...(eventField === undefined || eventField === name ? {} : { eventField }),
    })),
    lookback: match.lookback ? lookbackObject(match.lookback) : null,
    ...notesOf(alert),
  };
}

function notesOf(alert: Alert | undefined): { notes?: readonly string[] } {
  return alert === undefined || alert.notes.length === 0 ? {} : { notes: alert.notes };
}

function eventObject(event: EventSnapshot) {
  const { file, index, offset, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, data, recovered } = event;
  return {
    file,
    index,
    offset,
    EventRecordID,
    TimeCreated,
    Provider,
    Channel,
    EventID,
    Computer,
    data,
    ...(recovered ? { recovered } : {}),
  };
}

function lookbackObject(lookback: Lookback) {
  const { window, from, to, events, capped, related, after } = lookback;
  return {
    window,
    from,
    to,
    events,
    ...(capped ? { capped } : {}),
    related: related.map(relatedObject),
    after: after.map(relatedObject),
  };
}

function relatedObject({ event, reason }: RelatedEvent) {
  const { file, index, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer } = event;
  const text = elide(eventText(event), RELATED_TEXT_WIDTH);
  return { reason, file, index, EventRecordID, TimeCreated, Provider, Channel, EventID, Computer, text };
}

function correlationObject(correlation: Correlation, rule: RuleInfo, alert: Alert | undefined) {
  const { type, group, computer, from, to, count, records, events } = correlation;
  return {
    kind: 'correlation',
    rule: ruleObject(rule),
    type,
    group,
    computer,
    from,
    to,
    count,
    records,
    events,
    lookback: alert?.lookback ? lookbackObject(alert.lookback) : null,
    ...notesOf(alert),
  };
}

function summaryObject(summary: ScanSummary) {
  // How long it took is told on stderr: the output is the same on every machine.
  const { elapsedMs: _, kind, ...rest } = summary;
  return { kind, ...rest };
}
