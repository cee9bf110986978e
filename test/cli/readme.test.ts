/** What the README shows is what winnow prints. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { commands } from '../../src/commands/registry.generated.ts';
import { projectRoot } from '../support/shared.ts';
import { runWinnow } from './test-context.ts';

const readme = readFileSync(join(projectRoot, 'README.md'), 'utf8');

/** Command lines in the shell blocks, without comments. */
const commandLines = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = '']) =>
  block
    .trim()
    .split('\n')
    .map((line) => line.replace(/\s+# .*$/, '')),
);

describe('the README', () => {
  it('begins with exactly two commands, and the second is the tests', () => {
    const [first = ''] = /```sh\n[\s\S]*?```/.exec(readme) ?? [];
    expect(first.split('\n').slice(1, -1)).toEqual([
      'npm ci --silent && npm run --silent build && node dist/cli.js scan fixtures/wmi-subscription.xml',
      'npm test',
    ]);
  });
  it.skipIf(!existsSync(join(projectRoot, 'dist', 'cli.js')))('shows what the first command prints', () => {
    const shown = /<!-- printed by: node (.*?) -->\n```\n([\s\S]*?)```/.exec(readme);
    expect(commandLines[0]).toContain(`node ${shown?.[1]}`);
    const { stdout, status } = spawnSync(process.execPath, shown?.[1]?.split(' ') ?? [], { cwd: projectRoot, encoding: 'utf8' });
    expect(status).toBe(0);
    expect(stdout).toBe(shown?.[2]);
  });
  const winnowLines = commandLines.filter((line) => /\bwinnow /.test(line));
  it.each(winnowLines)('has a command that winnow takes: %s', async (line) => {
    const argv = (/\bwinnow (.*?)(?:$| \|)/.exec(line)?.[1] ?? '').split(' ');
    const verbs = commands.map((command) => ({ ...command, run: async () => 0 as const }));
    expect(await runWinnow(argv, { commands: verbs })).toEqual({ code: 0, out: '', err: '' });
  });
  it('links to files that exist', () => {
    const targets = [...readme.matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(2);
    expect(targets.filter((target) => !existsSync(join(projectRoot, target)))).toEqual([]);
  });
});

describe('docs/README.md', () => {
  const index = readFileSync(join(projectRoot, 'docs/README.md'), 'utf8');
  const targets = [...index.matchAll(/\]\(([^)#]+)\)/g)].map(([, target = '']) => target);
  it('names every page', () => {
    const pages = ['.', 'developing'].flatMap((folder) =>
      readdirSync(join(projectRoot, 'docs', folder))
        .filter((name) => name.endsWith('.md'))
        .map((name) => join(folder, name)),
    );
    expect(pages.filter((page) => page !== 'README.md' && !targets.includes(page))).toEqual([]);
  });
  it('links to files that exist', () => {
    expect(targets.filter((target) => !existsSync(join(projectRoot, 'docs', target)))).toEqual([]);
  });
});
