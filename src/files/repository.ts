/** Names files as CI servers do. In: a path. Out: the same from the root of its repository. */
import { existsSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';

/** Paths from the root of the repository around `folder`, with forward slashes. Paths outside of it, and all without one, stay. */
export function repositoryPaths(folder: string): (path: string) => string {
  const root = repositoryRoot(resolve(folder));
  if (root === null) return (path) => path;
  return (path) => {
    const inside = relative(root, resolve(path));
    return path === '' || inside === '' || inside.startsWith('..') || isAbsolute(inside) ? path : inside.replaceAll('\\', '/');
  };
}

function repositoryRoot(folder: string): string | null {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, '.git'))) return at;
    if (dirname(at) === at) return null;
  }
}
