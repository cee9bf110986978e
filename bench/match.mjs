// Matching alone: node bench/match.mjs RULES_ROOT LOG.evtx [PASSES]
// RULES_ROOT is a checkout of SigmaHQ/sigma; LOG.evtx any log (tools/bench-log.mjs builds one from samples).
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const [root, log, passes = '5'] = process.argv.slice(2);
if (log === undefined) {
  console.error('usage: node bench/match.mjs RULES_ROOT LOG.evtx [PASSES]');
  process.exit(3);
}
const project = fileURLToPath(new URL('..', import.meta.url));
// Inside the project, so that dependencies resolve.
const bundle = join(project, 'node_modules', `.bench-match-${process.pid}.mjs`);
await build({
  entryPoints: [join(project, 'bench/match.ts')],
  outfile: bundle,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  packages: 'external',
  define: { WINNOW_VERSION: '"bench"', WINNOW_BUILD: '"bench"' },
});
try {
  const { benchMatch } = await import(pathToFileURL(bundle).href);
  const folders = ['rules/windows', 'rules-emerging-threats', 'rules-threat-hunting'].map((name) => join(root, name));
  const results = benchMatch(folders, log, Number(passes));
  console.table(
    results.map((result) =>
      Object.fromEntries(Object.entries(result).map(([key, value]) => [key, Math.round(value * 100) / 100])),
    ),
  );
  const [few, , all] = results;
  const grown = (key) => (all[key] / few[key]).toFixed(2);
  console.log(
    `${(all.rules / few.rules).toFixed(1)} times the rules: matching costs ${grown('usPerEvent')} times as much per event, reading and matching ${grown('totalMs')} times`,
  );
} finally {
  rmSync(bundle, { force: true });
}
