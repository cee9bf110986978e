// `npm run conformance -- FILE.json`: evaluates a file of Sigma test vectors, prints each failure, and ends with
// `N passed, N failed`. Exit code 1 when one fails, 3 when there is nothing to evaluate.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const files = process.argv.slice(2);
if (files.length === 0) {
  console.error('usage: npm run conformance -- FILE.json ...');
  process.exit(3);
}
const root = fileURLToPath(new URL('..', import.meta.url));
await import('./generate.mjs');
// Inside the project, so that the bundle finds the dependencies.
const folder = mkdtempSync(join(root, 'node_modules', '.conformance-'));
let passed = 0;
let failed = 0;
try {
  const outfile = join(folder, 'harness.mjs');
  await build({
    entryPoints: [join(root, 'test/conformance/harness.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    packages: 'external',
    define: { WINNOW_VERSION: '"conformance"' },
    logLevel: 'warning',
  });
  const { checkVector, parseVectors } = await import(pathToFileURL(outfile).href);
  for (const file of files) {
    for (const vector of parseVectors(readFileSync(file, 'utf8'))) {
      let fault;
      try {
        fault = checkVector(vector);
      } catch (error) {
        fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
      }
      if (fault === null) passed++;
      else {
        failed++;
        console.log(`${vector.id}: ${fault}${vector.why ? ` (${vector.why})` : ''}`);
      }
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed > 0 || passed === 0 ? 1 : 0);
