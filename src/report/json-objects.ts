/**
 * The objects of `--format jsonl` and `json` (docs/output.md). Additive within a major version: keys may be added, none
 * changes its meaning. Nothing in them depends on the machine, the clock or the number of threads.
 */
import type { Alert, Correlation, Lookback, RelatedEvent, RuleInfo, ScanSummary } from '../model/match.ts';
import { eventText } from './event-text.ts';
import type { ReportedMatchText, ScanReport } from './reporter.ts';
import { harmlessJson } from './sanitize.ts';
import { elide } from './text-layout.ts';

/** Columns of `text` of a related event: enough to decide whether to look it up by file and index. */
const RELATED_TEXT_WIDTH = 300;

/** Every object of a report as one line of JSON: matches in file order, correlations by time, the summary last. */
export function* reportLines(report: ScanReport): Iterable<string> {
  const heads = report.rules.map((rule) => `{"kind":"match","rule":${JSON.stringify(ruleObject(rule))},"via":`);
  for (const match of report.matchTexts()) yield harmlessJson(matchLine(match, heads[match.rule] ?? ''));
  const alerts = new Map(report.alerts.map((alert) => [alert.match, alert]));
  for (const correlation of report.correlations) {
    yield toLine(correlationObject(correlation, ruleOf(report, correlation.rule), alerts.get(correlation)));
  }
  yield toLine(summaryObject(report.summary));
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

/** Joins text that is JSON already: there may be millions of matches. */
function matchLine({ via, event, fields, lookback, alert }: ReportedMatchText, head: string): string {
  const past = lookback === null ? 'null' : JSON.stringify(lookbackObject(lookback));
  const notes = alert === null || alert.notes.length === 0 ? '' : `,"notes":${JSON.stringify(alert.notes)}`;
  return `${head}${JSON.stringify(via)},"event":${event},"fields":${fields},"lookback":${past}${notes}}`;
}

function notesOf(alert: Alert | undefined): { notes?: readonly string[] } {
  return alert === undefined || alert.notes.length === 0 ? {} : { notes: alert.notes };
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
