/** The parts of the HTML report in one module, which is loaded only for that report. */
export { APP_SCRIPT, APP_STYLE } from './app.generated.ts';
export { PageCollector } from './collect-page.ts';
export { dataBlock, policyHash } from './embedded.ts';
export { partsOf } from './page-data.ts';
export { staticEvents, staticHead } from './static-list.ts';
