/** `winnow rules`: counts, lists, and what the filters and the tuning of a scan would select. */
import { describe, expect, test } from 'vitest';
import { folderWith } from '../support/folder.ts';
import { runWinnow } from './test-context.ts';

const rule = (name: string, level: string, logsource: string): string =>
  `title: ${name}\nid: ${name}-id\nlevel: ${level}\nstatus: test\ntags: [attack.execution, attack.t1059.001]\nlogsource: {${logsource}}\ndetection:\n  s: {Image: '${name}'}\n  condition: s\n`;
const RULES = {
  'rules/a.yml': rule('alpha', 'high', 'product: windows, category: process_creation'),
  'rules/b.yml': rule('beta', 'low', 'product: windows, category: process_creation'),
  'rules/c.yml': rule('gamma', 'low', 'product: linux, category: process_creation'),
  'rules/d.yml':
    'title: both\nid: both-id\nlevel: high\nstatus: test\ncorrelation:\n  type: temporal\n  rules: [alpha-id, beta-id]\n  timespan: 5m\n',
  'rules/e.yml': rule('epsilon', 'low', 'product: windows, category: process_creation').replace('condition: s', 'condition: t'),
  'tuning.yml':
    '- {rule: beta, level: critical, reason: r}\n- {rule: alpha, off: true, reason: r}\n- {rule: omega, off: true, reason: r}\n',
};

describe('winnow rules', () => {
  test('counts rules and says why some are not used', async () => {
    const cwd = folderWith(RULES);
    const { out, err, code } = await runWinnow(['rules', '-r', 'rules'], { cwd });
    expect([code, err]).toEqual([0, '']);
    expect(out).toBe(`3 used of 5 rules in 5 files, 1 refused (winnow lint says why)

level        high 2, low 1
status       test 3
product      windows 2, correlation 1
log source   process_creation 2, correlation 1
tactics      Execution 2
techniques   T1059.001 2
not used     1: product "linux" does not write Windows event logs
             1: refused: rule/unknown-selection
`);
  });

  test('says what the filters select, and lists it', async () => {
    const cwd = folderWith(RULES);
    const filter = ['rules', '-r', 'rules', '--min-level', 'high'];
    expect((await runWinnow(filter, { cwd })).out).toMatch(/^3 used of 5 .*, 2 selected by the filters\n\nlevel {8}high 2\n/);
    const { out } = await runWinnow([...filter, '-f', 'list'], { cwd });
    expect(out.replaceAll(/\S+(?=rules\/)/g, '')).toBe(
      `  level  status  log source        title  id        file
  high   test    process_creation  alpha  alpha-id  rules/a.yml
  high   test    correlation       both   both-id   rules/d.yml
`,
    );
    expect(await runWinnow(['rules', '-r', 'rules', '--rule', 'alhpa'], { cwd })).toMatchObject({
      code: 3,
      err: 'winnow: --rule alhpa: no rule in use fits. Did you mean "alpha"?\n',
    });
  });

  test('has each rule as an object, selected or not, after tuning', async () => {
    const cwd = folderWith(RULES);
    const { out, err } = await runWinnow(['rules', '-r', 'rules', '--tune', 'tuning.yml', '-m', 'high', '-f', 'jsonl'], { cwd });
    const found = out
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(found.map(({ title, level, selected, off, unused }) => [title, level, selected, off, unused])).toEqual([
      ['alpha', 'high', false, true, null],
      ['beta', 'critical', true, false, null],
      ['gamma', 'low', false, false, 'product "linux" does not write Windows event logs'],
      ['both', 'high', true, false, null],
    ]);
    expect(err).toContain('tuning.yml:3:3 warning tune/no-rule: rule "omega" names no rule in use.');
  });

  test('makes a layer for the Navigator', async () => {
    const { out } = await runWinnow(['rules', '-r', 'rules', '-f', 'navigator'], { cwd: folderWith(RULES) });
    const layer = JSON.parse(out);
    expect(
      layer.techniques.map(({ techniqueID, score }: { techniqueID: string; score?: number }) => [techniqueID, score]),
    ).toEqual([
      ['T1059', undefined],
      ['T1059.001', 2],
    ]);
  });

  test('without rules says that there are few, and where there are more', async () => {
    const { out } = await runWinnow(['rules'], { cwd: folderWith({}) });
    expect(out).toContain('8 used of 8 rules');
    expect(out).toContain('These are the rules that come with winnow');
    expect(out).toContain('https://github.com/SigmaHQ/sigma/releases/latest/download/sigma_all_rules.zip');
  });

  test('takes the rules of the project file', async () => {
    const cwd = folderWith({ ...RULES, 'winnow.yml': 'rules: rules\n' });
    const { out, err } = await runWinnow(['rules'], { cwd });
    expect(out).toMatch(/^3 used of 5/);
    expect(err).toBe('winnow: settings: winnow.yml (rules)\n');
  });
});
