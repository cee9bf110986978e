/** What users copy from `docs/ci.md`, `action.yml` and `.pre-commit-hooks.yaml` works with the verbs as they are. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { runWinnow } from '../cli/test-context.ts';
import { projectRoot } from '../support/shared.ts';
import { folderWith } from '../testing/support.ts';

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly steps: readonly { readonly env: Readonly<Record<string, string>>; readonly run: string }[] };
}

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const action = load(read('action.yml')) as Action;

/** The verbs, accepting their arguments and doing nothing. */
const idle: readonly Command[] = commands.map((command) => ({ ...command, run: async () => 0 as const }));

async function accepts(line: string): Promise<string> {
  const { err } = await runWinnow(line.trim().split(/\s+/), { commands: idle });
  return err;
}

describe('docs/ci.md', () => {
  const text = read('docs/ci.md');

  it('has YAML that is YAML, and every input of the action', () => {
    const blocks = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map((match) => match[1]!);
    expect(blocks.length).toBeGreaterThan(3);
    for (const block of blocks) expect(() => loadAll(block)).not.toThrow();
    for (const input of Object.keys(action.inputs)) expect(text).toContain(`\`${input}\``);
  });

  it('has commands that are accepted', async () => {
    const lines = [...text.matchAll(/(?:^|\swinnow@\S+\s|`)winnow ((?:lint|test|explain) [^`\n]*)/gm)].map((match) => match[1]!);
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines) expect([line, await accepts(line)]).toEqual([line, '']);
  });

  it('has hooks that exist, with arguments that are accepted', async () => {
    const config = [...text.matchAll(/```yaml\n(repos:[\s\S]*?)```/g)][0]![1]!;
    const hooks = load(read('.pre-commit-hooks.yaml')) as { id: string; entry: string; args: string[] }[];
    const used = (load(config) as { repos: { hooks: { id: string; args: string[] }[] }[] }).repos.flatMap((repo) => repo.hooks);
    for (const { id, args } of used) {
      const hook = hooks.find((one) => one.id === id);
      expect([id, await accepts([hook!.entry.replace('winnow ', ''), ...args].join(' '))]).toEqual([id, '']);
    }
    expect(used.map((one) => one.id).sort()).toEqual(hooks.map((one) => one.id).sort());
  });
});

describe.skipIf(process.platform === 'win32')('action.yml', () => {
  /** Runs a step with a `npx` that writes down its arguments. */
  function step(index: number, inputs: Readonly<Record<string, string>>): readonly string[] {
    const folder = folderWith({ npx: '#!/bin/sh\nfor a in "$@"; do printf "[%s]" "$a"; done\nprintf "\\n"\n' });
    chmodSync(join(folder, 'npx'), 0o755);
    const { env, run } = action.runs.steps[index]!;
    const values = Object.fromEntries(
      Object.entries(env).map(([name, expression]) => {
        const input = /inputs\.([\w-]+)/.exec(expression)![1]!;
        return [name, inputs[input] ?? action.inputs[input]!.default];
      }),
    );
    const { stdout, status, stderr } = spawnSync('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', run], {
      env: { ...values, PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    return stdout.trimEnd().split('\n');
  }

  it('lints and tests with what it was given, whatever characters that has', () => {
    expect(step(0, {})).toEqual([
      '[--yes][--package][sigma-winnow@latest][winnow][lint][--fail-on][error][--format][github][--][rules]',
    ]);
    const hostile = 'my rules; $(touch /tmp/x)\n\nmore';
    expect(step(0, { rules: hostile, sarif: 'a b.sarif', sigmahq: 'true' }).at(-1)).toBe(
      '[--yes][--package][sigma-winnow@latest][winnow][lint][--fail-on][error][--sigmahq][--format][github][--][my rules; $(touch /tmp/x)][more]',
    );
    expect(step(1, { baseline: 'good', 'max-hits': '2' })).toEqual([
      '[--yes][--package][sigma-winnow@latest][winnow][test][--baseline][good][--max-hits][2][--format][github][--][rules]',
    ]);
  });

  it('calls the verbs with arguments that they accept', async () => {
    const lines = [
      ...step(0, { sarif: 'x.sarif', config: 'c.yml', sigmahq: 'true' }),
      ...step(1, { junit: 'x.xml', baseline: 'good' }),
    ];
    expect(lines).toHaveLength(4);
    for (const line of lines) {
      const argv = line.slice(1, -1).split('][').slice(4);
      expect([line, await accepts(argv.join(' '))]).toEqual([line, '']);
    }
  });
});
