/** Project file, user's file, WINNOW_RULES: which counts, what it may set, and that a folder of evidence sets nothing. */
import { chownSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { getuid } from 'node:process';
import { describe, expect, test } from 'vitest';
import type { Command } from '../../src/commands/command.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { SECTIONS } from '../../src/project/project-file.ts';
import { folderWith } from '../support/folder.ts';
import { runWinnow, type TestWorld } from './test-context.ts';

/** `winnow ARGV` whose verb does nothing but keep its flags. */
async function flagsOf(argv: readonly string[], world: TestWorld) {
  let got: Readonly<Record<string, unknown>> = {};
  const quiet = commands.map(
    (verb): Command => ({
      ...verb,
      run: async (_, { flags }) => {
        got = flags;
        return 0;
      },
    }),
  );
  const { code, err } = await runWinnow(argv, { commands: quiet, ...world });
  return { flags: got, code, err };
}

const summaryOf = (lines: string) => JSON.parse(lines.trim().split('\n').at(-1)!);

const FILE =
  'rules: [rules, ../more]\ntune: tuning.yml\nscan:\n  min-level: medium\n  full: true\n  exclude-tag: [attack.discovery]\n';

describe('a project file', () => {
  test('gives defaults; what is given on the command line replaces them', async () => {
    const cwd = folderWith({ 'winnow.yml': FILE, 'logs/a.evtx': '' });
    const { flags, err, code } = await flagsOf(['scan', 'logs', '--exclude-tag', 'x'], { cwd });
    expect([code, err]).toEqual([0, '']);
    expect(flags).toMatchObject({
      rules: ['rules', '../more'],
      tune: ['tuning.yml'],
      minLevel: 'medium',
      full: true,
      brief: false,
      excludeTag: ['x'],
      lookback: { text: '9m' },
    });
    expect((await flagsOf(['scan', 'logs', '--no-config'], { cwd })).flags).toMatchObject({ rules: [], minLevel: null });
    const other = folderWith({ 'my.yml': 'rules: x\n' });
    expect((await flagsOf(['scan', 'logs', '--config', join(other, 'my.yml')], { cwd })).flags).toMatchObject({
      rules: [expect.stringMatching(/my|x$/)],
      minLevel: null,
    });
  });

  test('names paths relative to itself, and is found above in the repository, nowhere else', async () => {
    const folder = folderWith({
      'winnow.yml': 'rules: wrong\n',
      'repo/.git/HEAD': '',
      'repo/winnow.yml': 'rules: rules\n',
      'repo/a/b/x': '',
      'plain/a/x': '',
    });
    const rules = async (cwd: string) => (await flagsOf(['scan', 'elsewhere'], { cwd: join(folder, cwd) })).flags.rules;
    expect(await rules('repo/a/b')).toEqual(['../../rules']);
    expect(await rules('repo/a')).toEqual(['../rules']);
    expect(await rules('plain/a')).toEqual([]);
  });

  test('counts before the file of the user, and that before WINNOW_RULES, flag by flag', async () => {
    const folder = folderWith({
      'work/winnow.yml': 'scan: {min-level: high}\n',
      'home/winnow/winnow.yml': 'rules: mine\nscan: {min-level: low, quiet: true}\n',
    });
    const env = { XDG_CONFIG_HOME: join(folder, 'home'), WINNOW_RULES: ['a', 'b'].join(delimiter) };
    const cwd = join(folder, 'work');
    expect((await flagsOf(['scan', 'logs'], { cwd, env })).flags).toMatchObject({
      rules: [join(folder, 'home/winnow/mine')],
      minLevel: 'high',
      quiet: true,
    });
    const { WINNOW_RULES } = env;
    expect((await flagsOf(['scan', 'logs'], { cwd, env: { WINNOW_RULES } })).flags.rules).toEqual(['a', 'b']);
    expect((await flagsOf(['scan', 'logs', '-r', 'c'], { cwd, env })).flags.rules).toEqual(['c']);
    // What a check says must not depend on who runs it.
    expect((await flagsOf(['lint', '.'], { cwd, env })).flags.rules).toEqual([]);
  });

  test('colour on the command line decides against no colour in the file', async () => {
    const cwd = folderWith({ 'winnow.yml': 'search: {no-color: true}\n' });
    expect((await flagsOf(['search', 'x', 'logs'], { cwd })).flags).toMatchObject({ color: false, noColor: true });
    expect((await flagsOf(['search', 'x', 'logs', '--color'], { cwd })).flags).toMatchObject({ color: true, noColor: false });
  });

  test('is refused with the place of each fault', async () => {
    const cwd = folderWith({
      'winnow.yml': 'scan:\n  min-levl: high\n  output: report.html\n  level: hihg\n  full: perhaps\n  threads: [1, 2]\n',
      'typo/winnow.yml': 'ruls: x\nscan: {}\n',
      'flat/winnow.yml': 'min-level: high\n',
      'yaml/winnow.yml': 'scan: [\n',
    });
    expect(await flagsOf(['scan', 'logs'], { cwd })).toMatchObject({
      code: 3,
      err: [
        'winnow: winnow.yml:2:3 error project/entry: "min-levl" is no flag of scan. Did you mean "min-level"?',
        'winnow.yml:3:3 error project/entry: "output" belongs to one run. Give it on the command line.',
        'winnow.yml:4:3 error project/entry: "level": "hihg" is no such value. Use one of: informational or info, low, medium or med, high, critical or crit.',
        'winnow.yml:5:3 error project/entry: "full" must be true or false.',
        'winnow.yml:6:3 error project/entry: "threads" takes one value.',
        '',
      ].join('\n'),
    });
    const typo = await flagsOf(['scan', 'logs'], { cwd: join(cwd, 'typo') });
    expect(typo).toMatchObject({
      code: 3,
      err: expect.stringContaining('winnow.yml:1:1 error project/entry: "ruls" is no key here. Did you mean "rules"?'),
    });
    const flat = await flagsOf(['scan', 'logs'], { cwd: join(cwd, 'flat') });
    expect(flat).toMatchObject({ code: 3, err: expect.stringContaining('Flags stand below the name of their verb: "scan: {') });
    expect(await flagsOf(['scan', 'logs'], { cwd: join(cwd, 'yaml') })).toMatchObject({ code: 3 });
  });

  test('has sections for the verbs that take settings', () => {
    const taking = commands.filter(({ settings }) => settings !== undefined).map(({ name }) => name);
    expect([...SECTIONS, 'rules'].sort()).toEqual([...taking].sort());
    for (const { flags, settings } of commands) expect(settings === undefined || flags.config !== undefined).toBe(true);
  });

  test('of lint alone, in its older form, sets no flags', async () => {
    const cwd = folderWith({ '.winnow.yml': 'rules: {covered-value: off}\nconventions: sigmahq\n' });
    expect(await flagsOf(['scan', 'logs'], { cwd })).toMatchObject({ code: 0, flags: { rules: [] } });
  });

  test('may have defaults of lint beside its settings', async () => {
    const cwd = folderWith({
      'winnow.yml': 'rules: rules\nlint:\n  rules: {date-missing: off}\n  fail-on: info\n',
      'rules/a.yml':
        'title: Something\nid: 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60\nlogsource: {product: windows, category: process_creation}\ndetection:\n  s: {Image: a.exe}\n  condition: s\n',
    });
    const { out, err, code } = await runWinnow(['lint', 'rules'], { cwd });
    expect([code, err]).toEqual([1, 'winnow: settings: winnow.yml (fail-on)\n']);
    expect([out.includes('level-missing'), out.includes('date-missing')]).toEqual([true, false]);
  });
});

describe('a project file in evidence', () => {
  const SILENT = 'tune: all-off.yml\nscan: {min-level: critical}\n';
  const passedOver =
    'winnow.yml warning project/not-used: the project file is not used: it lies in a folder of logs that are read. If it is yours, name it: --config winnow.yml';

  test('is not used from a folder of logs, whatever the working directory is, and is said', async () => {
    const folder = folderWith({ 'case/winnow.yml': SILENT, 'case/logs/.winnow.yml': SILENT, 'case/logs/a.evtx': '' });
    const cases: readonly [string, string][] = [
      ['.', 'case'],
      ['case/logs', '.'],
      ['case', '.'],
      ['case', 'logs/..'],
      ['case/logs', 'a.evtx'],
      ['case/logs', '../logs'],
    ];
    for (const [cwd, path] of cases)
      expect((await flagsOf(['scan', path], { cwd: join(folder, cwd) })).flags).toMatchObject({ tune: [], minLevel: null });
    const fixture = join(import.meta.dirname, '../../fixtures/wmi-subscription.xml');
    const { out } = await runWinnow(['scan', '.', fixture, '-f', 'jsonl', '--no-cache'], { cwd: join(folder, 'case') });
    expect(summaryOf(out).settings).toBeUndefined();
    expect(JSON.stringify(summaryOf(out).diagnostics)).toContain('project/not-used');
    const { err } = await flagsOf(['dump', '.'], { cwd: join(folder, 'case') });
    expect(err).toBe(`winnow: ${passedOver}\n`);
    // The user may say that it is his.
    expect((await flagsOf(['scan', '.', '--config', 'winnow.yml'], { cwd: join(folder, 'case') })).flags.minLevel).toBe(
      'critical',
    );
  });

  test('is passed over for one above that is not in the logs', async () => {
    const folder = folderWith({ '.git/HEAD': '', 'winnow.yml': 'scan: {full: true}\n', 'logs/winnow.yml': SILENT });
    const { flags } = await flagsOf(['scan', '.'], { cwd: join(folder, 'logs') });
    expect(flags).toMatchObject({ full: true, minLevel: null });
  });

  test.skipIf(getuid?.() !== 0)('is not used when it belongs to somebody else', async () => {
    const cwd = folderWith({ 'winnow.yml': SILENT });
    chownSync(join(cwd, 'winnow.yml'), 4242, 4242);
    const { flags, err } = await flagsOf(['dump', 'logs'], { cwd });
    expect([flags.minLevel, err]).toEqual([undefined, expect.stringContaining('it, or its folder, belongs to another user')]);
  });
});

test('the report says what was set and by which file, on stderr where the format does not', async () => {
  const cwd = folderWith({ 'winnow.yml': 'scan: {min-level: high, no-cache: true}\n' });
  const fixture = join(import.meta.dirname, '../../fixtures/wmi-subscription.xml');
  const { out } = await runWinnow(['scan', fixture, '--brief', '-q'], { cwd });
  expect(out).toContain('settings  winnow.yml (min-level, no-cache)\n');
  const json = await runWinnow(['scan', fixture, '-f', 'jsonl', '-q'], { cwd });
  expect(summaryOf(json.out).settings).toEqual(['winnow.yml (min-level, no-cache)']);
  const csv = await runWinnow(['scan', fixture, '-f', 'csv'], { cwd });
  expect(csv.err).toContain('winnow: settings: winnow.yml (min-level, no-cache)\n');
  const refused = await runWinnow(['scan', fixture, '-o', 'winnow.yml', '--force', '-f', 'csv'], { cwd });
  expect(refused).toMatchObject({ code: 3, err: expect.stringContaining('winnow.yml') });
});

test('winnow config prints what counts and from where', async () => {
  const folder = folderWith({
    'work/winnow.yml': FILE,
    'work/logs/a.evtx': '',
    'home/winnow/winnow.yml': 'scan: {min-level: low, threads: 1}\n',
  });
  const world = { cwd: join(folder, 'work'), env: { XDG_CONFIG_HOME: join(folder, 'home'), WINNOW_RULES: 'x' } };
  const { out, code } = await runWinnow(['config', 'scan', 'logs'], world);
  expect(code).toBe(0);
  expect(out.replaceAll(folder, '')).toBe(`project file   /work/winnow.yml
user's file    /home/winnow/winnow.yml
WINNOW_RULES   x

scan
  rules              rules, ../more   (winnow.yml:1)
  tune               tuning.yml   (winnow.yml:2)
  min-level          medium   (winnow.yml:4)
  full               true   (winnow.yml:5)
  exclude-tag        attack.discovery   (winnow.yml:6)
  threads            1   (/home/winnow/winnow.yml:1)
`);
  const json = JSON.parse((await runWinnow(['config', 'scan', 'logs', '--json'], world)).out);
  expect(json.verbs).toHaveLength(1);
  expect(json.verbs[0].set[2]).toEqual({ flag: 'min-level', value: 'medium', source: 'winnow.yml', line: 4 });
  expect(json.verbs[0].builtIn).toContainEqual({ flag: 'lookback', value: '9m' });
  expect((await runWinnow(['config', 'scan', '.'], world)).out).toContain('project/not-used');
  expect(await runWinnow(['config', 'scna'], world)).toMatchObject({
    code: 3,
    err: expect.stringContaining('Did you mean "scan"?'),
  });
});
