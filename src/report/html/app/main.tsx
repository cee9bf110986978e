/**
 * Starts the application: reads the page's data and draws. Where that fails, the list for readers without scripts is shown
 * instead.
 */
import { render } from 'preact';
import { loadPage } from './data/load.ts';
import { reportOf } from './data/model.ts';
import { App } from './views/app.tsx';

const root = document.getElementById('app')!;
root.textContent = 'Reading the report …';

async function start(): Promise<void> {
  const blocks = [...document.querySelectorAll<HTMLScriptElement>('script[data-block]')];
  const report = reportOf(await loadPage(blocks));
  root.textContent = '';
  const paper = Object.assign(document.createElement('div'), { id: 'print' });
  document.body.append(paper);
  render(<App report={report} />, root);
}

start().catch((error: unknown) => {
  root.textContent = `This browser cannot show the report as an application (${error instanceof Error ? error.message : String(error)}). What follows is its list.`;
  for (const list of document.querySelectorAll('noscript')) {
    const { body } = new DOMParser().parseFromString(list.textContent, 'text/html');
    document.body.append(...body.childNodes);
  }
});
