// Bundles src/ into dist/: the binary, the library, the EVTX entry and the worker, with shared code in common chunks.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const entries = { cli: 'src/cli.ts', index: 'src/index.ts', evtx: 'src/read/evtx/index.ts', worker: 'src/worker.ts' };
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
  sourcemap: true,
  define: { WINNOW_VERSION: JSON.stringify(version) },
  logLevel: 'warning',
});
