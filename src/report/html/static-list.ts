/**
 * The report for readers without scripts: the account of the scan, then each incident with its events by time, one per line.
 * In: parts of the report. Out: markup for `<noscript>`, in which every text from outside has gone through `htmlText`.
 */
import type { Incident } from '../../model/incident.ts';
import type { Level } from '../../model/rule.ts';
import type { ScanReport } from '../reporter.ts';
import { htmlText } from '../sanitize.ts';
import { foundText, summaryFacts } from '../summary-facts.ts';
import { counted, eventLabel, rangeText, recordLabel, secondsText, timeText } from '../wording.ts';
import type { PageFacts } from './page-data.ts';

export function staticHead(report: ScanReport): string {
  const rows = summaryFacts(report).map(
    ({ label, lines, attention }) =>
      `<tr${attention ? ' class="attention"' : ''}><th>${htmlText(label)}</th><td>${lines.map(htmlText).join('<br>')}</td></tr>`,
  );
  return `<noscript>
<p>winnow ${htmlText(report.summary.version)}. This page can be searched where scripts are allowed; it never opens a connection. All times are UTC.</p>
<h1>${htmlText(foundText(report))}</h1>
<table class="facts"><tbody>
${rows.join('\n')}
</tbody></table>
</noscript>
`;
}

/** The events of one batch. An incident that began in an earlier batch continues without its heading. */
export function staticEvents(
  events: readonly PageFacts[],
  report: ScanReport,
  headed: ReadonlySet<number>,
  titles: readonly string[],
): string {
  const parts: string[] = [];
  for (let i = 0; i < events.length; ) {
    const { incident } = events[i]!;
    const rows: string[] = [];
    const begins = headed.has(incident);
    for (; i < events.length && events[i]!.incident === incident; i++) rows.push(eventRow(events[i]!, titles));
    if (begins) parts.push(incidentHeading(report.incidents[incident]!));
    parts.push(`<table class="list"><tbody>\n${rows.join('\n')}\n</tbody></table>`);
  }
  return `<noscript>\n${parts.join('\n')}\n</noscript>\n`;
}

function incidentHeading({ id, computer, level, first, last, eventCount, rules }: Incident): string {
  const when = first === null || last === null ? 'time unknown' : rangeText(first, last, secondsText);
  const what = `${counted(eventCount, 'event')}, ${counted(rules.length, 'rule')}`;
  return `<h2 id="incident-${htmlText(id)}">${levelBadge(level)} ${htmlText(computer || 'an unnamed computer')}, ${htmlText(when)}: ${what} <code>${htmlText(id)}</code></h2>`;
}

function levelBadge(level: Level | null): string {
  return `<span class="level ${level ?? 'none'}">${level ?? 'no level'}</span>`;
}

function eventRow(
  { id, hits, reason, time, who, text, channel, eventId, record, index, file, state }: PageFacts,
  titles: readonly string[],
): string {
  const rules = hits.length === 0 ? reason : [...new Set(hits.map(({ rule }) => titles[rule] ?? ''))].join('; ');
  const label = `${eventLabel({ Channel: channel, EventID: eventId })}, ${recordLabel({ EventRecordID: record, index })} of ${file}, ${id}`;
  return `<tr${hits.length === 0 ? ' class="related"' : ''}><td class="time">${htmlText(timeText(time))}</td><td class="value">${htmlText(`${state === '' ? '' : `[${state}] `}${who === '' ? '' : `${who}: `}${text}`)}</td><td>${htmlText(rules)}</td><td class="quiet">${htmlText(label)}</td></tr>`;
}
