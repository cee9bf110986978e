// Which files import which: for `npm run mutate`, and for the run of the tests without acceleration.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The TypeScript files below a path, sorted; a file itself. */
export function filesBelow(path) {
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map((name) => join(path, name))
    .filter((file) => !file.includes('node_modules'))
    .sort();
}

/** For each file below `folders`, the files that import it, types alone left out: they are not there when tests run. */
export function importersIn(folders) {
  const importers = new Map();
  for (const file of folders.flatMap(filesBelow)) {
    const source = readFileSync(file, 'utf8').replaceAll(/^(?:import|export) type\b[^;]*;/gm, '');
    for (const [, from] of source.matchAll(/(?:from|import)[ (]\s*'(\.[^']+)'/g)) {
      const imported = resolve(dirname(file), from);
      importers.set(imported, [...(importers.get(imported) ?? []), file]);
    }
  }
  return importers;
}

/** `files` and all that reach one of them, those by the fewest imports first. */
export function reaching(files, importers) {
  const seen = new Set(files);
  for (const each of seen) for (const importer of importers.get(each) ?? []) seen.add(importer);
  return [...seen];
}
