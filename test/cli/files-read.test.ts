/** Whatever `--force` says: evidence, rules and configuration are never replaced by a report. */
import { copyFileSync, linkSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { folderWith } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';
import { runWinnow } from './test-context.ts';

let folder = '';
beforeEach(() => {
  folder = folderWith();
  mkdirSync(join(folder, 'logs'));
  mkdirSync(join(folder, 'rules'));
  copyFileSync(join(projectRoot, 'fixtures', 'wmi-subscription.jsonl'), join(folder, 'logs', 'log.jsonl'));
  copyFileSync(join(projectRoot, 'rules', 'wmi_filter_bound.yml'), join(folder, 'rules', 'r.yml'));
  writeFileSync(
    join(folder, 'rules', 'r.test.yml'),
    'rule: r.yml\ntests:\n  - name: a log\n    log: ../logs/log.jsonl\n    match: true\n',
  );
  writeFileSync(join(folder, 'values.yml'), 'Administrators: [adm]\n');
  writeFileSync(join(folder, 'logsources.yml'), 'services: {}\n');
  writeFileSync(join(folder, 'config.yml'), 'disable: []\n');
  // As it arrives from a damaged disk.
  writeFileSync(join(folder, 'logs', 'Security.evtx'), 'no event log any more');
  writeFileSync(join(folder, 'logs', 'notes.txt'), 'notes');
  symlinkSync('log.jsonl', join(folder, 'logs', 'link.jsonl'));
  linkSync(join(folder, 'logs', 'log.jsonl'), join(folder, 'other-name.jsonl'));
});

/** Each file of the folder, as `-o FILE --force`. */
async function writesTo(file: string, ...argv: string[]) {
  const path = join(folder, file);
  const before = readFileSync(path, 'utf8');
  const at = (name: string): string => name.replace('@', `${folder}/`);
  const { code, err, out } = await runWinnow([...argv.map(at), '-o', path, '--force']);
  return { code, err, out, kept: readFileSync(path, 'utf8') === before };
}

const refused = { code: 3, out: '', kept: true };

describe('the output never replaces', () => {
  const scan = ['scan', '-q', '--no-cache', '-r', '@rules', '--values', '@values.yml', '--logsources', '@logsources.yml'];
  const lint = ['lint', '--values', '@values.yml', '--logsources', '@logsources.yml', '--config', '@config.yml'];
  const test = ['test', '--values', '@values.yml', '--logsources', '@logsources.yml'];

  it.each(['logs/log.jsonl', 'logs/link.jsonl', 'other-name.jsonl'])(
    'a log that is scanned, under its name or another (%s)',
    async (file) => {
      for (const input of ['@logs/log.jsonl', '@logs/link.jsonl', '@logs']) {
        const done = await writesTo(file, ...scan, input);
        expect(done).toMatchObject(refused);
        expect(done.err).toMatch(
          /^winnow: --output \S+ is \S+, which is to be read\. It is never replaced: name another file\.\n$/,
        );
      }
    },
  );
  it('a damaged log in a folder that is scanned', async () => {
    expect(await writesTo('logs/Security.evtx', ...scan, '@logs')).toMatchObject(refused);
  });
  it.each(['rules/r.yml', 'values.yml', 'logsources.yml'])('a rule or a configuration of a scan (%s)', async (file) => {
    expect(await writesTo(file, ...scan, '@logs')).toMatchObject(refused);
  });
  it.each(['rules/r.yml', 'values.yml', 'logsources.yml', 'config.yml'])('what lint reads (%s)', async (file) => {
    expect(await writesTo(file, ...lint, '@rules')).toMatchObject(refused);
  });
  it.each(['rules/r.yml', 'rules/r.test.yml', 'values.yml', 'logsources.yml', 'logs/log.jsonl'])(
    'what test reads (%s)',
    async (file) => {
      expect(await writesTo(file, ...test, '@rules')).toMatchObject(refused);
    },
  );
  it('a log of the baseline', async () => {
    rmSync(join(folder, 'rules', 'r.test.yml'));
    expect(await writesTo('logs/log.jsonl', ...test, '@rules', '--baseline', '@logs')).toMatchObject(refused);
  });
  it('a log, also without --force: the way out that it names is another one', async () => {
    const path = join(folder, 'logs', 'log.jsonl');
    expect((await runWinnow(['scan', path, '-o', path])).err).toContain('never replaced');
  });
  it('anything else only with --force: a report in the scanned folder, and what is no log', async () => {
    const scanned = [...scan, `${folder}/logs`].map((one) => one.replace('@', `${folder}/`));
    const report = join(folder, 'logs', 'report.jsonl');
    expect((await runWinnow([...scanned, '-o', report])).code).toBe(0);
    const first = readFileSync(report, 'utf8');
    expect((await runWinnow([...scanned, '-o', report])).code).toBe(3);
    expect((await runWinnow([...scanned, '-o', report, '--force'])).code).toBe(0);
    // The report of the first run is told, and is not read.
    const matches = (text: string): number => text.split('"kind":"match"').length;
    expect(matches(readFileSync(report, 'utf8'))).toBe(matches(first));
    expect(readFileSync(report, 'utf8')).toContain('"input/own-report"');
    expect((await writesTo('logs/notes.txt', ...scan, '@logs')).code).toBe(0);
  });
});
