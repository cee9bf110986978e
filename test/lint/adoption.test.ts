/** How a team with a grown repository takes `winnow lint` in: what is known stays quiet, what is new does not. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { correlationText, detection, ruleText } from '../../src/lint/examples.ts';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';

const OTHER = ruleText(
  'title: Quser Execution',
  'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9',
  detection("selection:\n    Image|endswith: '\\quser.exe'\ncondition: selection"),
);
const LEGACY = {
  'rules/date.yml': ruleText('date: 2026/01/15'),
  'rules/refused.yml': OTHER.replace('condition: selection', 'condition: selections'),
  'rules/twins.yml': `${ruleText('id: 11111111-3a29-4817-8695-a4b3c2d1e0f9', 'title: Twin One')}`,
};

const lint = async (cwd: string, ...argv: readonly string[]) => await runWinnow(['lint', ...argv], { cwd });
const ids = (out: string) => [...out.matchAll(/^\S+:\d+:\d+ \w+ (\S+):/gm)].map((match) => match[1]);

describe('a baseline', () => {
  it('takes what is there as known, refused rules too; one new fault is shown alone and fails', async () => {
    const folder = folderWith(LEGACY);
    const before = await lint(folder, 'rules');
    expect([before.code, ids(before.out).sort()]).toEqual([2, ['date-format', 'duplicate-rule', 'rule/unknown-selection']]);
    const update = await lint(folder, 'rules', '--update-baseline');
    expect([update.code, update.out, update.err]).toEqual([0, '', 'winnow lint: .winnow-baseline.json knows 3 findings.\n']);
    const after = await lint(folder, 'rules');
    expect([after.code, after.out]).toEqual([0, 'No findings in 3 rules of 3 files. 3 in the baseline.\n']);
    writeFileSync(
      join(folder, 'rules/new.yml'),
      OTHER.replace('7e6d', '8e6d').replace('2026-01-15', '2026/02/01').replace('quser', 'query'),
    );
    const again = await lint(folder, 'rules');
    expect([again.code, ids(again.out)]).toEqual([1, ['date-format', 'duplicate-title']]);
  });

  it('keeps quiet when lines move and when the file does', async () => {
    const folder = folderWith(LEGACY);
    await lint(folder, 'rules', '--update-baseline');
    mkdirSync(join(folder, 'rules/moved'));
    for (const name of ['date', 'refused', 'twins']) {
      const path = join(folder, `rules/${name}.yml`);
      writeFileSync(path, `# a comment\n\n${readFileSync(path, 'utf8')}`);
      renameSync(path, join(folder, `rules/moved/${name}.yml`));
    }
    expect((await lint(folder, 'rules')).out).toBe('No findings in 3 rules of 3 files. 3 in the baseline.\n');
  });

  it('knows how many findings are alike', async () => {
    const tags = (count: number) => ruleText(`tags:\n${'    - attack.t1033\n'.repeat(count).trimEnd()}`);
    const folder = folderWith({ 'a.yml': tags(2) });
    await lint(folder, '.', '--update-baseline', '--baseline', 'known.json');
    writeFileSync(join(folder, 'a.yml'), tags(3));
    const run = await lint(folder, '.', '--baseline', 'known.json', '--fail-on', 'warning');
    expect([run.code, ids(run.out), run.out]).toEqual([1, ['duplicate-tag'], expect.stringContaining('1 in the baseline')]);
  });

  it('that cannot be read, or is none, is an error of use', async () => {
    const folder = folderWith({
      'a.yml': ruleText(),
      'b.json': '{"kind":"winnow-lint-baseline","version":1,"findings":[{"rule":1}]}',
    });
    const runs = [
      await lint(folder, '.', '--baseline', 'none.json'),
      await lint(folder, '.', '--baseline', 'a.yml'),
      await lint(folder, '.', '--baseline', 'b.json'),
    ];
    expect(runs.map(({ code, err }) => [code, err.split('\n')[0]])).toEqual([
      [3, expect.stringContaining('the baseline none.json cannot be read')],
      [3, expect.stringContaining('a.yml is no baseline of lint')],
      [3, expect.stringContaining('entry 0 of "findings" needs "rule"')],
    ]);
  });
});

describe('what is left out', () => {
  it('--exclude and the configuration keep files from being read, and their number is said', async () => {
    const folder = folderWith({
      ...LEGACY,
      'rules/vendor/x.yml': 'title: [',
      'winnow.yml': "lint:\n    exclude: ['rules/refused.yml']\n",
    });
    const run = await lint(folder, 'rules', '--exclude', '**/vendor/**', '--exclude', 'twins.yml');
    expect([run.code, ids(run.out), run.err]).toEqual([
      1,
      ['date-format'],
      'winnow lint: 3 rule files were left out (exclude).\n',
    ]);
  });

  it('an entry of the configuration leaves refused rules out as well, and --fail-on never fails never', async () => {
    const folder = folderWith({ 'a/refused.yml': LEGACY['rules/refused.yml'], 'b.yml': ruleText() });
    expect((await lint(folder, '.')).code).toBe(2);
    expect((await lint(folder, '.', '--fail-on', 'never')).code).toBe(0);
    writeFileSync(join(folder, '.winnow.yml'), "lint:\n    ignore:\n        - paths: ['a/**']\n");
    const run = await lint(folder, '.');
    expect([run.code, run.out]).toEqual([0, 'No findings in 2 rules of 2 files. 1 suppressed.\n']);
  });
});

describe('--changed', () => {
  function repository(files: Readonly<Record<string, string>>): string {
    const folder = folderWith(files);
    const git = (...args: readonly string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: folder, stdio: 'pipe' });
    git('init', '-q', '-b', 'main');
    git('add', '.');
    git('commit', '-qm', 'first');
    return folder;
  }

  it('lints what was changed or is new, and nothing else', async () => {
    const folder = repository({ ...LEGACY, 'rules/fine.yml': OTHER });
    expect(await lint(folder, '--changed', 'rules')).toMatchObject({
      code: 0,
      out: expect.stringContaining('in 0 rules of 0 files'),
    });
    writeFileSync(join(folder, 'rules/fine.yml'), OTHER.replace('2026-01-15', '2026/01/15'));
    writeFileSync(join(folder, 'rules/new.yml'), ruleText('id: new', 'title: New Rule'));
    for (const argv of [
      ['--changed', 'rules'],
      ['rules', '--changed'],
      ['--changed', 'main', 'rules'],
    ]) {
      const run = await lint(folder, ...argv);
      expect([run.code, ids(run.out).sort()]).toEqual([1, ['date-format', 'id-not-uuid']]);
    }
  });

  it('reads what a changed correlation refers to', async () => {
    const [base, correlation] = correlationText().split('---\n');
    const folder = repository({ 'rules/base.yml': base!, 'rules/c.yml': correlation! });
    writeFileSync(join(folder, 'rules/c.yml'), correlation!.replace('gte: 5', 'gte: 6'));
    expect(await lint(folder, 'rules', '--changed')).toMatchObject({ code: 0, out: 'No findings in 1 rule of 1 file.\n' });
  });

  it('says what git says against it', async () => {
    const folder = repository({ 'a.yml': OTHER });
    const run = await lint(folder, '.', '--changed', 'no-such-branch');
    expect([run.code, run.err]).toEqual([3, expect.stringContaining('--changed needs git: fatal:')]);
  });
});

describe('one rule of many', () => {
  const [base, correlation] = correlationText().split('---\n');

  it('finds what it refers to with -r, and says nothing about that', async () => {
    const folder = folderWith({ 'c.yml': correlation!, 'all/base.yml': base!.replace('2026-01-15', '2026/01/15') });
    expect(ids((await lint(folder, 'c.yml')).out)).toEqual(['rule/unknown-rule']);
    expect(await lint(folder, 'c.yml', '-r', 'all')).toMatchObject({ code: 0, out: 'No findings in 1 rule of 1 file.\n' });
  });

  it('is held against the others: what they have already is said of it', async () => {
    const folder = folderWith({ 'new.yml': ruleText(), 'all/old.yml': ruleText() });
    const run = await lint(folder, 'new.yml', '-r', 'all');
    expect([run.code, ids(run.out).sort()]).toEqual([1, ['duplicate-id', 'duplicate-rule', 'duplicate-title']]);
    expect(run.out).not.toMatch(/^all/m);
  });

  it('comes from standard input under the path that --stdin-path says', async () => {
    const folder = folderWith({});
    const argv = ['lint', '-', '--stdin-path', 'rules/a.yml'];
    const run = await runWinnow(argv, { cwd: folder, stdin: ruleText('date: 2026/01/15') });
    expect([run.code, run.out.split(' ')[0]]).toEqual([1, 'rules/a.yml:8:7']);
    expect((await runWinnow([...argv, '--fix'], { cwd: folder, stdin: '' })).code).toBe(3);
    expect((await runWinnow([...argv, 'other.yml'], { cwd: folder, stdin: '' })).code).toBe(3);
  });
});

describe('help about findings', () => {
  it('--list names all, --explain shows one of lint or of the parser', async () => {
    const list = await lint('.', '--list');
    expect(list.out).toMatch(/^all-of-them +note +/m);
    expect(list.out).toMatch(/^rule\/unknown-modifier +error +For example: "contians" is not a modifier/m);
    const own = await lint('.', '--explain', 'contradiction');
    expect([own.code, own.out]).toEqual([0, expect.stringMatching(/^contradiction \(error\)\n[\s\S]*Avoid:[\s\S]*Write:/)]);
    expect((await lint('.', '--explain', 'rule/regex')).out).toContain("CommandLine|re: 'whoami('");
    expect(await lint('.', '--explain', 'contradicton')).toMatchObject({
      code: 3,
      err: expect.stringContaining('Did you mean "contradiction"?'),
    });
  });

  it('without operands asks for some', async () => {
    expect(await lint('.')).toMatchObject({ code: 3, err: expect.stringContaining('name the rules to lint') });
  });
});
