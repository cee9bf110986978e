import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { findFiles } from '../../src/files/find-files.ts';
import { folderWith } from '../support/folder.ts';

vi.mock('node:fs', { spy: true });

const isYaml = (name: string) => name.endsWith('.yml');

/** Paths below a folder; of what was not read the reason. */
function found(folder: string, paths = ['.']): string[] {
  return findFiles(
    paths.map((path) => join(folder, path)),
    'rule',
    isYaml,
  ).map(({ path, fault }) => {
    const name = relative(folder, path);
    return fault === null ? name : `${name}: ${fault.severity}: ${fault.message}`;
  });
}

describe('files that paths stand for', () => {
  test('are found once, by name, whatever is given', () => {
    const folder = folderWith({ 'b.yml': '', 'a/x.yml': '', 'a/y.txt': '' });
    expect(found(folder)).toEqual(['a/x.yml', 'b.yml']);
    expect(found(folder, ['b.yml', '.', 'a/y.txt'])).toEqual(['b.yml', 'a/x.yml', 'a/y.txt']);
  });

  test('do not end with a folder that cannot be read: it is told, the others are read', () => {
    const folder = folderWith({ 'a/x.yml': '', 'b/y.yml': '' });
    vi.mocked(readdirSync).mockImplementationOnce(() => {
      throw Object.assign(new Error('EACCES: permission denied, scandir'), { code: 'EACCES' });
    });
    expect(found(folder, ['a', 'b'])).toEqual(['a: error: the folder cannot be read: permission denied.', 'b/y.yml']);
  });

  test('are followed through links inside of the folder, once', () => {
    const folder = folderWith({ 'real/x.yml': '' });
    symlinkSync('real', join(folder, 'again'));
    symlinkSync('real/x.yml', join(folder, 'z.yml'));
    symlinkSync('..', join(folder, 'real/up'));
    expect(found(folder)).toEqual(['again/x.yml']);
  });

  test('are told of where a link leads nowhere or to itself', () => {
    const folder = folderWith({ 'a.yml': '' });
    symlinkSync('nowhere', join(folder, 'gone.yml'));
    symlinkSync('l2', join(folder, 'l1'));
    symlinkSync('l1', join(folder, 'l2'));
    symlinkSync('nowhere', join(folder, 'notes.txt'));
    expect(found(folder)).toEqual([
      'a.yml',
      'gone.yml: warning: the link cannot be followed: what it points to does not exist.',
      'l1: warning: the link cannot be followed: it leads back to itself.',
      'l2: warning: the link cannot be followed: it leads back to itself.',
    ]);
  });

  test('are told of where a link leads out of what was given, and are read where that was given, too', () => {
    const folder = folderWith({ 'rules/a.yml': '', 'other/b.yml': '', 'rules-of-others/c.yml': '' });
    symlinkSync('../other/b.yml', join(folder, 'rules/b.yml'));
    symlinkSync('../rules-of-others', join(folder, 'rules/more'));
    const out = 'warning: the link leads out of the folder and is not followed.';
    expect(found(folder, ['rules'])).toEqual(['rules/a.yml', `rules/b.yml: ${out}`, `rules/more: ${out}`]);
    expect(found(folder, ['rules', 'other'])).toEqual(['rules/a.yml', 'rules/b.yml', `rules/more: ${out}`]);
  });

  test('may be given by a link, file or folder, to wherever it leads', () => {
    const folder = folderWith({ 'real/a.yml': '' });
    symlinkSync('real', join(folder, 'rules'));
    symlinkSync('real/a.yml', join(folder, 'one.yml'));
    expect([found(folder, ['rules']), found(folder, ['one.yml'])]).toEqual([['rules/a.yml'], ['one.yml']]);
  });

  test.skipIf(process.platform === 'win32')('are no pipes and no devices, given or found', () => {
    const folder = folderWith({ 'a.yml': '' });
    execFileSync('mkfifo', [join(folder, 'pipe.yml')]);
    expect(found(folder)).toEqual(['a.yml', 'pipe.yml: error: it is a named pipe, not a file.']);
    expect(() => found(folder, ['pipe.yml'])).toThrow(/pipe\.yml is a named pipe, not a rule file/);
    expect(() => findFiles(['/dev/zero'], 'rule', isYaml)).toThrow('/dev/zero is a device, not a rule file');
    symlinkSync('/dev/zero', join(folder, 'zero.yml'));
    expect(found(folder, ['a.yml'])).toEqual(['a.yml']);
    expect(() => found(folder, ['zero.yml'])).toThrow(/zero\.yml is a device, not a rule file/);
  });

  test('are looked for to a named depth, and what lies deeper is told', () => {
    const folder = folderWith({});
    const deep = Array.from({ length: 66 }, () => 'd').join('/');
    mkdirSync(join(folder, deep), { recursive: true });
    writeFileSync(join(folder, deep, 'x.yml'), '');
    const path = Array.from({ length: 65 }, () => 'd').join('/');
    expect(found(folder)).toEqual([`${path}: error: the folder is more than 64 folders deep and is not read.`]);
  });

  test('must be there where they are given', () => {
    expect(() => findFiles([join(tmpdir(), 'no-such-folder-of-rules')], 'test', isYaml)).toThrow(/no test file or folder at/);
  });
});
