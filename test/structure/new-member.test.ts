/** What `npm run new` writes is found by the registries, type-checks, passes the linter, its own test and those of all members. */
import { execFileSync } from 'node:child_process';
import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

const copy = temporaryFolder();

const node = (...args: string[]): string => execFileSync(process.execPath, args, { cwd: copy, encoding: 'utf8', stdio: 'pipe' });

/** Long enough to break lines of the skeletons that hold it. */
const NAME = 'tryout_of_a_member';
/** They name the member in the names of their tests. */
const OF_ALL_MEMBERS = [
  'test/logs/exporters.test.ts',
  'test/report/formats.test.ts',
  'test/report/ids.test.ts',
  'test/logs/own-report.test.ts',
  'test/lint/examples.test.ts',
  'test/engine/match/each-modifier.test.ts',
];

test('the scripts that the documentation names are there', () => {
  const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  for (const page of ['CONTRIBUTING.md', 'README.md', 'docs/inputs.md', 'docs/developing/releasing.md', 'CHANGELOG.md']) {
    const named = [...readFileSync(join(projectRoot, page), 'utf8').matchAll(/npm run (?:--silent )?([a-z]+)/g)].map(
      ([, name]) => name!,
    );
    expect([page, named.filter((name) => !(name in scripts))]).toEqual([page, []]);
  }
});

test('each kind of member begins as one file that compiles and passes', () => {
  for (const part of [
    'src',
    'scripts',
    'test',
    'bench',
    'package.json',
    'package-lock.json',
    'tsconfig.json',
    'biome.json',
    'vitest.config.ts',
  ]) {
    cpSync(join(projectRoot, part), join(copy, part), { recursive: true });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(copy, 'node_modules'), 'junction');
  const tests: string[] = [];
  const files: string[] = [];
  const kinds = readFileSync(join(copy, 'scripts/new.mjs'), 'utf8').matchAll(/^ {2}'?([\w-]+)'?: \{\s*file: '([^']+)'/gm);
  for (const [, kind, folder] of kinds) {
    const said = node('scripts/new.mjs', kind!, NAME);
    const written = [...said.matchAll(/^wrote (.*)$/gm)].map(([, file]) => file!.replaceAll('\\', '/'));
    expect(written[0]).toBe(`${folder}/${NAME}.ts`);
    tests.push(...written.slice(1));
    const registry = join(folder!, 'registry.generated.ts');
    expect(readFileSync(join(copy, registry), 'utf8')).toContain(`./${NAME}.ts`);
    files.push(...written, registry);
  }
  node(join('node_modules', '@biomejs', 'biome', 'bin', 'biome'), 'check', ...files.filter((file) => !/generated/.test(file)));
  // The members, and what the registries ask of them.
  const project = { extends: './tsconfig.json', include: [], files: ['src/globals.d.ts', ...files] };
  writeFileSync(join(copy, 'tsconfig.new.json'), JSON.stringify(project));
  node(join('node_modules', 'typescript', 'bin', 'tsc'), '-p', 'tsconfig.new.json');
  // In one process, which loads the program once.
  node(join('node_modules', 'vitest', 'vitest.mjs'), 'run', '--no-isolate', '-t', NAME, ...tests, ...OF_ALL_MEMBERS);
  expect(() => node('scripts/new.mjs', 'format', NAME)).toThrow('exists already');
  expect(() => node('scripts/new.mjs', 'format', '../x')).toThrow('usage');
}, 120_000);
