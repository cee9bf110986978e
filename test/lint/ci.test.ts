/** What users copy from `docs/ci.md`, `action.yml` and `.pre-commit-hooks.yaml` works with the verbs as they are. */
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { load, loadAll } from 'js-yaml';
import { describe, expect, it } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

interface Step {
  readonly env: Readonly<Record<string, string>>;
  readonly run: string;
}

interface Action {
  readonly inputs: Readonly<Record<string, { readonly description: string; readonly default: string }>>;
  readonly runs: { readonly steps: readonly Step[] };
}

const read = (path: string): string => readFileSync(join(projectRoot, path), 'utf8');
const action = load(read('action.yml')) as Action;

/** The verbs, accepting their arguments and doing nothing. */
const idle: readonly Command[] = commands.map((command) => ({ ...command, run: async () => 0 as const }));

async function accepts(line: string): Promise<string> {
  // The configuration that a line names.
  const cwd = folderWith({ 'c.yml': '' });
  const { err } = await runWinnow(line.trim().split(/\s+/), { commands: idle, cwd });
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
    const lines = [
      ...text.matchAll(/(?:^\s*|`)(?:- run: \.winnow\/scripts\/from-checkout\.sh|winnow) ((?:lint|test|explain) [^`\n]*)/gm),
    ].map((match) => match[1]!);
    expect(lines.length).toBeGreaterThan(6);
    for (const line of lines) expect([line, await accepts(line)]).toEqual([line, '']);
  });

  it('has hooks that exist, with arguments that are accepted', async () => {
    const config = [...text.matchAll(/```yaml\n(repos:[\s\S]*?)```/g)][0]![1]!;
    const hooks = load(read('.pre-commit-hooks.yaml')) as { id: string; entry: string; args: string[] }[];
    const used = (load(config) as { repos: { hooks: { id: string; args: string[] }[] }[] }).repos.flatMap((repo) => repo.hooks);
    for (const { id, args } of used) {
      const hook = hooks.find((one) => one.id === id);
      expect([id, await accepts([hook!.entry.replace('scripts/from-checkout.sh ', ''), ...args].join(' '))]).toEqual([id, '']);
    }
    expect(used.map((one) => one.id).sort()).toEqual(hooks.map((one) => one.id).sort());
  });
});

describe.skipIf(process.platform === 'win32')('action.yml', () => {
  const [lint, test] = action.runs.steps;
  const print = 'console.log("[" + process.argv.slice(2).join("][") + "]");\n';

  /** A checkout, built if it has a `dist`, beside an `npm` that writes down its arguments. */
  function checkout(files: Record<string, string>): string {
    const script = 'scripts/from-checkout.sh';
    const folder = folderWith({
      npm: '#!/bin/sh\nmkdir -p dist\ntouch dist/cli.js\necho "$(pwd)" "$@"\n',
      ...files,
      [script]: read(script),
    });
    for (const path of ['npm', script]) chmodSync(join(folder, path), 0o755);
    return folder;
  }

  function bash(folder: string, env: Record<string, string>, ...argv: string[]) {
    const { stdout, status, stderr } = spawnSync('bash', argv, {
      env: { ...env, PATH: `${folder}:${process.env.PATH}` },
      encoding: 'utf8',
    });
    return { stdout, status, stderr };
  }

  /** Runs a step as the runner does. */
  function step({ env, run }: Step, inputs: Readonly<Record<string, string>>): readonly string[] {
    const folder = checkout({ 'dist/cli.js': print });
    const values = Object.fromEntries(
      Object.entries(env).map(([name, expression]) => {
        const input = /inputs\.([\w-]+)/.exec(expression)?.[1];
        if (input === undefined) expect(`${name}: ${expression}`).toMatch(/^ACTION_PATH: \$\{\{ github\.action_path \}\}$/);
        return [name, input === undefined ? folder : (inputs[input] ?? action.inputs[input]!.default)];
      }),
    );
    const { stdout, status, stderr } = bash(folder, values, '--noprofile', '--norc', '-eo', 'pipefail', '-c', run);
    expect([status, stderr]).toEqual([0, '']);
    return stdout.trimEnd().split('\n');
  }

  it('builds the code of its own revision, once, and runs no published package, as the hooks of pre-commit do', () => {
    const folder = checkout({});
    const run = () => bash(folder, {}, join(folder, 'scripts', 'from-checkout.sh'), 'lint');
    expect(run()).toEqual({
      status: 0,
      stdout: '',
      stderr: `${folder} ci --include=dev --ignore-scripts --no-audit --no-fund\n${folder} run --silent build\n`,
    });
    expect(run()).toEqual({ status: 0, stdout: '', stderr: '' });
    for (const path of ['action.yml', '.pre-commit-hooks.yaml', 'scripts/from-checkout.sh'])
      expect(read(path)).not.toMatch(/npx|npm install|sigma-winnow/);
  });

  it('lints and tests with what it was given, whatever characters that has', () => {
    expect(step(lint!, {})).toEqual(['[lint][--fail-on][error][--format][github][--][rules]']);
    const hostile = 'my rules; $(touch /tmp/x)\n\nmore';
    expect(step(lint!, { rules: hostile, sarif: 'a b.sarif', sigmahq: 'true' }).at(-1)).toBe(
      '[lint][--fail-on][error][--sigmahq][--format][github][--][my rules; $(touch /tmp/x)][more]',
    );
    expect(step(test!, { baseline: 'good', 'max-hits': '2' })).toEqual([
      '[test][--pass-with-no-tests][--baseline][good][--max-hits][2][--format][github][--][rules]',
    ]);
  });

  it('calls the verbs with arguments that they accept', async () => {
    const lines = [
      ...step(lint!, { sarif: 'x.sarif', config: 'c.yml', sigmahq: 'true' }),
      ...step(test!, { junit: 'x.xml', baseline: 'good' }),
    ];
    expect(lines).toHaveLength(4);
    for (const line of lines) expect([line, await accepts(line.slice(1, -1).split('][').join(' '))]).toEqual([line, '']);
  });
});
