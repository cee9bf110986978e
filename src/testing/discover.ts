/** Which files below the given paths are tests. In order of path, links followed once. */
import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { UsageError } from '../model/errors.ts';

export interface TestFiles {
  /** `NAME.test.yml`. */
  readonly own: readonly string[];
  /** SigmaHQ's `info.yml`. */
  readonly regression: readonly string[];
}

const MAX_DEPTH = 64;

export function findTests(paths: readonly string[]): TestFiles {
  const own: string[] = [];
  const regression: string[] = [];
  const seen = new Set<string>();
  const added = new Set<string>();
  const add = (path: string): void => {
    const name = basename(path);
    const list = /\.test\.ya?ml$/i.test(name) ? own : name === 'info.yml' ? regression : null;
    if (list === null || added.has(realpathSync(path))) return;
    added.add(realpathSync(path));
    list.push(path);
  };
  const walk = (path: string, depth: number): void => {
    const real = realpathSync(path);
    if (seen.has(real) || depth > MAX_DEPTH) return;
    seen.add(real);
    for (const entry of readdirSync(path, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const inner = join(path, entry.name);
      const stats = entry.isSymbolicLink() ? statSync(inner, { throwIfNoEntry: false }) : entry;
      if (stats?.isDirectory()) walk(inner, depth + 1);
      else if (stats?.isFile()) add(inner);
    }
  };
  for (const path of paths) {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (stats === undefined) throw new UsageError(`no test file or folder at ${path}`);
    if (stats.isDirectory()) walk(path, 0);
    else for (const test of [path, testOf(path)]) if (existsSync(test)) add(test);
  }
  return { own, regression };
}

/** The tests of a rule file stand beside it: `whoami.yml`, `whoami.test.yml`. */
function testOf(path: string): string {
  return path.replace(/\.(ya?ml)$/i, '.test.$1');
}
