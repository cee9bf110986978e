/** A report for tickets, wikis and pull requests. */
import type { Alert, Correlation, Lookback, Match, RelatedEvent } from '../../model/match.ts';
import { eventText } from '../event-text.ts';
import { emphasised, evidenceOf, otherFields } from '../evidence.ts';
import type { Reporter } from '../reporter.ts';
import { type RuleGroup, ruleGroups } from '../rule-groups.ts';
import { markdownCode, markdownText, visibleText } from '../sanitize.ts';
import { afterText, type FreshContext, fileOf, groupText, lookbackText, recordText, ShownContext } from '../shown-context.ts';
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
  timeAfter,
  timeText,
} from '../wording.ts';

/** How many alerts of one rule are shown. The rest is counted. */
const ALERTS_PER_RULE = 10;
const VALUE_LENGTH = 400;
const EVIDENCE_SHOWN = 20;

export const reporter: Reporter = {
  name: 'markdown',
  extension: 'md',
  ownsExtension: true,
  description: 'a report for tickets, wikis and pull requests',
  selfContained: true,
  prepare: loadTextWidths,
  *render(report) {
    yield `# winnow: ${markdownText(foundText(report))}\n\n`;
    const groups = ruleGroups(report);
    if (groups.length > 0) yield `${overview(groups)}\n`;
    const shown = new ShownContext();
    let number = 1;
    for (const group of groups) {
      yield `${[...groupLines(group, number, shown)].join('\n')}\n\n`;
      number += group.alerts.length;
    }
    yield '## Summary\n\n';
    for (const { label, lines } of summaryFacts(report)) {
      if (lines.length === 1) yield `- **${label}**: ${markdownText(lines[0] ?? '')}\n`;
      else yield `- **${label}**:\n${lines.map((line) => `  - ${markdownText(line)}\n`).join('')}`;
    }
  },
};

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

function* groupLines({ rule, alerts }: RuleGroup, firstNumber: number, shown: ShownContext): Iterable<string> {
  yield `## ${rule.level ?? 'no level'}: ${markdownText(rule.title)}`;
  yield '';
  yield `Rule ${markdownCode(rule.path)}${rule.tags.length === 0 ? '' : `, ${markdownText(rule.tags.join(', '))}`}`;
  if (rule.description !== null) yield `\n${markdownText(rule.description.replace(/\s+/g, ' ').trim())}`;
  if (rule.falsepositives.length > 0) yield `\nKnown false positives: ${markdownText(rule.falsepositives.join('; '))}`;
  for (const [i, alert] of alerts.slice(0, ALERTS_PER_RULE).entries()) {
    yield '';
    yield* alertLines(alert, firstNumber + i, shown);
  }
  if (alerts.length > ALERTS_PER_RULE) yield `\nAnd ${counted(alerts.length - ALERTS_PER_RULE, 'alert')} more of this rule.`;
}

function* alertLines(alert: Alert, number: number, shown: ShownContext): Iterable<string> {
  const { match, lookback } = alert;
  const fresh = shown.fresh(alert, number);
  yield* match.kind === 'match' ? matchLines(alert, match, number) : correlationLines(match, number);
  for (const note of fresh.notes) yield `- note: ${markdownText(note)}`;
  if (lookback !== null) yield* lookbackLines(lookback, fresh, fileOf(alert));
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
  const where = `${eventLabel(event)}, ${recordText(event, file)}`;
  return `  - **${relativeTime(event.timeUs, referenceUs)}**: ${text} (${markdownText(reason)}; ${markdownText(where)})`;
}
