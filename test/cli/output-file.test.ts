import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { Output, openOutputFile } from '../../src/commands/output/output-file.ts';
import { removeUnfinished } from '../../src/files/atomic-file.ts';
import { folderWith } from '../support/folder.ts';

let folder = '';
beforeEach(() => {
  folder = folderWith();
});

describe('openOutputFile', () => {
  it('makes the file appear whole, and nothing else', async () => {
    await (await openOutputFile('out.txt', folder, false)).save(['a', 'b']);
    expect(readdirSync(folder)).toEqual(['out.txt']);
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('ab');
  });
  it('does not replace a file unless told to', async () => {
    writeFileSync(join(folder, 'out.txt'), 'mine');
    await expect(openOutputFile('out.txt', folder, false)).rejects.toThrow('--output out.txt exists. Add --force to replace it.');
    await (await openOutputFile('out.txt', folder, true)).save(['new']);
    expect(readFileSync(join(folder, 'out.txt'), 'utf8')).toBe('new');
  });
  it('does not replace a file that has come into being meanwhile', async () => {
    const file = await openOutputFile('out.txt', folder, false);
    writeFileSync(join(folder, 'out.txt'), 'mine');
    await expect(file.save(['new'])).rejects.toThrow('exists by now');
    expect([readdirSync(folder), readFileSync(join(folder, 'out.txt'), 'utf8')]).toEqual([['out.txt'], 'mine']);
  });
  it('leaves the old file when the report fails half way', async () => {
    writeFileSync(join(folder, 'out.txt'), 'old');
    const file = await openOutputFile('out.txt', folder, true);
    function* failing() {
      yield 'x'.repeat(100_000);
      throw new Error('half way');
    }
    await expect(file.save(failing())).rejects.toThrow('half way');
    expect([readdirSync(folder), readFileSync(join(folder, 'out.txt'), 'utf8')]).toEqual([['out.txt'], 'old']);
  });
  it.skipIf(process.platform === 'win32')('keeps the rights of the file that it replaces', async () => {
    writeFileSync(join(folder, 'out.txt'), 'old');
    for (const mode of [0o600, 0o640, 0o400]) {
      chmodSync(join(folder, 'out.txt'), mode);
      await (await openOutputFile('out.txt', folder, true)).save(['new']);
      expect(statSync(join(folder, 'out.txt')).mode & 0o777).toBe(mode);
    }
  });
  it('refuses a folder, and a folder that is not there', async () => {
    mkdirSync(join(folder, 'sub'));
    await expect(openOutputFile('sub', folder, true)).rejects.toThrow('--output sub is a folder. Name a file in it.');
    await expect(openOutputFile('no/out.txt', folder, false)).rejects.toThrow('--output no/out.txt: there is no folder no.');
  });
  it.skipIf(!existsSync('/dev/full'))('says that the disk is full', async () => {
    const file = await openOutputFile('/dev/full', folder, false);
    await expect(file.save(['x'])).rejects.toThrow(
      '--output /dev/full could not be written (ENOSPC: no space left on device, write).',
    );
  });
  it('refuses an empty name', async () => {
    await expect(openOutputFile('', folder, false)).rejects.toThrow('--output needs the name of a file.');
  });
  it.skipIf(process.platform === 'win32')('writes through a device instead of replacing it', async () => {
    await (await openOutputFile('/dev/null', folder, false)).save(['x']);
    expect(existsSync('/dev/null')).toBe(true);
    expect(readFileSync('/dev/null', 'utf8')).toBe('');
  });
  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)('says that a folder cannot be written to', async () => {
    chmodSync(folder, 0o500);
    const file = await openOutputFile('out.txt', folder, false);
    await expect(file.save(['x'])).rejects.toThrow('the folder cannot be written to');
  });
});

const writeAll = (pieces: Iterable<string | Uint8Array>, write: (piece: string | Uint8Array) => Promise<unknown>) =>
  new Output(async () => ({ write, close: async () => {} })).save(pieces);

describe('an output', () => {
  it('gathers small pieces and loses none', async () => {
    const writes: (string | Uint8Array)[] = [];
    await writeAll(
      (function* () {
        for (let i = 0; i < 100_000; i++) yield '0123456789';
      })(),
      async (text) => writes.push(text),
    );
    expect(writes.join('')).toBe('0123456789'.repeat(100_000));
    expect(writes.length).toBeLessThan(20);
  });
  it('keeps text and bytes in order, and makes the next piece while one is being written', async () => {
    const buffers = [Buffer.alloc(1), Buffer.alloc(1)];
    let writing = 0;
    let together = 0;
    let out = '';
    await writeAll(
      (function* () {
        for (let i = 0; i < 6; i++) {
          together = Math.max(together, writing);
          const buffer = buffers[i % 2]!;
          buffer.fill(0x30 + i);
          yield buffer;
          if (i === 2) yield 'text';
        }
      })(),
      async (piece) => {
        writing++;
        await new Promise((resolve) => setImmediate(resolve));
        out += Buffer.from(piece as string).toString();
        writing--;
      },
    );
    expect([out, together]).toEqual(['012text345', 1]);
  });
  it('may be written in parts; what is gathered of one part is written with the next', async () => {
    const writes: (string | Uint8Array)[] = [];
    const output = new Output(async () => ({ write: async (piece) => writes.push(piece), close: async () => {} }));
    await output.write(['a']);
    await output.write([Buffer.from('b'), 'c']);
    await output.write([]);
    await output.write(['d']);
    await output.end();
    expect(writes.map((piece) => Buffer.from(piece as string).toString())).toEqual(['a', 'b', 'cd']);
  });
  it('that is abandoned leaves nothing behind', async () => {
    const output = await openOutputFile('part.txt', folder, false);
    await output.write([Buffer.from('half')]);
    expect(readdirSync(folder)).toHaveLength(1);
    await output.abandon();
    expect(readdirSync(folder)).toEqual([]);
    await (await openOutputFile('never.txt', folder, false)).abandon();
    expect(readdirSync(folder)).toEqual([]);
  });
  it('that is in the middle of its work leaves nothing behind when the process ends', async () => {
    const output = await openOutputFile('part.txt', folder, false);
    await output.write([Buffer.from('half')]);
    removeUnfinished();
    expect(readdirSync(folder)).toEqual([]);
    await output.abandon();
  });
  it('passes on what went wrong with a write', async () => {
    await expect(writeAll([Buffer.from('a'), Buffer.from('b')], () => Promise.reject(new Error('full')))).rejects.toThrow('full');
  });
});
