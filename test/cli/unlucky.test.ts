/**
 * What becomes of reports and of the cache when a scan is killed, runs beside others, or meets the limits of the system.
 * WINNOW_KILLS and WINNOW_AT_ONCE ask for more than the few that a test run has time for.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../support/shared.ts';

const binary = join(projectRoot, 'dist', 'cli.js');
const KILLS = Number(process.env.WINNOW_KILLS ?? 3);
const AT_ONCE = Number(process.env.WINNOW_AT_ONCE ?? 3);
const NOBODY = 65_534;
const RULE = `title: Evil
status: test
level: high
logsource: { product: windows, category: process_creation }
detection:
    sel: { Image|endswith: '\\evil.exe' }
    condition: sel
`;
const OLD = 'an old report\n';
const RECORDS = 1000;

let folder = '';
const at = (...names: string[]): string => join(folder, ...names);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'winnow-unlucky-'));
  chmodSync(folder, 0o755);
  mkdirSync(at('rules'));
  writeFileSync(at('rules', 'evil.yml'), RULE);
  mkdirSync(at('logs'));
  const line = (i: number): string =>
    `{"EventID":1,"EventRecordID":${i},"Channel":"Microsoft-Windows-Sysmon/Operational","Computer":"PC","Image":"C:\\\\evil.exe","CommandLine":"${i}"}\n`;
  writeFileSync(at('logs', 'a.jsonl'), Array.from({ length: RECORDS }, (_, i) => line(i)).join(''));
});
afterAll(() => rmSync(folder, { recursive: true }));

const scanOf = (...more: string[]): string[] => [binary, 'scan', '-q', '-r', at('rules'), at('logs'), ...more];

function closed(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.on('close', resolve));
}

/** Without what differs from run to run. */
function comparable(report: string): string {
  return report.replace(/"elapsedMs":\d+/, '');
}

function scanned(cache: string): string {
  const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
  const { status, stdout } = spawnSync(process.execPath, scanOf('-f', 'jsonl'), { encoding: 'utf8', env, maxBuffer: 1 << 28 });
  expect(status).toBe(0);
  return comparable(stdout);
}

describe.skipIf(!existsSync(binary))('an unlucky scan', () => {
  it(`that is killed at any moment (${KILLS} times) leaves the old report or the whole new one, and the next scan is right`, async () => {
    const cache = at('killed-cache');
    const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    const report = at('logs', 'report.jsonl');
    const expected = scanned(cache);
    let kept = 0;
    for (let i = 0; i < KILLS; i++) {
      writeFileSync(report, OLD);
      const child = spawn(process.execPath, scanOf('-o', report, '--force'), { env, stdio: 'ignore' });
      const end = closed(child);
      // Loading, compiling, reading and writing all lie within this time.
      setTimeout(() => child.kill('SIGKILL'), 40 + (i * 1500) / KILLS);
      await end;
      const left = readFileSync(report, 'utf8');
      if (left === OLD) kept++;
      else expect(JSON.parse(left.trimEnd().split('\n').at(-1)!)).toMatchObject({ kind: 'summary', matches: RECORDS });
      const others = readdirSync(at('logs')).filter((name) => name !== 'a.jsonl' && name !== 'report.jsonl');
      for (const name of others) expect(name).toMatch(/^\.winnow-[0-9a-f]{24}$/);
    }
    expect(kept).toBeGreaterThan(0);
    rmSync(report);
    // What was left behind is in the scanned folder: only the account of files may name it.
    const matches = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('{"kind":"match"'));
    expect(matches(scanned(cache))).toEqual(matches(expected));
    for (const name of readdirSync(at('logs'))) if (name.startsWith('.winnow-')) rmSync(at('logs', name));
    expect(scanned(cache)).toBe(expected);
  }, 300_000);

  it.skipIf(process.platform === 'win32')(
    'of rules that is interrupted leaves the old report or the whole new one',
    async () => {
      mkdirSync(at('many-rules'));
      for (let i = 0; i < 400; i++) writeFileSync(at('many-rules', `${i}.yml`), RULE.replace('Evil', `Evil ${i}`));
      mkdirSync(at('lint'));
      const report = at('lint', 'report.json');
      const argv = [binary, 'lint', at('many-rules'), '--severity', 'info', '-f', 'json', '-o', report, '--force'];
      for (const [i, signal] of (['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const).entries()) {
        writeFileSync(report, OLD);
        const child = spawn(process.execPath, argv, { stdio: 'ignore' });
        const end = closed(child);
        setTimeout(() => child.kill(signal), 100 + 500 * i);
        await end;
        const left = readFileSync(report, 'utf8');
        if (left !== OLD) JSON.parse(left);
        for (const name of readdirSync(at('lint'))) expect(name).toMatch(/^(report\.json|\.winnow-[0-9a-f]{24})$/);
      }
    },
    60_000,
  );

  it(`beside ${AT_ONCE - 1} others with one cold cache prints what it prints alone`, async () => {
    const cache = at('shared-cache');
    const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    const alone = scanned(at('own-cache'));
    const runs = Array.from({ length: AT_ONCE }, async (_, i) => {
      const out = at(`${i}.jsonl`);
      return [
        await closed(spawn(process.execPath, scanOf('-o', out), { env, stdio: 'ignore' })),
        comparable(readFileSync(out, 'utf8')),
      ];
    });
    for (const run of await Promise.all(runs)) expect(run).toEqual([0, alone]);
    expect(scanned(cache)).toBe(alone);
    const kept = readdirSync(cache, { recursive: true, encoding: 'utf8' });
    expect(kept.filter((name) => name.endsWith('.ruleset')).length).toBe(1);
    expect(kept.filter((name) => /\.winnow-[0-9a-f]{24}$/.test(name))).toEqual([]);
  }, 300_000);

  it.skipIf(process.platform === 'win32')('needs no home that it may write to', ({ skip }) => {
    const home = at('home');
    mkdirSync(home);
    chmodSync(home, 0o555);
    const nobody = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
    // Root may write everywhere, and another user may be kept from reading the binary.
    const reads = spawnSync(process.execPath, [binary, '--version'], { ...nobody, cwd: '/' }).status === 0;
    if (!reads) skip('no other user can read the binary');
    const expected = scanned(at('own-cache'));
    for (const env of [{ HOME: home }, { HOME: home, XDG_CACHE_HOME: join(home, 'cache') }, { HOME: at('nowhere') }, {}]) {
      const { status, stdout, stderr } = spawnSync(process.execPath, scanOf('-f', 'jsonl'), {
        ...nobody,
        encoding: 'utf8',
        cwd: '/',
        env,
        maxBuffer: 1 << 28,
      });
      expect([status, stderr, comparable(stdout) === expected]).toEqual([0, '', true]);
    }
    expect(readdirSync(home)).toEqual([]);
  });

  describe.skipIf(process.platform === 'win32')('at a limit of the system', () => {
    const limited = (limit: string, ...argv: string[]) =>
      spawnSync('bash', ['-c', `ulimit ${limit}; exec "$0" "$@"`, process.execPath, ...argv], {
        encoding: 'utf8',
        maxBuffer: 1 << 28,
      });

    it('of the size of files keeps the old report and says so, once', () => {
      const report = at('limited.jsonl');
      writeFileSync(report, OLD);
      const { status, stderr } = limited('-f 100', ...scanOf('--no-cache', '--lookback', '0', '-o', report, '--force'));
      expect([status, stderr.trimEnd().split('\n').length, stderr]).toEqual([4, 1, expect.stringContaining('EFBIG')]);
      expect(readFileSync(report, 'utf8')).toBe(OLD);
      expect(readdirSync(folder).filter((name) => name.startsWith('.winnow-'))).toEqual([]);
    });

    it('of open files ends with one line that names it, or reads everything', () => {
      const outcomes = [26, 38, 128].flatMap((files) => {
        const { status, stderr } = limited(`-n ${files}`, ...scanOf('--no-cache', '-f', 'jsonl'));
        // Below some number Node itself does not come up.
        return status === null || status > 128 || stderr.startsWith('node:internal')
          ? []
          : [[status, stderr.trimEnd().split('\n').length, stderr]];
      });
      for (const outcome of outcomes.slice(0, -1))
        expect([
          [0, 1, ''],
          [4, 1, expect.stringContaining('EMFILE')],
        ]).toContainEqual(outcome);
      expect(outcomes.at(-1)).toEqual([0, 1, '']);
    });

    it('of 128 open files reads a folder of 200 logs', () => {
      mkdirSync(at('many'));
      const log = readFileSync(at('logs', 'a.jsonl'), 'utf8').split('\n').slice(0, 3).join('\n');
      for (let i = 0; i < 200; i++) writeFileSync(at('many', `${i}.jsonl`), log.replaceAll('evil.exe', `${i}\\\\evil.exe`));
      const { status, stdout } = limited(
        '-n 128',
        binary,
        'scan',
        '-q',
        '--no-cache',
        '-r',
        at('rules'),
        at('many'),
        '-f',
        'jsonl',
      );
      expect([status, stdout.split('"kind":"match"').length - 1]).toEqual([0, 600]);
    });
  });
});
