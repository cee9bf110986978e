/** Finds test files. In: paths. Out: the test files below them, sorted by path, each once. */
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { findFiles } from '../files/find-files.ts';
import type { Diagnostic } from '../model/diagnostic.ts';

export interface TestFiles {
  /** `NAME.test.yml`. */
  readonly own: readonly string[];
  /** SigmaHQ's `info.yml`. */
  readonly regression: readonly string[];
  /** Folders and files that could not be read, although they may contain tests. */
  readonly faults: readonly Diagnostic[];
}

export function findTests(paths: readonly string[]): TestFiles {
  const own: string[] = [];
  const regression: string[] = [];
  const faults: Diagnostic[] = [];
  // A rule file stands for the test file next to it, which may be missing.
  const given = paths.flatMap((path) => [path, testOf(path)].filter((one) => one === path || existsSync(one)));
  for (const { path, fault } of findFiles(given, 'test', (name) => listOf(name) !== null)) {
    if (fault !== null) {
      const { severity, message, hint } = fault;
      faults.push({
        code: severity === 'error' ? 'test/unreadable' : 'test/link',
        severity,
        message,
        hint,
        place: { file: path },
      });
      continue;
    }
    const list = listOf(basename(path));
    if (list !== null) (list === 'own' ? own : regression).push(path);
  }
  return { own, regression, faults };
}

function listOf(name: string): 'own' | 'regression' | null {
  if (/\.test\.ya?ml$/i.test(name)) return 'own';
  return name === 'info.yml' ? 'regression' : null;
}

/** The test file of a rule file is next to it: `whoami.yml`, `whoami.test.yml`. */
function testOf(path: string): string {
  return path.replace(/\.(ya?ml)$/i, '.test.$1');
}
