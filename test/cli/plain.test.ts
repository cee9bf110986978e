/** Acceleration changes nothing that is printed: `WINNOW_PLAIN=1` switches it off. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { projectRoot } from '../support/shared.ts';

const binary = join(projectRoot, 'dist', 'cli.js');
const LOGS = ['fixtures/security.xml', 'fixtures/powershell.xml', 'fixtures/wmi-subscription.jsonl'];

function scan(format: string, plain: string): string {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [binary, 'scan', '--quiet', '--threads', '1', '--format', format, ...LOGS],
    { encoding: 'utf8', cwd: projectRoot, env: { ...process.env, WINNOW_PLAIN: plain } },
  );
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  // How long it took is not the same.
  return stdout.replace(/"elapsedMs": ?[\d.]+/, '');
}

describe.skipIf(!existsSync(binary))('a scan without acceleration', () => {
  it.each(['jsonl', 'csv'])('prints the same as %s', (format) => {
    const plain = scan(format, '1');
    expect(plain.split('\n').length).toBeGreaterThan(5);
    expect(scan(format, '')).toBe(plain);
  });
});
