/** One page that holds everything: no script, no network, printable. Every text from outside goes through `htmlText`. */
import type { Alert, Correlation, EventRef, Lookback, Match, RelatedEvent } from '../../model/match.ts';
import type { Level } from '../../model/rule.ts';
import { eventText, valueText } from '../event-text.ts';
import { emphasised, evidenceOf } from '../evidence.ts';
import { PAGE_STYLE } from '../html-style.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { type RuleGroup, ruleGroups } from '../rule-groups.ts';
import { htmlText } from '../sanitize.ts';
import { afterText, type FreshContext, fileOf, groupText, lookbackText, recordText, ShownContext } from '../shown-context.ts';
import { foundText, summaryFacts } from '../summary-facts.ts';
import {
  counted,
  durationText,
  eventLabel,
  grouped,
  isoToUs,
  placeText,
  rangeText,
  recordLabel,
  relativeTime,
  timeAfter,
  timeText,
} from '../wording.ts';

/** Alerts of one rule that are shown; more are counted. */
const ALERTS_PER_RULE = 50;
/** Longer values are cut around the part that matched, in an event's own fields at the end. */
const VALUE_LENGTH = 4000;
const RELATED_LENGTH = 1000;

/** Even if a text got through as markup, the page may load and run nothing. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

export const reporter: Reporter = {
  name: 'html',
  extension: 'html',
  ownsExtension: true,
  description: 'one self-contained page, without scripts, printable',
  selfContained: true,
  *render(report) {
    const groups = ruleGroups(report);
    yield pageHead(report);
    yield overview(groups);
    const shown = new ShownContext();
    let number = 1;
    for (const [i, group] of groups.entries()) {
      yield [...groupParts(group, i, number, shown)].join('\n');
      number += group.alerts.length;
    }
    yield account(report);
    yield '</main>\n</body>\n</html>\n';
  },
};

function pageHead(report: ScanReport): string {
  const title = htmlText(foundText(report));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>winnow: ${title}</title>
<style>
${PAGE_STYLE}</style>
</head>
<body>
<main>
<header>
<p class="tool">winnow ${htmlText(report.summary.version)}</p>
<h1>${title}</h1>
<p>All times are UTC.</p>
</header>
`;
}

function levelBadge(level: Level | null): string {
  const name = level ?? 'none';
  return `<span class="level ${name}">${level ?? 'no level'}</span>`;
}

function overview(groups: readonly RuleGroup[]): string {
  if (groups.length === 0) return '';
  const rows = groups.map(
    ({ rule, count, alerts, computers }, i) =>
      `<tr><td>${levelBadge(rule.level)}</td><td><a href="#rule-${i + 1}">${htmlText(rule.title)}</a></td>` +
      `<td class="number">${grouped(count)}</td><td class="number">${grouped(alerts.length)}</td>` +
      `<td>${htmlText(computers.slice(0, 8).join(', '))}${computers.length > 8 ? ` and ${computers.length - 8} more` : ''}</td>` +
      `<td class="time">${timeText(alerts[0]?.first ?? null)}</td></tr>`,
  );
  return `<table class="overview">
<thead><tr><th>Level</th><th>Rule</th><th class="number">Matches</th><th class="number">Alerts</th><th>Computers</th><th>First</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody>
</table>
`;
}

function* groupParts({ rule, alerts }: RuleGroup, index: number, firstNumber: number, shown: ShownContext): Iterable<string> {
  yield `<section class="rule" id="rule-${index + 1}">`;
  yield `<h2>${levelBadge(rule.level)} ${htmlText(rule.title)}</h2>`;
  const tags = rule.tags.map((tag) => `<span class="tag">${htmlText(tag)}</span>`).join(' ');
  yield `<p class="meta"><code>${htmlText(rule.path)}</code> ${tags}</p>`;
  if (rule.description !== null) yield `<p>${htmlText(rule.description.trim())}</p>`;
  if (rule.falsepositives.length > 0)
    yield `<p class="meta">Known false positives: ${htmlText(rule.falsepositives.join('; '))}</p>`;
  for (const [i, alert] of alerts.slice(0, ALERTS_PER_RULE).entries()) yield* alertParts(alert, firstNumber + i, shown);
  const rest = alerts.length - ALERTS_PER_RULE;
  if (rest > 0) yield `<p class="meta">And ${counted(rest, 'alert')} more of this rule; the JSON formats have them all.</p>`;
  yield '</section>\n';
}

function* alertParts(alert: Alert, number: number, shown: ShownContext): Iterable<string> {
  yield `<article id="alert-${number}">`;
  yield* alert.match.kind === 'match' ? matchParts(alert, alert.match, number) : correlationParts(alert.match, number);
  const fresh = shown.fresh(alert, number);
  const { notes } = fresh;
  if (notes.length > 0) yield `<ul class="notes">${notes.map((note) => `<li>${htmlText(note)}</li>`).join('')}</ul>`;
  if (alert.lookback !== null) yield* lookbackParts(alert.lookback, fresh, fileOf(alert));
  if (alert.match.kind === 'match') yield wholeEvent(alert.match);
  yield '</article>';
}

function* matchParts(alert: Alert, match: Match, number: number): Iterable<string> {
  const { event } = match;
  const times =
    alert.count === 1 ? '' : ` <small>first of ${grouped(alert.count)}, last at ${timeAfter(alert.first, alert.last)}</small>`;
  yield `<h3><a href="#alert-${number}">[${number}]</a> <span class="time">${timeText(event.TimeCreated)}</span> on ${htmlText(event.Computer || 'an unnamed computer')}${times}</h3>`;
  const recovered = event.recovered ? ', <strong>recovered from slack space</strong>' : '';
  yield `<p class="meta">${htmlText(`${eventLabel(event)}, ${placeText(match)}`)}${recovered}, via ${htmlText(match.via)}</p>`;
  const rows = evidenceOf(match).map((entry) => {
    const spans = emphasised(entry.value, entry.ranges, VALUE_LENGTH, htmlText);
    const value = spans.map((span) => (span.strong ? `<mark>${span.text}</mark>` : span.text)).join('');
    const patterns = entry.patterns.map((pattern) => `<span class="pattern">${htmlText(pattern)}</span>`).join(' ');
    return `<tr><th>${htmlText(entry.name)}</th><td class="value">${value}${entry.words === null ? '' : htmlText(` (${entry.words})`)}</td><td>${patterns}</td></tr>`;
  });
  yield `<table class="evidence"><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

function* correlationParts(correlation: Correlation, number: number): Iterable<string> {
  const { from, to, fromUs, toUs, type, count, events, records, computer } = correlation;
  const on = computer === '' ? '' : ` on ${htmlText(computer)}`;
  yield `<h3><a href="#alert-${number}">[${number}]</a> <span class="time">${rangeText(from, to)}</span> (${htmlText(durationText(toUs - fromUs))})${on}</h3>`;
  yield `<p class="meta">${type}, count ${count}${htmlText(groupText(correlation))}</p>`;
  const rows = events.map((event) => evidenceRow(event, fromUs));
  yield `<table class="related"><tbody>\n${rows.join('\n')}\n</tbody></table>`;
  if (records > events.length) yield `<p class="meta">And ${counted(records - events.length, 'record')} more.</p>`;
}

function evidenceRow(event: EventRef, fromUs: number): string {
  const time = relativeTime(isoToUs(event.TimeCreated), fromUs);
  return `<tr><td class="number">${htmlText(time)}</td><td>${htmlText(eventLabel(event))}</td><td>${htmlText(event.rule)}</td><td class="meta">${htmlText(`${recordLabel(event)} of ${event.file}`)}</td></tr>`;
}

function* lookbackParts(lookback: Lookback, fresh: FreshContext, file: string): Iterable<string> {
  const referenceUs = isoToUs(lookback.to);
  yield `<h4>${htmlText(lookback.window)} before: ${linkedNumbers(lookbackText(lookback, fresh))}</h4>`;
  if (fresh.related.length > 0) yield relatedTable(fresh.related, referenceUs, file);
  if (lookback.after.length === 0) return;
  yield `<h4>After it: ${linkedNumbers(afterText(lookback, fresh))}</h4>`;
  if (fresh.after.length > 0) yield relatedTable(fresh.after, referenceUs, file);
}

/** Our own text, its alert numbers as links. */
function linkedNumbers(text: string): string {
  return htmlText(text).replace(/\[(\d+)\]/g, '<a href="#alert-$1">[$1]</a>');
}

function relatedTable(items: readonly RelatedEvent[], referenceUs: number, file: string): string {
  const rows = items.map(({ event, reason }) => {
    const text = eventText(event);
    const shown = text.length > RELATED_LENGTH ? `${text.slice(0, RELATED_LENGTH)}\u2026` : text;
    const where = `${reason}; ${recordText(event, file)}`;
    return `<tr><td class="number">${htmlText(relativeTime(event.timeUs, referenceUs))}</td><td>${htmlText(eventLabel(event))}</td><td class="value">${htmlText(shown)}</td><td class="meta">${htmlText(where)}</td></tr>`;
  });
  return `<table class="related"><tbody>\n${rows.join('\n')}\n</tbody></table>`;
}

function wholeEvent({ event }: Match): string {
  const rows = Object.entries(event.data).map(([name, value]) => {
    const text = valueText(value);
    const cut = text.length > VALUE_LENGTH ? `${text.slice(0, VALUE_LENGTH)}\u2026` : text;
    return `<tr><th>${htmlText(name)}</th><td class="value">${htmlText(cut)}</td></tr>`;
  });
  const head = `${event.Channel || '(no channel)'}, ${event.Provider}, event ${event.EventID ?? '(no EventID)'}`;
  return `<details><summary>The whole event: ${htmlText(head)}</summary><table class="evidence"><tbody>\n${rows.join('\n')}\n</tbody></table></details>`;
}

function account(report: ScanReport): string {
  const rows = summaryFacts(report).map(
    ({ label, lines, attention }) =>
      `<tr${attention ? ' class="attention"' : ''}><th>${label}</th><td>${lines.map(htmlText).join('<br>')}</td></tr>`,
  );
  return `<section><h2>Summary</h2><table class="evidence"><tbody>\n${rows.join('\n')}\n</tbody></table></section>\n`;
}
