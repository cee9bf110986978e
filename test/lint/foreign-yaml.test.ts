/** `lint --fix` beside YAML of other programs: not a byte of it changes, also where a document looks like a rule. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findFiles } from '../../src/files/find-files.ts';
import { ruleText } from '../../src/lint/examples.ts';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

const folder = join(projectRoot, 'test', 'lint', 'foreign-yaml');
const files = Object.fromEntries(
  findFiles([folder], 'foreign YAML', () => true).map(({ path }) => [
    path.slice(folder.length + 1).replaceAll('\\', '/'),
    readFileSync(path, 'utf8'),
  ]),
);

it('has thirty files to try', () => {
  expect(Object.keys(files).length).toBeGreaterThanOrEqual(30);
});

const WINDOWS = (text: string): string => `\ufeff${text.replaceAll('\n', '\r\n')}`;

it.each<[string, (text: string) => string]>([
  ['as they are', (text) => text],
  ['with the line ends and the mark of Windows', WINDOWS],
  ['without an end of the last line', (text) => text.trimEnd()],
  ['beside a rule in the same file', (text) => `${text.trimEnd()}\n---\n${ruleText()}`],
])('keeps every byte under --fix: %s', async (_, form) => {
  const written = Object.fromEntries(Object.entries(files).map(([name, text]) => [name, form(text)]));
  const old = ruleText('date: 2026/01/15').replace('5c2f1a0e', '6c2f1a0e').replace('Whoami', 'Old Whoami');
  const at = folderWith({ ...written, 'rules/a.yml': old });
  for (const more of [[], ['--sigmahq']]) {
    const run = await runWinnow(['lint', '.', '--fix', '--severity', 'info', ...more], { cwd: at });
    expect(run.code).not.toBe(3);
  }
  for (const [name, text] of Object.entries(written)) expect([name, readFileSync(join(at, name), 'utf8')]).toEqual([name, text]);
  // It did correct what is a rule.
  expect(readFileSync(join(at, 'rules/a.yml'), 'utf8')).toContain('date: 2026-01-15');
});

it('keeps every byte of a file that is named itself', async () => {
  const at = folderWith(files);
  for (const name of Object.keys(files)) await runWinnow(['lint', name, '--fix', '--severity', 'info'], { cwd: at });
  for (const [name, text] of Object.entries(files)) expect([name, readFileSync(join(at, name), 'utf8')]).toEqual([name, text]);
});
