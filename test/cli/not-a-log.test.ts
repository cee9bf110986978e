/** Verbs that also read disk images: what is neither a log nor an image is called what it is. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isImage } from '../../src/evidence/is-image.ts';
import { temporaryFolder } from '../support/folder.ts';
import { runWinnow } from './test-context.ts';

const folder = temporaryFolder();
writeFileSync(join(folder, 'notes.evtx'), 'junk\n'.repeat(20_000));
writeFileSync(join(folder, 'small.bin'), Buffer.alloc(512, 7));
writeFileSync(join(folder, 'empty.evtx'), '');
writeFileSync(join(folder, 'disk.raw'), Buffer.alloc(64 << 10, 7));

test.each([
  ['logons', 'notes.evtx'],
  ['metrics', 'notes.evtx'],
  ['search', 'x', 'notes.evtx'],
  ['show', 'notes.evtx:1'],
  ['triage', '--no-cache', join(folder, 'notes.evtx')],
  ['logons', 'small.bin'],
])('%s %s says that it is no log', async (...args) => {
  const { code, out, err } = await runWinnow(args, { cwd: folder });
  expect(code).toBe(4);
  expect(out + err).toContain('input/not-a-log');
  expect(out + err).not.toContain('volume');
});

test('an empty file is empty', async () => {
  const { err } = await runWinnow(['logons', 'empty.evtx'], { cwd: folder });
  expect(err).toContain('empty.evtx warning input/empty: the file is empty.');
});

test('what may be a raw disk is taken for one', () => {
  expect(isImage(join(folder, 'disk.raw'))).toBe(true);
});
