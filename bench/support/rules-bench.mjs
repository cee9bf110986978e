// What benchmarks of one stage over an EVTX log with SigmaHQ's Windows rules have in common: their arguments, and a bundle of theirs.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const project = fileURLToPath(new URL('../..', import.meta.url));
const RULE_FOLDERS = ['rules/windows', 'rules-emerging-threats', 'rules-threat-hunting'];

/** Runs `npm run bench -- NAME RULES_ROOT LOG.evtx [PASSES]`: calls `use` with the module bench/NAME.ts, rule folders, log and passes. */
export async function runRulesBench(name, args, defaultPasses, use) {
  const [root, log, passes = defaultPasses] = args;
  if (log === undefined) {
    console.error(`usage: npm run bench -- ${name} RULES_ROOT LOG.evtx [PASSES]`);
    process.exit(3);
  }
  // Inside the project, so that dependencies resolve.
  const bundle = join(project, 'node_modules', `.bench-${name}-${process.pid}.mjs`);
  await build({
    entryPoints: [join(project, `bench/${name}.ts`)],
    outfile: bundle,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    packages: 'external',
    define: { WINNOW_VERSION: '"bench"', WINNOW_BUILD: '"bench"' },
  });
  try {
    const folders = RULE_FOLDERS.map((folder) => join(root, folder));
    use(await import(pathToFileURL(bundle).href), folders, log, Number(passes));
  } finally {
    rmSync(bundle, { force: true });
  }
}
