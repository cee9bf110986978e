/**
 * The report as an application in one file: opens from anywhere, asks the network for nothing. In: a report. Out: the page: its data,
 * a list for readers without scripts, and the one script (built from ../html/app) that its policy allows. Refuses nothing.
 */
import type { PageCollector } from '../html/collect-page.ts';
import type { PageEvent } from '../html/page-data.ts';
import type { Reporter, ScanReport } from '../reporter.ts';
import { htmlText } from '../sanitize.ts';
import { foundText } from '../summary-facts.ts';

/** Events of one block: bounds what is held while it is written. */
const BATCH_EVENTS = 1000;
/** The same for large events: characters of all texts. */
const BATCH_LENGTH = 8_000_000;

/** Loaded by `prepare`: half of the code that a scan loads, needed by this format alone. */
let parts: typeof import('../html/parts.ts') | null = null;

export const reporter: Reporter = {
  name: 'html',
  extension: 'html',
  ownsExtension: true,
  description: 'one self-contained page to search, filter and print; opens no connection',
  selfContained: true,
  async prepare() {
    parts ??= await import('../html/parts.ts');
  },
  *render(report) {
    const { APP_SCRIPT, PageCollector, dataBlock, staticEvents, staticHead } = parts!;
    yield pageHead(report);
    yield staticHead(report);
    const collector = new PageCollector(report);
    const titles = collector.titles;
    for (const { events, begun } of batches(report, collector)) {
      yield dataBlock('events', events);
      yield staticEvents(events, report, begun, titles);
    }
    yield dataBlock('head', collector.head());
    yield `<script>${APP_SCRIPT}</script>\n</body>\n</html>\n`;
  },
};

/** Events as they are read, and the incidents that begin in each batch. */
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

/** Characters of the values, which make the size of an event. */
function lengthOf({ data, hits }: PageEvent): number {
  let length = 0;
  for (const value of Object.values(data)) length += value?.length ?? 0;
  for (const { fields } of hits) for (const { value } of fields) length += value.length;
  return length;
}

function pageHead(report: ScanReport): string {
  const { APP_SCRIPT, APP_STYLE, policyHash } = parts!;
  // Even if a text got through as markup, the page may run and load nothing but what it was built with.
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
