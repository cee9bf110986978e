/** `winnow lint` as its users see it: files on disk, exit codes, corrections written back. */
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { writeFileAtomically } from '../../src/files/atomic-file.ts';
import { ruleText } from '../../src/lint/examples.ts';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';
import { describeShared, projectRoot, shared } from '../support/shared.ts';

vi.mock('../../src/files/atomic-file.ts', { spy: true });

async function lint(files: Readonly<Record<string, string>>, ...argv: readonly string[]) {
  const folder = folderWith(files);
  return { ...(await runWinnow(['lint', '.', ...argv], { cwd: folder })), folder };
}

const OLD_DATE = ruleText('date: 2026/01/15');

describe('winnow lint', () => {
  it('ends with 0 on rules in order, 1 on errors, 2 on rules that cannot be used, 4 where there are none', async () => {
    const codes = [
      await lint({ 'a.yml': ruleText() }),
      await lint({ 'a.yml': ruleText('id: whoami') }),
      await lint({ 'a.yml': OLD_DATE }),
      await lint({ 'a.yml': ruleText('-title') }),
      await lint({ 'readme.txt': 'x' }),
    ].map((run) => run.code);
    expect(codes).toEqual([0, 0, 1, 2, 4]);
  });

  it('fails from the severity that --fail-on names', async () => {
    const files = { 'a.yml': ruleText('id: whoami') };
    const codes = [];
    for (const severity of ['error', 'warning', 'info', 'never']) codes.push((await lint(files, '--fail-on', severity)).code);
    expect(codes).toEqual([0, 1, 1, 0]);
  });

  it('shows what makes it fail, whatever --severity hides', async () => {
    const run = await lint({ 'a.yml': ruleText('id: whoami') }, '--severity', 'error', '--fail-on', 'warning');
    expect([run.code, run.out]).toEqual([1, expect.stringContaining('warning id-not-uuid')]);
  });

  it('shows place, severity, id, message, remedy and totals', async () => {
    const run = await lint({ 'a.yml': OLD_DATE });
    expect(run.out.replaceAll(/^\S*a\.yml/gm, 'a.yml')).toBe(
      'a.yml:8:7 error date-format: "2026/01/15" in "date" is not a date of the form YYYY-MM-DD.\n' +
        '    Write 2026-01-15.\n' +
        '    --fix can write 2026-01-15.\n' +
        '\n1 error, 0 warnings, 0 notes in 1 rule of 1 file.\n',
    );
  });

  it('corrects with --fix, once and for all', async () => {
    const other = ruleText(
      'title: Quser Execution',
      'id: 7e6d5c4b-3a29-4817-8695-a4b3c2d1e0f9',
      "detection:\n    selection:\n        Image|endswith: '\\quser.exe'\n    condition: selection",
      'tags:\n    - attack.t1033\n    - attack.t1033',
    );
    const run = await lint({ 'a.yml': OLD_DATE, 'b.yml': other }, '--fix');
    expect([run.code, run.out]).toEqual([0, 'No findings in 2 rules of 2 files. 2 corrections made.\n']);
    expect(readFileSync(join(run.folder, 'a.yml'), 'utf8')).toBe(ruleText());
    const again = await runWinnow(['lint', '.', '--fix'], { cwd: run.folder });
    expect(again.out).toBe('No findings in 2 rules of 2 files.\n');
  });

  it('names each value that it removes, and the one that covers it', async () => {
    const list = (...values: readonly string[]) =>
      ruleText(
        `detection:\n    selection:\n        CommandLine|contains:\n${values.map((one) => `            - '${one}'\n`).join('')}    condition: selection`,
      );
    const run = await lint({ 'a.yml': list('whoami', 'quser', 'whoami /priv', 'whoami /all') }, '--fix', '--severity', 'info');
    expect(readFileSync(join(run.folder, 'a.yml'), 'utf8')).toBe(list('whoami', 'quser'));
    expect(run.err.replaceAll(/: \S*(?=a\.yml)/g, ': ')).toBe(
      'winnow lint: a.yml: removed "whoami /priv" of "CommandLine|contains", which "whoami" covers.\n' +
        'winnow lint: a.yml: removed "whoami /all" of "CommandLine|contains", which "whoami" covers.\n',
    );
    expect(run.out).toContain('2 corrections made.');
  });

  it('keeps the line ends of Windows', async () => {
    const crlf = (text: string) => text.replaceAll('\n', '\r\n');
    const run = await lint(
      { 'a.yml': crlf(ruleText('date: 2026/01/15', 'tags:\n    - attack.t1033\n    - attack.t1033')) },
      '--fix',
    );
    expect([run.code, readFileSync(join(run.folder, 'a.yml'), 'utf8')]).toEqual([0, crlf(ruleText('tags:\n    - attack.t1033'))]);
  });

  it('reads UTF-16 and does not rewrite it; says which file is no text', async () => {
    const folder = folderWith({ 'b.yml': ruleText() });
    writeFileSync(join(folder, 'a.yml'), Buffer.from(`\ufeff${OLD_DATE.replace('5c2f1a0e', '6c2f1a0e')}`, 'utf16le'));
    writeFileSync(join(folder, 'c.yml'), Buffer.from([0xff, 0x00, 0xc3, 0x28]));
    const run = await runWinnow(['lint', '.', '--fix', '--format', 'json'], { cwd: folder });
    const { findings, summary } = JSON.parse(run.out);
    expect(findings.map((one: { id: string; file: string }) => [one.file.split('/').at(-1), one.id])).toContainEqual([
      'a.yml',
      'date-format',
    ]);
    expect(findings.map((one: { id: string; file: string }) => [one.file.split('/').at(-1), one.id])).toContainEqual([
      'c.yml',
      'rule/unreadable',
    ]);
    expect([run.code, summary.fixed, readFileSync(join(folder, 'a.yml')).readUInt16LE(0)]).toEqual([2, 0, 0xfeff]);
  });

  it('corrects the file that a link points to, and keeps the link and the mode', async () => {
    const folder = folderWith({ 'real/a.yml': OLD_DATE, 'rules/readme.md': '' });
    chmodSync(join(folder, 'real/a.yml'), 0o640);
    symlinkSync('../real/a.yml', join(folder, 'rules/a.yml'));
    await runWinnow(['lint', 'rules/a.yml', '--fix'], { cwd: folder });
    expect(readFileSync(join(folder, 'real/a.yml'), 'utf8')).toBe(ruleText());
    expect(lstatSync(join(folder, 'rules/a.yml')).isSymbolicLink()).toBe(true);
    expect(statSync(join(folder, 'real/a.yml')).mode & 0o777).toBe(0o640);
  });

  it('writes through no link that stands where a temporary file might', async () => {
    const folder = folderWith({ 'rules/a.yml': OLD_DATE, 'home/profile': '# mine\n' });
    symlinkSync('../home/profile', join(folder, 'rules/a.yml.winnow-fix'));
    const run = await runWinnow(['lint', 'rules', '--fix'], { cwd: folder });
    expect([run.code, readFileSync(join(folder, 'rules/a.yml'), 'utf8')]).toEqual([0, ruleText()]);
    expect(readFileSync(join(folder, 'home/profile'), 'utf8')).toBe('# mine\n');
    expect(readdirSync(join(folder, 'rules')).sort()).toEqual(['a.yml', 'a.yml.winnow-fix']);
  });

  it('does not correct a rule that a link of the folder brings in from outside, and says so', async () => {
    const folder = folderWith({ 'real/a.yml': OLD_DATE, 'rules/b.yml': ruleText() });
    symlinkSync('../real/a.yml', join(folder, 'rules/a.yml'));
    const run = await runWinnow(['lint', 'rules', '--fix'], { cwd: folder });
    expect(readFileSync(join(folder, 'real/a.yml'), 'utf8')).toBe(OLD_DATE);
    expect([run.code, run.out]).toEqual([
      0,
      expect.stringMatching(/rules\/a\.yml warning rule\/link: the link leads out of the folder/),
    ]);
  });

  it('says which file could not be corrected, and goes on', async () => {
    const folder = folderWith({ 'a.yml': OLD_DATE });
    vi.mocked(writeFileAtomically).mockImplementationOnce(() => {
      throw new Error('EROFS: read-only file system');
    });
    const run = await runWinnow(['lint', 'a.yml', '--fix'], { cwd: folder });
    expect([run.code, run.err]).toEqual([
      1,
      expect.stringMatching(/^winnow lint: \S*a\.yml could not be corrected \(EROFS.*\)\.\n$/),
    ]);
    expect(run.out).toContain('1 error');
    expect(run.out).not.toContain('correction');
  });

  it('neither refuses nor touches YAML that is no Sigma rule', async () => {
    const files = {
      'rules/a.yml': ruleText(),
      'rules/config-map.yml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n    name: a\ndata:\n    x: y\n',
      'rules/playbook.yml': '- hosts: all\n',
      'rules/chart.yml': 'name: {{ .Values.name }}\n  x\n',
    };
    const run = await lint(files, '--fix', '--severity', 'info', '--fail-on', 'info');
    expect([run.code, run.out]).toEqual([0, 'No findings in 1 rule of 1 file.\n']);
    expect(run.err).toMatch(
      /^winnow lint: 3 YAML files are no Sigma rules and were passed over: .*chart\.yml, .*playbook\.yml\.\n$/,
    );
    for (const [name, text] of Object.entries(files)) expect(readFileSync(join(run.folder, name), 'utf8')).toBe(text);
    const named = await runWinnow(['lint', 'rules/config-map.yml', '--fix'], { cwd: run.folder });
    expect([named.code, named.out]).toEqual([2, expect.stringContaining('rule/no-detection')]);
    expect(readFileSync(join(run.folder, 'rules/config-map.yml'), 'utf8')).toBe(files['rules/config-map.yml']);
  });

  it('still refuses rules with mistakes: a misspelt or missing part, broken YAML, text beside a rule', async () => {
    const broken = {
      'misspelt.yml': ruleText('-logsource').replace('detection:', 'detections:'),
      'no-parts.yml': 'title: A\nid: 5c2f1a0e-8d3b-4a56-9f7e-2b1c3d4e5f60\nstatus: test\n',
      'yaml.yml': 'title: [A\nlogsource:\n    product: windows\n',
      'two.yml': `${ruleText()}---\njust text\n`,
    };
    for (const [name, text] of Object.entries(broken)) expect([name, (await lint({ [name]: text })).code]).toEqual([name, 2]);
  });

  it('says what could not be read among rules, and lints the rest', async () => {
    const folder = folderWith({ 'rules/a.yml': ruleText() });
    symlinkSync('l2', join(folder, 'rules/l1'));
    symlinkSync('l1', join(folder, 'rules/l2'));
    symlinkSync('nowhere', join(folder, 'rules/gone.yml'));
    const run = await runWinnow(['lint', 'rules'], { cwd: folder });
    expect([run.code, run.out.match(/rule\/link/g)?.length]).toEqual([0, 3]);
    expect(run.out).toContain('in 1 rule of 1 file');
  });

  it('reads .winnow.yml above the working directory, and refuses one that it does not understand', async () => {
    const files = { '.winnow.yml': 'lint:\n    rules:\n        date-format: off\n', 'rules/a.yml': OLD_DATE };
    expect((await lint(files)).code).toBe(0);
    const wrong = await lint({ ...files, '.winnow.yml': 'lint:\n    rules:\n        date-formt: off\n' });
    expect([wrong.code, wrong.err]).toEqual([
      3,
      expect.stringMatching(/\.winnow\.yml:3:9 "date-formt" is no lint rule\. Did you mean "date-format"\?/),
    ]);
  });

  it('knows the log sources and values of the user', async () => {
    const files = {
      'rules/a.yml': ruleText('logsource:\n    product: windows\n    service: my-edr'),
      'sources.yml': 'services:\n    my-edr:\n        channel: My-EDR/Operational\n',
    };
    const without = await lint(files, '--fail-on', 'warning');
    const folder = folderWith(files);
    const run = await runWinnow(['lint', 'rules', '--logsources', 'sources.yml', '--fail-on', 'warning'], { cwd: folder });
    expect([without.code > 0, run.code]).toEqual([true, 0]);
  });
});

describe('the rules that come with winnow', () => {
  it('are clean, notes and all', async () => {
    const run = await runWinnow(['lint', join(projectRoot, 'rules'), '--severity', 'info', '--fail-on', 'info']);
    expect([run.code, run.out]).toEqual([0, expect.stringMatching(/^No findings in \d+ rules of \d+ files\.\n$/)]);
  });
});

describeShared('the rules of SigmaHQ', () => {
  it('that match in recorded logs are never said to be unable to', async () => {
    const hits = ['evtx-attack-samples', 'regression'].flatMap((name) =>
      readFileSync(shared(`corpus/expected/${name}.tsv`), 'utf8')
        .trim()
        .split('\n')
        .slice(1)
        .map((line) => line.split('\t')),
    );
    const paths = [...new Set(hits.map((hit) => hit[4]!))];
    const via4688 = new Set(hits.filter((hit) => hit[5] === '4688').map((hit) => hit[4]!));
    const run = await runWinnow([
      'lint',
      ...paths.map((path) => shared('corpus/sigmahq', path)),
      '--severity',
      'info',
      '--format',
      'json',
    ]);
    const { findings, summary } = JSON.parse(run.out);
    const wrong = findings.filter(
      ({ message, id, file }: { message: string; id: string; file: string }) =>
        message.includes('can never match') ||
        (id === 'source-never-matches' && [...via4688].some((path) => file.endsWith(path))),
    );
    expect(wrong).toEqual([]);
    expect([summary.files > 400, via4688.size > 0]).toEqual([true, true]);
  });

  it('have the five errors that docs/lint-corpus.md settles, within seconds', async () => {
    const started = performance.now();
    const run = await runWinnow(['lint', shared('corpus/sigmahq/rules'), '--format', 'json']);
    // Four seconds on an idle core; the bound is for a machine that does other things as well.
    expect(performance.now() - started).toBeLessThan(45_000);
    const { findings, summary } = JSON.parse(run.out);
    const errors = findings.filter((one: { severity: string }) => one.severity === 'error');
    expect(errors.map((one: { id: string; file: string }) => [one.id, one.file.split('/').at(-1)])).toEqual([
      ['field-not-in-log-source', 'file_event_win_exchange_webshell_drop.yml'],
      ['field-not-in-log-source', 'file_event_win_exchange_webshell_drop_suspicious.yml'],
      ['field-not-in-log-source', 'file_event_win_ntds_dit_uncommon_parent_process.yml'],
      ['field-not-in-log-source', 'net_connection_win_susp_binary_no_cmdline.yml'],
      ['field-not-in-log-source', 'net_connection_win_wuauclt_network_connection.yml'],
    ]);
    expect([run.code, summary.refused, summary.documents]).toEqual([1, 0, 3141]);
  });
});
