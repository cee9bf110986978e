/** The built binary as a process: what only shows there. `npm test` builds it first. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import module from 'node:module';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folderWith } from '../support/folder.ts';
import { projectRoot } from '../support/shared.ts';

const binary = join(projectRoot, 'dist', 'cli.js');

function winnow(...argv: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [binary, ...argv], { encoding: 'utf8', cwd: projectRoot });
  return { status, stdout, stderr };
}

/** What is loaded with those files that the binary may import, and which packages. */
function reached(wanted: (path: string) => boolean): { readonly bytes: number; readonly external: readonly string[] } {
  const source = readFileSync(binary, 'utf8');
  const files = [...source.matchAll(/import\("(\.\/[^"]+)"\)/g)].map(([, path]) => path ?? '').filter(wanted);
  const seen = new Set<string>();
  const external = new Set<string>();
  let bytes = 0;
  const visit = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const text = readFileSync(join(projectRoot, 'dist', path), 'utf8');
    bytes += text.length;
    for (const [, from, bare] of text.matchAll(/^(?:import|export)[^;]*?from "([^"]+)";|^import "([^"]+)";/gm)) {
      const name = from ?? bare ?? '';
      if (name.startsWith('.')) visit(name);
      else external.add(name);
    }
  };
  files.forEach(visit);
  return { bytes, external: [...external].filter((name) => !name.startsWith('node:')).sort() };
}

describe.skipIf(!existsSync(binary))('the binary', () => {
  it('prints the version of the package, and loads nothing else for it', () => {
    const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { version: string };
    expect(winnow('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
    expect(readFileSync(binary, 'utf8')).not.toMatch(/^import\s/m);
  });
  it('loads no engine for help, and next to nothing before the cache of compiled code is on', () => {
    const { bytes, external } = reached((path) => !path.includes('atomic-file'));
    // What the parser of the command line needs; no YAML, XML or regular expression library.
    expect(external).toEqual(['commander']);
    expect(bytes).toBeLessThan(200_000);
    const first = reached((path) => path.includes('cache-folder'));
    expect(first.external).toEqual([]);
    expect(first.bytes).toBeLessThan(20_000);
  });
  it('loads the language server for no other verb', () => {
    const folder = join(projectRoot, 'dist');
    const using = readdirSync(folder).filter(
      (name) => name.endsWith('.js') && readFileSync(join(folder, name), 'utf8').includes('"vscode-'),
    );
    expect(using.map((name) => name.replace(/-\w+\.js$/, ''))).toEqual(['run-lsp']);
    const imports = /^(?:import|export)[^;]*?from "\.\/run-lsp-/m;
    expect(
      readdirSync(folder).filter((name) => name.endsWith('.js') && imports.test(readFileSync(join(folder, name), 'utf8'))),
    ).toEqual([]);
  });
  it('keeps compiled rules and code in the cache folder, and nothing with --no-cache', () => {
    const cache = folderWith();
    const scan = (...more: string[]) =>
      spawnSync(process.execPath, [binary, 'scan', 'package.json', ...more], {
        cwd: projectRoot,
        env: { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache },
      });
    scan('--no-cache');
    expect(readdirSync(cache)).toEqual([]);
    scan();
    const kept = readdirSync(cache, { recursive: true, encoding: 'utf8' });
    expect(kept.some((name) => name.endsWith('.ruleset'))).toBe(true);
    expect(kept.some((name) => name.startsWith('code-'))).toBe('enableCompileCache' in module);
  });
  it('exits with 3 for a wrong command line', () => {
    const { status, stdout, stderr } = winnow('scna');
    expect([status, stdout]).toEqual([3, '']);
    expect(stderr).toContain('Did you mean scan?');
  });
  it('ends quietly when nobody reads its output', async () => {
    const child = spawn(process.execPath, [binary, '--help'], { stdio: ['ignore', 'pipe', 'pipe'] });
    child.stdout.destroy();
    let stderr = '';
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect([code, stderr]).toEqual([0, '']);
  });
  it.skipIf(!existsSync('/dev/full'))('says so, and fails, when what it prints cannot be written', () => {
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [binary, '--help'], {
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    expect([status, stderr]).toEqual([4, 'winnow: the output could not be written (ENOSPC: no space left on device, write).\n']);
  });
  it.skipIf(!existsSync('/bin/bash'))('can be interrupted while it waits for a rule', async () => {
    const line = 'exec "$0" "$1" lint <(sleep 5)';
    const child = spawn('/bin/bash', ['-c', line, process.execPath, binary], { stdio: 'ignore' });
    const impatience = setInterval(() => child.kill('SIGINT'), 200);
    const ended = await new Promise((resolve) => child.on('close', (code, signal) => resolve(code ?? signal)));
    clearInterval(impatience);
    expect(['SIGINT', 130]).toContain(ended);
  });
  it.skipIf(!existsSync('/bin/bash'))('takes rules from a pipe, as a shell gives them', () => {
    const line = `exec "$0" "$1" scan fixtures/wmi-subscription.xml -q --lookback 0 --format jsonl -r <(cat rules/wmi_filter_bound.yml)`;
    const { status, stdout, stderr } = spawnSync('/bin/bash', ['-c', line, process.execPath, binary], {
      encoding: 'utf8',
      cwd: projectRoot,
    });
    expect([status, stderr, stdout.split('"kind":"match"').length - 1]).toEqual([0, '', 1]);
  });
  it('finishes with valid output when it is interrupted, also while its input is silent', async () => {
    const child = spawn(process.execPath, [binary, 'scan', '-', '--format', 'jsonl', '--no-cache'], { cwd: projectRoot });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (data: Buffer) => {
      stdout += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      stderr += data.toString();
    });
    child.stdin.on('error', () => {});
    // More than a pipe holds: when it has been taken, the scan is at work. The pipe stays open.
    const log = readFileSync(join(projectRoot, 'fixtures', 'wmi-subscription.jsonl'));
    child.stdin.write(Buffer.concat(Array<Buffer>(50).fill(log)), () => child.kill('SIGINT'));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code).toBe(130);
    const objects = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as { kind: string; interrupted?: boolean });
    expect(objects.at(-1)).toMatchObject({ kind: 'summary', interrupted: true });
    expect(stderr).toContain('Interrupted: this is what was found until then.');
  });
  it.each([
    ['scan', ['scan', 'fixtures/wmi-subscription.xml', '-q', '--fail-on', 'low'], 1],
    [
      'scan that prints while it reads',
      ['scan', 'fixtures/wmi-subscription.xml', '-q', '--lookback', '0', '-f', 'jsonl', '--fail-on', 'low'],
      1,
    ],
    ['lint', ['lint', 'test/cli/binary.test.ts'], 2],
    ['test', ['test', 'docs'], 1],
  ] as const)('%s fails as it should when nobody reads its output', async (_, argv, expected) => {
    const read = spawnSync(process.execPath, [binary, ...argv], { cwd: projectRoot });
    expect(read.status).toBe(expected);
    const child = spawn(process.execPath, [binary, ...argv], { cwd: projectRoot, stdio: ['ignore', 'pipe', 'ignore'] });
    child.stdout.destroy();
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(expected);
  });
  it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
    'leaves a valid report and nothing else after %s',
    async (signal) => {
      const folder = folderWith();
      const report = join(folder, 'r.jsonl');
      const argv = ['scan', '-', '-o', report, '--no-cache', '-q'];
      const child = spawn(process.execPath, [binary, ...argv], { cwd: projectRoot, stdio: ['pipe', 'ignore', 'ignore'] });
      child.stdin.on('error', () => {});
      const log = readFileSync(join(projectRoot, 'fixtures', 'wmi-subscription.jsonl'));
      child.stdin.write(Buffer.concat(Array<Buffer>(50).fill(log)), () => child.kill(signal));
      const code = await new Promise((resolve) => child.on('close', resolve));
      expect([code, readdirSync(folder)]).toEqual([130, ['r.jsonl']]);
      const last = readFileSync(report, 'utf8').trimEnd().split('\n').at(-1)!;
      expect(JSON.parse(last)).toMatchObject({ kind: 'summary', interrupted: true });
    },
  );
});
