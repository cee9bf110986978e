/**
 * Starts the application: reads what the first view needs, draws, and reads the rest. Where that fails, the list for readers
 * without scripts is shown instead.
 */
import { render } from 'preact';
import { Details } from './data/details.ts';
import { loadDetails, loadPage } from './data/load.ts';
import { type Report, reportOf } from './data/model.ts';
import { needsDetails, stateOf } from './data/state.ts';
import { App } from './views/app.tsx';

const root = document.getElementById('app')!;
root.textContent = 'Reading the report …';

async function start(): Promise<void> {
  const details = new Details();
  const report = reportOf(await loadPage(), details);
  const waits = needsDetails(stateOf(location.hash));
  if (waits) await loadDetails(details);
  root.textContent = '';
  const paper = Object.assign(document.createElement('div'), { id: 'print' });
  document.body.append(paper);
  render(<App report={report} />, root);
  await new Promise((drawn) => setTimeout(drawn));
  if (!waits) await loadDetails(details);
  await prepareSearch(report);
}

/** Milliseconds, less than a frame. */
const SLICE = 8;

/** Collects the text of all events while nothing else is to be done, so that a search does not have to. */
async function prepareSearch({ events, contains }: Report): Promise<void> {
  let end = 0;
  for (const event of events) {
    if (performance.now() > end) {
      await idle();
      end = performance.now() + SLICE;
    }
    contains(event, '');
  }
}

function idle(): Promise<unknown> {
  // Safari has no idle callbacks.
  return new Promise((go) => ('requestIdleCallback' in window ? requestIdleCallback(go) : setTimeout(go, 2 * SLICE)));
}

start().catch((error: unknown) => {
  render(null, root);
  root.textContent = `This browser cannot show the report as an application (${error instanceof Error ? error.message : String(error)}). What follows is its list.`;
  for (const list of document.querySelectorAll('noscript')) {
    const { body } = new DOMParser().parseFromString(list.textContent, 'text/html');
    document.body.append(...body.childNodes);
  }
});
