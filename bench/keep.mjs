// Keeping and printing matches alone: node bench/keep.mjs RULES_ROOT LOG.evtx [PASSES]
// RULES_ROOT is a checkout of SigmaHQ/sigma; LOG.evtx any log (bench/make-log.mjs builds one from samples).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [root, log, passes = '9'] = process.argv.slice(2);
if (log === undefined) {
  console.error('usage: node bench/keep.mjs RULES_ROOT LOG.evtx [PASSES]');
  process.exit(3);
}
const project = fileURLToPath(new URL('..', import.meta.url));
// Inside the project, so that dependencies resolve.
const bundle = join(project, 'node_modules', `.bench-keep-${process.pid}.mjs`);
await build({
  entryPoints: [join(project, 'bench/keep.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  define: { WINNOW_VERSION: '"bench"', WINNOW_BUILD: '"bench"' },
});
try {
  const { benchKeep } = await import(pathToFileURL(bundle).href);
  const folders = ['rules/windows', 'rules-emerging-threats', 'rules-threat-hunting'].map((name) => join(root, name));
  console.table(benchKeep(folders, log, Number(passes)));
} finally {
  rmSync(bundle, { force: true });
}
