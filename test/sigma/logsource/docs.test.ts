import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCustomLogSources } from '../../../src/sigma/logsource/custom.ts';
import { optionalSources } from '../../../src/sigma/logsource/resolve.ts';
import { projectRoot } from '../../support/shared.ts';
import { categoryTable, derivationList, serviceTable } from './table.ts';

const path = join(projectRoot, 'docs', 'logsources.md');
const docs = readFileSync(path, 'utf8');

it('docs/logsources.md lists every category, service and derivation (`npx vitest run test/sigma/logsource -u` writes them)', async () => {
  const parts = { categories: categoryTable(), services: serviceTable(), derivations: derivationList() };
  let page = docs;
  for (const [name, text] of Object.entries(parts)) {
    const part = [`<!-- ${name} -->`, text, `<!-- /${name} -->`].join('\n');
    page = page.replace(new RegExp(`<!-- ${name} -->[\\s\\S]*<!-- /${name} -->`), () => part);
    expect(page).toContain(part);
  }
  await expect(page).toMatchFileSnapshot(path);
});

it('docs/logsources.md describes every optional source', () => {
  const described = [...docs.matchAll(/^\| `(\w+)` +\| `/gm)].map(([, via]) => via);
  expect(described).toEqual(expect.arrayContaining(optionalSources.map(String)));
});

it('the log source file in docs/logsources.md loads', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
  const { logSources, diagnostics } = loadCustomLogSources(example, 'docs/logsources.md');
  expect(diagnostics).toEqual([]);
  expect([...logSources.categories.keys()]).toEqual(['process_creation', 'wmi_event']);
});
