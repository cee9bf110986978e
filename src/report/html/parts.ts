/** What the HTML report is made with, in one module: loaded only when that report is asked for. */
export { APP_SCRIPT, APP_STYLE } from './app.generated.ts';
export { PageCollector } from './collect-page.ts';
export { dataBlock, policyHash } from './embedded.ts';
export { staticEvents, staticHead } from './static-list.ts';
