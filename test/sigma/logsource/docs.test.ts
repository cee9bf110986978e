import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadCustomLogSources } from '../../../src/sigma/logsource/custom.ts';
import { optionalSources } from '../../../src/sigma/logsource/resolve.ts';
import { projectRoot } from '../../support/shared.ts';
import { categoryTable, derivationList, serviceTable } from './table.ts';

const docs = readFileSync(join(projectRoot, 'docs', 'logsources.md'), 'utf8');

/** The formatter widens the cells of tables. */
function narrow(text: string): string {
  return text.replaceAll(/ +/g, ' ').replaceAll(/-{3,}/g, '---');
}

it('docs/logsources.md lists every category, service and derivation', () => {
  expect(narrow(docs)).toContain(narrow(categoryTable()));
  expect(narrow(docs)).toContain(narrow(serviceTable()));
  expect(docs).toContain(derivationList());
  for (const via of optionalSources) expect(narrow(docs)).toContain(`| \`${via}\` |`);
});

it('the log source file in docs/logsources.md loads', () => {
  const example = /```yaml\n([\s\S]*?)```/.exec(docs)?.[1] ?? '';
  const { logSources, diagnostics } = loadCustomLogSources(example, 'docs/logsources.md');
  expect(diagnostics).toEqual([]);
  expect([...logSources.categories.keys()]).toEqual(['process_creation', 'wmi_event']);
});
