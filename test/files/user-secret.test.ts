import { chmodSync, chownSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { getuid } from 'node:process';
import { beforeEach, describe, expect, test } from 'vitest';
import { secretFile, userSecret } from '../../src/files/user-secret.ts';
import { folderWith } from '../support/folder.ts';

let home = '';
beforeEach(() => {
  home = folderWith();
});

const env = () => ({ XDG_STATE_HOME: home, LOCALAPPDATA: home });
const path = () => join(home, 'winnow', 'cache-secret');

test('it is where the operating system keeps what programs remember, not where caches are', () => {
  expect(secretFile('linux', {}, '/home/x')).toBe(join('/home/x', '.local', 'state', 'winnow', 'cache-secret'));
  expect(secretFile('linux', { XDG_STATE_HOME: '/s' }, '/home/x')).toBe(join('/s', 'winnow', 'cache-secret'));
  expect(secretFile('linux', { XDG_STATE_HOME: 'relative' }, '/h')).toBe(join('/h', '.local', 'state', 'winnow', 'cache-secret'));
  expect(secretFile('darwin', {}, '/h')).toBe(join('/h', 'Library', 'Application Support', 'winnow', 'cache-secret'));
  expect(secretFile('win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\h')).toBe(join('C:\\L', 'winnow', 'cache-secret'));
  expect([secretFile('win32', {}, 'C:\\h'), secretFile('linux', {}, '')]).toEqual([null, null]);
});

describe.skipIf(getuid === undefined)('the secret of a user', () => {
  test('is made once, of 32 random bytes that only the user can read', () => {
    const first = userSecret(env());
    expect(first).toHaveLength(32);
    expect(userSecret(env())).toEqual(first);
    expect([statSync(path()).mode & 0o777, statSync(join(home, 'winnow')).mode & 0o777]).toEqual([0o600, 0o700]);
    rmSync(path());
    expect(userSecret(env())).not.toEqual(first);
  });

  test('is made anew when others could have read or written it, or when it is no secret', () => {
    const spoil: (() => void)[] = [
      () => chmodSync(path(), 0o644),
      () => chmodSync(path(), 0o620),
      () => writeFileSync(path(), 'short'),
      () => writeFileSync(path(), Buffer.alloc(33)),
      () => {
        writeFileSync(join(home, 'known'), Buffer.alloc(32), { mode: 0o600 });
        rmSync(path());
        symlinkSync(join(home, 'known'), path());
      },
    ];
    for (const one of spoil) {
      const before = userSecret(env());
      one();
      const after = userSecret(env());
      expect(after).toHaveLength(32);
      expect(after).not.toEqual(before);
      expect(readFileSync(path())).toEqual(after);
      expect(statSync(path()).mode & 0o777).toBe(0o600);
    }
  });

  test('is none where it cannot be kept', () => {
    writeFileSync(join(home, 'file'), '');
    expect(userSecret({ XDG_STATE_HOME: join(home, 'file') })).toBeNull();
    mkdirSync(path(), { recursive: true });
    writeFileSync(join(path(), 'x'), '');
    expect(userSecret(env())).toBeNull();
  });

  test("is none in a folder that others may write to, or that is not the user's, and says which", () => {
    userSecret(env());
    const folder = join(home, 'winnow');
    chmodSync(folder, 0o770);
    expect(userSecret(env())).toEqual({ folder, fault: 'others may write to it' });
    if (getuid!() !== 0) return;
    chmodSync(folder, 0o700);
    chownSync(folder, 4242, 4242);
    expect(userSecret(env())).toEqual({ folder, fault: 'it belongs to another user (4242)' });
  });
});
