// Bundles src/ into dist/: the binary, the library, the EVTX entry and the worker, with shared code in common chunks.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = { cli: 'src/cli.ts', index: 'src/index.ts', evtx: 'src/logs/evtx/index.ts', worker: 'src/worker.ts' };
// Compiled rules are cached on disk: what another build has compiled must not be taken for ours.
const sources = createHash('sha256').update(readFileSync('package-lock.json'));
for (const name of readdirSync('src', { recursive: true })
  .filter((name) => name.endsWith('.ts'))
  .sort()) {
  sources.update(name).update(readFileSync(join('src', name)));
}
rmSync('dist', { recursive: true, force: true });
await build({
  entryPoints: Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path))),
  outdir: 'dist',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  // Dependencies stay dependencies: users get their fixes without waiting for us.
  packages: 'external',
  define: { WINNOW_VERSION: JSON.stringify(version), WINNOW_BUILD: JSON.stringify(sources.digest('hex')) },
  logLevel: 'warning',
});
