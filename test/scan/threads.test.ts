/** What depends on threads, through the built binary and its worker: `npm test` builds them first. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { temporaryFolder } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

const binary = join(projectRoot, 'dist', 'cli.js');
const fixture = (name: string): string => readFileSync(join(projectRoot, 'fixtures', name), 'utf8');

/** Two ranges of a file. */
const LOG_BYTES = 8.5e6;

/** Writes `part` over and over, `rare` a few times in between. */
function writeLog(path: string, head: string, part: string, rare: string, tail: string): void {
  const fd = openSync(path, 'w');
  let written = writeSync(fd, head);
  for (let i = 0; written < LOG_BYTES; i++) written += writeSync(fd, i % 100 === 50 ? rare : part);
  writeSync(fd, tail);
  closeSync(fd);
}

describe.skipIf(!existsSync(binary))('a scan on several threads', () => {
  const folder = temporaryFolder();
  const logs = join(folder, 'logs');

  beforeAll(() => {
    mkdirSync(logs);
    const events = (name: string): string => /<Events>\s*([\s\S]*)<\/Events>/.exec(fixture(name))![1]!;
    writeLog(join(logs, 'large.xml'), '<Events>', events('benign.xml'), events('wmi-subscription.xml'), '</Events>');
    const lines = fixture('wmi-subscription.jsonl').trimEnd().split('\n');
    const harmless = `${lines[0]}\n`.repeat(10);
    writeLog(join(logs, 'large.jsonl'), '', harmless, `${lines.join('\n')}\n`, '');
    for (const name of ['security.xml', 'powershell.xml', 'elastic-defend-api.jsonl']) {
      const fd = openSync(join(logs, name), 'w');
      writeSync(fd, fixture(name));
      closeSync(fd);
    }
  });

  interface Output {
    readonly status: number | null;
    readonly hash: string;
    readonly matches: number;
    readonly lookbacks: number;
  }

  function output(threads: number, format: string, more: readonly string[] = ['--no-cache']): Output {
    // The logs hold a few records over and over.
    const copies = more.includes('--once') ? [] : ['--keep-copies'];
    const others = more.filter((flag) => flag !== '--once');
    const args = ['scan', 'logs', '--threads', `${threads}`, '--format', format, '-q', ...copies, ...others];
    const cache = join(folder, 'cache');
    const { status, stdout } = spawnSync(process.execPath, [binary, ...args], {
      cwd: folder,
      env: { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache },
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    });
    const matches = stdout.split('"kind":"match"').length - 1;
    const lookbacks = stdout.split('"lookback":{').length - 1;
    return { status, hash: createHash('sha256').update(stdout).digest('hex'), matches, lookbacks };
  }

  test('prints the same bytes at 1, 2 and 4: matches, look-back, correlations, summary', () => {
    const one = output(1, 'jsonl');
    expect(one.status).toBe(0);
    expect(one.matches).toBeGreaterThan(20);
    expect(one.lookbacks).toBeGreaterThan(5);
    expect(output(2, 'jsonl')).toEqual(one);
    expect(output(4, 'jsonl')).toEqual(one);
  }, 120_000);

  test('prints the same where rules come from the cache and some are not reported', () => {
    const more = ['--lookback', '0', '--min-level', 'medium'];
    const one = output(1, 'jsonl', more);
    expect(one.matches).toBeGreaterThan(0);
    expect(one.matches).toBeLessThan(output(1, 'jsonl', ['--lookback', '0']).matches);
    expect(output(2, 'jsonl', more)).toEqual(one);
    expect(output(2, 'jsonl', [...more, '--no-cache'])).toEqual(one);
  }, 120_000);

  test.each(['9m', '0'])(
    'prints the same where each record counts once, look-back %s',
    (span) => {
      const more = ['--no-cache', '--once', '--lookback', span];
      const one = output(1, 'jsonl', more);
      expect(one.status).toBe(0);
      expect(one.matches).toBeGreaterThan(5);
      expect(one.matches).toBeLessThan(20);
      expect(output(4, 'jsonl', more)).toEqual(one);
    },
    120_000,
  );

  test('ends with exit code 4 and one error when matches fit neither into memory nor on the disk', () => {
    const many = join(folder, 'many.jsonl');
    const lines = fixture('wmi-subscription.jsonl');
    writeFileSync(many, lines.repeat(Math.ceil(180e6 / lines.length)));
    const gone = join(folder, 'gone');
    const { status, stderr } = spawnSync(process.execPath, [binary, 'scan', many, '-q', '-f', 'jsonl', '--threads', '2'], {
      env: { ...process.env, TMPDIR: gone, TMP: gone, TEMP: gone },
      encoding: 'utf8',
      maxBuffer: 1 << 30,
    });
    rmSync(many);
    expect([status, stderr.includes('matches no longer fit into memory'), stderr.includes('    at ')]).toEqual([4, true, false]);
  });
});
