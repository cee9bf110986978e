// Bundles src/ into dist/: the binary, the library, the EVTX entry and the worker, with shared code in common chunks.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
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
const options = {
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
};

const ofCommands = (paths) => paths.map((path) => `src/commands/${path}`);
/** Loaded before all else: it switches the cache of compiled code on, which holds only what is loaded after it. */
const FIRST = 'src/commands/run/cache-folder.ts';
/** What is loaded together: at first, by every verb, and by every scan. */
const TOGETHER = [
  [FIRST],
  ofCommands(['program.ts', 'registry.generated.ts']),
  ofCommands(['run/scan/run-scan.ts', 'run/scan/scan-engine.ts']),
];

/**
 * esbuild puts code that several entries share into chunks, one for each set of entries that use the same code. A scan would load sixty
 * of them, and Node needs 0.4 ms for a file of any size. So whatever is loaded with `import()` and uses something of a group is made
 * to import the whole group first: all code of the group is then used by the same entries, and is one chunk.
 */
async function gatherChunks() {
  const { metafile } = await build({ ...options, metafile: true, write: false });
  const reached = (path, all = new Set()) => {
    if (all.has(path)) return all;
    all.add(path);
    for (const { path: next, kind, external } of metafile.inputs[path].imports)
      if (kind === 'import-statement' && external !== true) reached(next, all);
    return all;
  };
  const lazy = Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.filter(({ kind, external }) => kind === 'dynamic-import' && external !== true).map(({ path }) => path),
  );
  const before = new Map();
  const gathered = new Set();
  for (const group of TOGETHER) {
    const own = new Set(group.flatMap((path) => [...reached(path)]).filter((path) => !gathered.has(path)));
    const imports = group.map((path) => `import ${JSON.stringify(resolve(path))};`).join('');
    for (const path of new Set(lazy)) {
      if (path !== FIRST && [...reached(path)].some((each) => own.has(each)))
        before.set(path, (before.get(path) ?? '') + imports);
    }
    for (const path of own) gathered.add(path);
  }
  return {
    name: 'gather-chunks',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const imports = before.get(relative('.', path).replaceAll('\\', '/'));
        return imports === undefined ? undefined : { contents: imports + readFileSync(path, 'utf8'), loader: 'ts' };
      });
    },
  };
}

rmSync('dist', { recursive: true, force: true });
await build({ ...options, plugins: [await gatherChunks()] });
