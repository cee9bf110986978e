import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { AtomicFile, removeUnfinished, writeFileAtomically } from '../../src/files/atomic-file.ts';
import { folderWith } from '../support/folder.ts';

let folder: string;
let target: string;
beforeEach(() => {
  folder = folderWith();
  target = join(folder, 'a.txt');
});

describe('a file that is written at once', () => {
  test('is there, alone', () => {
    writeFileAtomically(target, 'new');
    expect([readFileSync(target, 'utf8'), readdirSync(folder)]).toEqual(['new', ['a.txt']]);
  });

  test('keeps the mode of the file that it replaces, whether wide or narrow', () => {
    for (const mode of [0o600, 0o640, 0o666]) {
      writeFileSync(target, 'old');
      chmodSync(target, mode);
      writeFileAtomically(target, 'new');
      expect([statSync(target).mode & 0o777, readFileSync(target, 'utf8')]).toEqual([mode, 'new']);
    }
  });

  test('takes the place of a link and leaves what the link points to as it is', () => {
    const elsewhere = join(folder, 'elsewhere');
    writeFileSync(elsewhere, 'untouched');
    symlinkSync(elsewhere, target);
    writeFileAtomically(target, 'new');
    expect([readFileSync(elsewhere, 'utf8'), lstatSync(target).isFile()]).toEqual(['untouched', true]);
  });

  test('leaves the old one and nothing else behind where it cannot take its place', () => {
    expect(() => writeFileAtomically(folder, 'new')).toThrow();
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a file that is written in parts', () => {
  test('is not to be seen before it is finished, and is gone when it is abandoned', () => {
    const file = new AtomicFile(target);
    writeSync(file.fd, 'one, ');
    expect(readdirSync(folder)).toEqual([expect.stringMatching(/^\.winnow-[\da-f]{24}$/)]);
    writeSync(file.fd, 'two');
    file.finish({ replace: false });
    expect([readFileSync(target, 'utf8'), readdirSync(folder)]).toEqual(['one, two', ['a.txt']]);
    new AtomicFile(join(folder, 'b.txt')).abandon();
    expect(readdirSync(folder)).toEqual(['a.txt']);
  });

  test('does not replace a file that came to be in the meantime, unless told to', () => {
    const file = new AtomicFile(target);
    writeFileSync(target, 'of another');
    expect(() => file.finish({ replace: false })).toThrow(/EEXIST/);
    expect([readFileSync(target, 'utf8'), readdirSync(folder)]).toEqual(['of another', ['a.txt']]);
  });

  test('goes with a process that ends early', () => {
    const file = new AtomicFile(target);
    removeUnfinished();
    expect(readdirSync(folder)).toEqual([]);
    file.abandon();
  });
});
