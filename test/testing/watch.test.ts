import { renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { runProgram } from '../../src/commands/program.ts';
import { commands } from '../../src/commands/registry.generated.ts';
import { runWinnow } from '../cli/test-context.ts';
import { folderWith } from '../support/folder.ts';
import { started, WHOAMI } from './support.ts';

/** What is printed, piece by piece. */
class Printed {
  text = '';
  readonly closed = false;
  readonly isTTY = false;
  readonly columns = 80;
  #arrived: () => void = () => {};

  async write(piece: string | Uint8Array): Promise<void> {
    this.text += Buffer.from(piece as string).toString('utf8');
    this.#arrived();
  }

  async has(text: string): Promise<void> {
    while (!this.text.includes(text)) {
      await new Promise<void>((resolve) => {
        this.#arrived = resolve;
      });
    }
    this.text = this.text.slice(this.text.indexOf(text) + text.length);
  }
}

const FILE = `rule: whoami.yml\ntests:\n    - name: x\n      events: [${started('C:\\whoami.exe')}]\n`;

it('--watch runs again after a change of a rule or a test, a broken one too, and ends when interrupted', async () => {
  const folder = folderWith({ 'rules/whoami.yml': WHOAMI, 'rules/whoami.test.yml': FILE });
  const interrupt = new AbortController();
  const [stdout, stderr] = [new Printed(), new Printed()];
  const base = { env: {}, cwd: folder, version: '0', clock: () => 0, commands, signal: interrupt.signal, stdout, stderr };
  const ended = runProgram(['test', 'rules', '--watch'], { ...base, stdin: process.stdin });
  await stdout.has('1 passed, 0 failed');
  writeFileSync(join(folder, 'rules/whoami.yml'), WHOAMI.replace('whoami.exe', 'who.exe'));
  await stderr.has('rules/whoami.yml has changed');
  await stdout.has('0 passed, 1 failed');
  writeFileSync(join(folder, 'rules/whoami.test.yml'), 'rule: [');
  await stdout.has('0 passed, 1 failed');
  // As many editors save: a new file takes the place of the old one.
  writeFileSync(join(folder, 'new'), FILE.replace('C:\\whoami', 'C:\\who'));
  renameSync(join(folder, 'new'), join(folder, 'rules/whoami.test.yml'));
  await stdout.has('1 passed, 0 failed');
  interrupt.abort();
  expect(await ended).toBe(130);
});

it('--watch refuses an output file', async () => {
  expect(await runWinnow(['test', '.', '--watch', '-o', 'x.xml'])).toMatchObject({
    code: 3,
    err: expect.stringContaining('--watch'),
  });
});
