// `npm run new -- KIND NAME`: writes the skeleton of a new member of a registry, and of its test where the tests of all members
// do not do. Nothing else has to be edited: `npm run generate` finds the file.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const skeletons = join(root, 'scripts/skeletons');

/** kind: where the member goes, where its test goes, what else is to be done. */
const KINDS = {
  exporter: {
    file: 'src/logs/exporters',
    test: 'test/logs/exporters',
    next: '`npx vitest run test/logs/exporters.test.ts -u` writes its row of docs/inputs.md.',
  },
  format: {
    file: 'src/report/formats',
    test: 'test/report',
    next: '`npx vitest run test/report/formats.test.ts test/report/ids.test.ts test/logs/own-report.test.ts test/cli/commands.test.ts test/docs/schemas.test.ts -u` writes its rows of docs/output.md and docs/cli.md, and its name into the schema of winnow.yml.',
  },
  'lint-rule': {
    file: 'src/lint/rules',
    next:
      '`npx vitest run test/lint/examples.test.ts` tests its examples; then `npx vitest run test/lint/documentation.test.ts ' +
      'test/docs/schemas.test.ts -u` writes its page from what it says of itself, and its id into the schema of winnow.yml.',
  },
  'log-source': {
    file: 'src/sigma/logsource/families',
    test: 'test/sigma/logsource',
    next: '`npx vitest run test/sigma/logsource/docs.test.ts -u` writes its rows of docs/logsources.md.',
  },
  modifier: {
    file: 'src/sigma/modifiers',
    test: 'test/sigma/modifiers',
    next: 'Describe it in docs/semantics.md; `npx vitest run test/sigma/modifiers test/engine/match/each-modifier.test.ts` tests it.',
  },
  verb: {
    file: 'src/commands',
    next: '`npx vitest run test/cli/commands.test.ts -u` writes its part of docs/cli.md; test what it does in test/cli.',
  },
};

const [kind, name] = process.argv.slice(2);
const known = Object.keys(KINDS).join(', ');
if (!Object.hasOwn(KINDS, kind ?? '') || !/^[a-z][a-z0-9_-]*$/.test(name ?? '')) {
  console.error(`usage: npm run new -- KIND NAME\nKIND: ${known}; NAME: small letters, digits, "-" and "_"`);
  process.exit(3);
}
/** Members that are asked in an order have a place of their own: the first one behind 25 that is free. */
function freePriority(folder) {
  const texts = readdirSync(join(root, folder))
    .filter((one) => one.endsWith('.ts'))
    .map((one) => readFileSync(join(root, folder, one), 'utf8'));
  const taken = new Set(texts.map((text) => Number(/^ {2}priority: (\d+)/m.exec(text)?.[1])));
  let priority = 25;
  while (taken.has(priority)) priority++;
  return priority;
}

const { file, test, next } = KINDS[kind];
const targets = [[`${kind}.txt`, join(file, `${name}.ts`)]];
if (test !== undefined) targets.push([`${kind}.test.txt`, join(test, `${name}.test.ts`)]);
const taken = targets.find(([, target]) => existsSync(join(root, target)));
if (taken !== undefined) {
  console.error(`${taken[1]} exists already`);
  process.exit(3);
}
for (const [skeleton, target] of targets) {
  const text = readFileSync(join(skeletons, skeleton), 'utf8')
    .replaceAll('NAME', name)
    .replace('PRIORITY', `${freePriority(file)}`);
  writeFileSync(join(root, target), text);
  console.log(`wrote ${target}`);
}
// How a skeleton is broken into lines depends on the length of the name.
const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
execFileSync(process.execPath, [biome, 'format', '--write', ...targets.map(([, target]) => target)], {
  cwd: root,
  stdio: 'pipe',
});
await import('./generate.mjs');
console.log(next);
