/** What holds for every verb and flag that there is; each flag's own examples are its test. */
import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type Command, EXIT } from '../../src/commands/command.ts';
import { longName } from '../../src/commands/flags/flag.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { renderReference } from '../docs/cli-reference.ts';
import { folderWith } from '../support/folder.ts';
import { runWinnow } from './test-context.ts';

/** The verb with a `run` that hands back what it got. */
function recording(command: Command): { command: Command; flags: () => Readonly<Record<string, unknown>> } {
  let got: Readonly<Record<string, unknown>> = {};
  const recorder: Command = {
    ...command,
    async run(_, args) {
      got = args.flags;
      return EXIT.done;
    },
  };
  return { command: recorder, flags: () => got };
}

const operandsOf = (command: Command) => command.operands.filter((operand) => operand.required).map(() => 'x');

describe.each(commands.map((command) => [command.name, command] as const))('winnow %s', (_, verb) => {
  it('is described', () => {
    expect(verb.summary).toMatch(/^\S.*[^.]$/);
    expect(verb.description).toMatch(/^[A-Z].*\.$/s);
    expect(verb.examples.length).toBeGreaterThan(0);
    for (const { line } of verb.examples) expect(line).toContain('winnow ');
    expect(verb.exitCodes.map(({ code }) => code)).toContain(EXIT.done);
  });
  it('has no flag, alias or letter twice', () => {
    const names = Object.entries(verb.flags).flatMap(([key, flag]) => [longName(key), ...(flag.short ?? []), ...flag.aliases]);
    expect(names).toEqual([...new Set(names)]);
    expect(names).not.toContain('help');
    expect(names).not.toContain('h');
  });
  const flags = Object.entries(verb.flags);
  it.runIf(flags.length > 0).each(flags)('--%s is accepted and refused as it says', async (key, flag) => {
    const { command, flags: got } = recording(verb);
    // Files that `--config` names.
    const cwd = folderWith({ 'winnow.yml': '', '.winnow.yml': '' });
    const run = (...argv: string[]) => runWinnow([command.name, ...operandsOf(command), ...argv], { commands: [command], cwd });
    expect(flag.description).toMatch(/^(?:[A-Z]{2,}|[^A-Z]).*[^.]$/s);
    await run();
    expect(got()[key]).toEqual(flag.fallback);
    const name = `--${longName(key)}`;
    if (flag.kind === 'switch') {
      expect(await run(name)).toEqual({ code: EXIT.done, out: '', err: '' });
      expect(got()[key]).toBe(true);
      return;
    }
    expect(flag.examples.length).toBeGreaterThan(0);
    for (const example of flag.examples) {
      expect(await run(name, example)).toEqual({ code: EXIT.done, out: '', err: '' });
      const value = flag.parse(example);
      expect(got()[key]).toEqual(flag.kind === 'list' ? [value] : value);
    }
    for (const reject of flag.rejects) {
      const { code, err } = await run(name, reject);
      expect([reject, code]).toEqual([reject, EXIT.usage]);
      expect(err).toContain(name);
    }
  });
});

describe('the verbs', () => {
  it('have names and aliases that differ', () => {
    const names = commands.flatMap((command) => [command.name, ...command.aliases]);
    expect(names).toEqual([...new Set(names)]);
  });
  it('are documented in docs/cli.md as they are', async () => {
    await expect(renderReference(commands)).toMatchFileSnapshot('../../docs/cli.md');
  });
});

describe('winnow completion', () => {
  const script = async (shell: string) => (await runWinnow(['completion', shell])).out;
  it('refuses a shell that it does not know', async () => {
    expect(await runWinnow(['completion', 'tcsh'])).toEqual({
      code: 3,
      out: '',
      err: 'winnow: "tcsh" is not a shell that has a script: bash, zsh, fish.\n',
    });
  });
  it('names every flag of every verb', async () => {
    const bash = await script('bash');
    const fish = await script('fish');
    for (const verb of commands) {
      for (const key of Object.keys(verb.flags)) {
        expect(bash).toContain(`--${longName(key)}`);
        expect(fish).toContain(`-l ${longName(key)}`);
      }
    }
  });
  const hasBash = spawnSync('bash', ['--version']).status === 0;
  it.runIf(hasBash)('completes verbs and flags in bash', async () => {
    const complete = (words: readonly string[]) => {
      const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}; _winnow; echo "\${COMPREPLY[@]}"`;
      return spawnSync('bash', ['-c', `${bash}\n${line}`], { encoding: 'utf8' });
    };
    const bash = await script('bash');
    expect(complete(['winnow', 'compl'])).toMatchObject({ stdout: 'completion\n', stderr: '' });
    expect(complete(['winnow', 'completion', '--he'])).toMatchObject({ stdout: '--help\n', stderr: '' });
    expect(complete(['winnow', 'scan', '--level', '=', 'h'])).toMatchObject({ stdout: 'high\n', stderr: '' });
    expect(complete(['winnow', 'scan', '--level', '='])).toMatchObject({ stdout: 'informational low medium high critical\n' });
  });
});
