/** A report for tickets, wikis and pull requests. */
import { eventIdOf } from '../../model/event-id.ts';
import type { Alert, Correlation, Lookback, Match, RelatedEvent } from '../../model/match.ts';
import {
  afterText,
  type FreshContext,
  fileOf,
  groupText,
  lookbackText,
  recordText,
  ShownContext,
} from '../context/shown-context.ts';
import { eventText } from '../event-text.ts';
import { emphasised, evidenceOf, otherFields } from '../evidence.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { type RuleGroup, ruleGroups } from '../rule-groups.ts';
import { markdownCode, markdownText, visibleText } from '../sanitize.ts';
import { foundText, summaryFacts } from '../summary-facts.ts';
import { elide, loadTextWidths } from '../text-layout.ts';
import {
  counted,
  durationText,
  eventLabel,
  isoToUs,
  placeText,
  rangeText,
  recordLabel,
  relativeTime,
  secondsText,
  timeAfter,
  timeText,
} from '../wording.ts';

/** How many alerts of one rule are shown. The rest is counted. */
const ALERTS_PER_RULE = 10;
const INCIDENTS_SHOWN = 50;
const VALUE_LENGTH = 400;
const EVIDENCE_SHOWN = 20;

export const reporter: Reporter = {
  name: 'markdown',
  extension: 'md',
  begins: /^# winnow: /,
  ownsExtension: true,
  description: 'a report for tickets, wikis and pull requests',
  selfContained: true,
  prepare: loadTextWidths,
  *render(report) {
    yield `# winnow: ${markdownText(foundText(report))}\n\n`;
    const groups = ruleGroups(report);
    if (report.incidents.length > 0) yield `${incidentTable(report)}\n`;
    if (groups.length > 0) yield `${overview(groups)}\n`;
    const shown = new ShownContext(report.alerts);
    const incidents = incidentsByAlert(report);
    let number = 1;
    for (const group of groups) {
      yield `${[...groupLines(group, number, shown, incidents)].join('\n')}\n\n`;
      number += group.alerts.length;
    }
    yield '## Summary\n\n';
    for (const { label, lines } of summaryFacts(report)) {
      if (lines.length === 1) yield `- **${label}**: ${markdownText(lines[0] ?? '')}\n`;
      else yield `- **${label}**:\n${lines.map((line) => `  - ${markdownText(line)}\n`).join('')}`;
    }
  },
};

/** Incidents, the worst first. */
function incidentTable({ incidents }: ScanReport): string {
  const rows = incidents
    .slice(0, INCIDENTS_SHOWN)
    .map(
      ({ id, level, computer, first, last, eventCount, rules }) =>
        `| ${id} | ${level ?? '(none)'} | ${markdownText(computer || '(no name)')} | ${first === null || last === null ? 'time unknown' : rangeText(first, last, secondsText)} | ${eventCount} | ${rules.length} |\n`,
    );
  const rest = incidents.length - rows.length;
  const more = rest > 0 ? `\nAnd ${counted(rest, 'incident')} more.\n` : '';
  return `| incident | level | computer | time (UTC) | events | rules |\n| --- | --- | --- | --- | ---: | ---: |\n${rows.join('')}${more}`;
}

/** The first five names, and how many more there are. */
function named(computers: readonly string[]): string {
  const rest = computers.length - 5;
  return `${computers.slice(0, 5).join(', ')}${rest > 0 ? ` and ${rest} more` : ''}`;
}

function overview(groups: readonly RuleGroup[]): string {
  const rows = groups.map(
    ({ rule, count, computers }) =>
      `| ${rule.level ?? '(none)'} | ${markdownText(rule.title)} | ${count} | ${markdownText(named(computers))} |\n`,
  );
  return `| level | rule | matches | computers |\n| --- | --- | ---: | --- |\n${rows.join('')}`;
}

function* groupLines(
  { rule, alerts }: RuleGroup,
  firstNumber: number,
  shown: ShownContext,
  incidents: ReadonlyMap<string, string>,
): Iterable<string> {
  yield `## ${rule.level ?? 'no level'}: ${markdownText(rule.title)}`;
  yield '';
  yield `Rule ${markdownCode(rule.path)}${rule.tags.length === 0 ? '' : `, ${markdownText(rule.tags.join(', '))}`}`;
  if (rule.description !== null) yield `\n${markdownText(rule.description.replace(/\s+/g, ' ').trim())}`;
  if (rule.falsepositives.length > 0) yield `\nKnown false positives: ${markdownText(rule.falsepositives.join('; '))}`;
  for (const [i, alert] of alerts.slice(0, ALERTS_PER_RULE).entries()) {
    yield '';
    yield* alertLines(alert, firstNumber + i, shown, incidents.get(alert.id) ?? null);
  }
  if (alerts.length > ALERTS_PER_RULE) yield `\nAnd ${counted(alerts.length - ALERTS_PER_RULE, 'alert')} more of this rule.`;
}

function* alertLines(alert: Alert, number: number, shown: ShownContext, incident: string | null): Iterable<string> {
  const { match, lookback } = alert;
  const fresh = shown.fresh(alert, number);
  yield* match.kind === 'match' ? matchLines(alert, match, number) : correlationLines(match, number);
  yield `- ${idsText(alert, incident)}`;
  for (const note of fresh.notes) yield `- note: ${markdownText(note)}`;
  const missing = shown.missing(alert);
  if (missing !== null) yield `- ${missing}`;
  if (lookback !== null) yield* lookbackLines(lookback, fresh, fileOf(alert));
}

/** `event 69d4a7b0c1d2, alert ..., incident ...`: `winnow show` finds each. */
function idsText({ id, match }: Alert, incident: string | null): string {
  const event = match.kind === 'match' ? `event ${eventIdOf(match.event)}, ` : '';
  return `${event}alert ${id}${incident === null ? '' : `, incident ${incident}`}`;
}

function incidentsByAlert({ incidents }: ScanReport): ReadonlyMap<string, string> {
  return new Map(incidents.flatMap(({ id, alerts }) => alerts.map((alert) => [alert.id, id])));
}

function* matchLines(alert: Alert, match: Match, number: number): Iterable<string> {
  const { event } = match;
  const times = alert.count === 1 ? '' : ` (first of ${alert.count}, last at ${timeAfter(alert.first, alert.last)})`;
  const where = `${eventLabel(event)}, ${placeText(match)}, via ${match.via}`;
  yield `### \\[${number}\\] ${timeText(event.TimeCreated)} UTC on ${markdownText(event.Computer || 'an unnamed computer')}${times}`;
  yield '';
  yield `- event: ${markdownText(where)}${event.recovered ? ', recovered from slack space' : ''}`;
  for (const entry of evidenceOf(match)) {
    const spans = emphasised(entry.value, entry.ranges, VALUE_LENGTH, (text) => text);
    const patterns = entry.patterns.length === 0 ? '' : `, ${markdownText(entry.patterns.join(', '))}`;
    const words = entry.words === null ? '' : ` (${entry.words})`;
    yield `- **${markdownText(entry.name)}**: ${markdownCode(spans.map((span) => span.text).join(''))}${words}${patterns}`;
  }
  const others = otherFields(match).join(', ');
  if (others !== '') yield `- other: ${markdownCode(elide(visibleText(others), VALUE_LENGTH))}`;
}

function* correlationLines(correlation: Correlation, number: number): Iterable<string> {
  const { from, to, fromUs, toUs, type, count, events, records, computer } = correlation;
  yield `### \\[${number}\\] ${rangeText(from, to)} UTC (${durationText(toUs - fromUs)})${computer === '' ? '' : ` on ${markdownText(computer)}`}`;
  yield '';
  yield `- ${type}, count ${count}${markdownText(groupText(correlation))}`;
  for (const event of events.slice(0, EVIDENCE_SHOWN)) {
    const where = `${eventLabel(event)}, ${recordLabel(event)} of ${event.file}`;
    yield `- **${relativeTime(isoToUs(event.TimeCreated), fromUs)}**: ${markdownText(event.rule)} (${markdownText(where)})`;
  }
  if (records > EVIDENCE_SHOWN) yield `- and ${counted(records - Math.min(events.length, EVIDENCE_SHOWN), 'record')} more`;
}

function* lookbackLines(lookback: Lookback, fresh: FreshContext, file: string): Iterable<string> {
  const referenceUs = isoToUs(lookback.to);
  yield `- ${lookback.window} before: ${markdownText(lookbackText(lookback, fresh))}`;
  for (const item of fresh.related) yield relatedLine(item, referenceUs, file);
  if (lookback.after.length === 0) return;
  yield `- after it: ${markdownText(afterText(lookback, fresh))}`;
  for (const item of fresh.after) yield relatedLine(item, referenceUs, file);
}

function relatedLine({ event, reason }: RelatedEvent, referenceUs: number, file: string): string {
  const text = markdownCode(elide(visibleText(eventText(event)), VALUE_LENGTH));
  const where = `${eventLabel(event)}, ${recordText(event, file)}, event ${eventIdOf(event)}`;
  return `  - **${relativeTime(event.timeUs, referenceUs)}**: ${text} (${markdownText(reason)}; ${markdownText(where)})`;
}
