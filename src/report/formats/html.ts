/**
 * The report as an application in one file that works offline. In: a report. Out: a page with its data, a list for readers
 * without scripts, and one script (built from ../html/app), the only one that its security policy allows. Refuses nothing.
 */
import type { PageCollector } from '../html/collect-page.ts';
import type { PageEvent } from '../html/page-data.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { htmlText } from '../sanitize.ts';
import { foundText } from '../summary-facts.ts';

/** How many events go into one block. This limits the memory that is needed while the block is written. */
const BATCH_EVENTS = 1000;
/** The same limit for large events, in characters of all texts. */
const BATCH_LENGTH = 8_000_000;

/** Loaded by `prepare`, because it is half of the code that a scan would load, and only this format needs it. */
let parts: typeof import('../html/parts.ts') | null = null;

export const reporter: Reporter = {
  name: 'html',
  extension: 'html',
  begins: /^<!doctype html>\s[\s\S]*<title>winnow: /,
  ownsExtension: true,
  description: 'one self-contained page to search, filter and print; opens no connection',
  selfContained: true,
  async prepare() {
    parts ??= await import('../html/parts.ts');
  },
  *render(report) {
    const { APP_SCRIPT, PageCollector, dataBlock, partsOf, staticEvents, staticHead } = parts!;
    yield pageHead(report);
    yield staticHead(report);
    const collector = new PageCollector(report);
    const titles = collector.titles;
    for (const { events, begun } of batches(report, collector)) {
      const split = events.map(partsOf);
      yield dataBlock('events', JSON.stringify(split.map(({ facts }) => facts)));
      yield dataBlock('details', split.map(({ details }) => JSON.stringify(details)).join('\n'));
      yield staticEvents(events, report, begun, titles);
    }
    yield dataBlock('head', JSON.stringify(collector.head()));
    yield `<script>${APP_SCRIPT}</script>\n</body>\n</html>\n`;
  },
};

/** Events in batches as they are read, each with the incidents that begin in it. */
function* batches(report: ScanReport, collector: PageCollector) {
  let events: PageEvent[] = [];
  let begun = new Set<number>();
  let length = 0;
  for (const [i, incident] of report.incidents.entries()) {
    begun.add(i);
    for (const source of incident.events()) {
      const event = collector.event(i, source);
      events.push(event);
      length += lengthOf(event);
      if (events.length < BATCH_EVENTS && length < BATCH_LENGTH) continue;
      yield { events, begun };
      events = [];
      begun = new Set();
      length = 0;
    }
  }
  if (events.length > 0) yield { events, begun };
}

/** The number of characters in the values, which make up most of an event's size. */
function lengthOf({ data, matched, decoded = [] }: PageEvent): number {
  let length = decoded.reduce((sum, { text }) => sum + text.length, 0);
  for (const value of Object.values(data)) length += value?.length ?? 0;
  for (const fields of matched) for (const { value } of fields) length += value.length;
  return length;
}

function pageHead(report: ScanReport): string {
  const { APP_SCRIPT, APP_STYLE, policyHash } = parts!;
  // Even if a text from a log were read as markup, this policy lets the page run and load nothing but its own parts.
  const policy = `default-src 'none'; script-src ${policyHash(APP_SCRIPT)}; style-src ${policyHash(APP_STYLE)}; base-uri 'none'; form-action 'none'`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>winnow: ${htmlText(foundText(report))}</title>
<style>${APP_STYLE}</style>
</head>
<body>
<div id="app"></div>
`;
}
