/** The package as npm sees it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../support/shared.ts';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
}
interface LockedPackage {
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly engines?: { readonly node?: string };
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
}

const read = <T>(name: string): T => JSON.parse(readFileSync(join(projectRoot, name), 'utf8')) as T;
const manifest = read<Manifest>('package.json');
const lock = read<{ packages: Readonly<Record<string, LockedPackage>> }>('package-lock.json').packages;

describe('package-lock.json', () => {
  it('has the optional packages of every platform: without them `npm ci` refuses it (node scripts/complete-lock.mjs adds them)', () => {
    const optional = Object.values(lock).flatMap((entry) => Object.keys(entry.optionalDependencies ?? {}));
    expect(optional.filter((name) => !(`node_modules/${name}` in lock))).toEqual([]);
  });
  it('names no registry', () => {
    expect(Object.entries(lock).filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
  });
});

describe('the dependencies', () => {
  const text = readFileSync(join(projectRoot, 'docs', 'dependencies.md'), 'utf8');
  const names = [...Object.keys(manifest.dependencies), ...Object.keys(manifest.devDependencies)];
  it('are each explained in docs/dependencies.md, and no other', () => {
    const explained = [...text.matchAll(/^\| (@?[a-z0-9][a-z0-9@/-]*) +\|/gm)]
      .map(([, name = '']) => name)
      .filter((name) => name !== 'package');
    const documented = new Set(explained.map((name) => (name === 'biome' ? '@biomejs/biome' : name)));
    expect([...documented].sort()).toEqual([...names].sort());
  });
  it('that users get run no script on installation', () => {
    const seen = new Set<string>();
    const visit = (name: string): void => {
      if (seen.has(name)) return;
      seen.add(name);
      const entry = lock[`node_modules/${name}`] as (LockedPackage & { dependencies?: Record<string, string> }) | undefined;
      expect([name, entry?.hasInstallScript ?? false]).toEqual([name, false]);
      for (const child of Object.keys(entry?.dependencies ?? {})) visit(child);
    };
    for (const name of Object.keys(manifest.dependencies)) visit(name);
    expect(seen.size).toBeGreaterThan(4);
  });
});
