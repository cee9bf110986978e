/** What `npm run new` writes is found by the registries, type-checks, and passes its own test as it is. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { projectRoot } from '../support/shared.ts';

const copy = mkdtempSync(join(tmpdir(), 'winnow-new-'));
afterAll(() => rmSync(copy, { recursive: true, force: true }));

const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });

test('the scripts that the documentation names are there', () => {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  for (const page of ['CONTRIBUTING.md', 'README.md', 'docs/inputs.md', 'docs/developing/releasing.md', 'CHANGELOG.md']) {
    const named = [...readFileSync(join(projectRoot, page), 'utf8').matchAll(/npm run (?:--silent )?([a-z]+)/g)].map(
      ([, name]) => name!,
    );
    expect([page, named.filter((name) => !(name in scripts))]).toEqual([page, []]);
  }
});

test('each kind of member begins as one file that compiles', () => {
  for (const part of ['src', 'scripts', 'test', 'bench', 'package.json', 'package-lock.json', 'tsconfig.json']) {
    cpSync(join(projectRoot, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const kinds = readFileSync(join(copy, 'scripts/new.mjs'), 'utf8').matchAll(/^ {2}'?([\w-]+)'?: \{\s*file: '([^']+)'/gm);
  for (const [, kind, folder] of kinds) {
    expect(node('scripts/new.mjs', kind!, 'tryout')).toContain(`wrote ${folder}/tryout.ts`);
    expect(readFileSync(join(copy, folder!, 'registry.generated.ts'), 'utf8')).toContain('./tryout.ts');
  }
  node(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.json');
  expect(() => node('scripts/new.mjs', 'format', 'tryout')).toThrow('exists already');
  expect(() => node('scripts/new.mjs', 'format', '../x')).toThrow('usage');
}, 120_000);
