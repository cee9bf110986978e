import { readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { homeFolder } from '../../src/files/home-folder.ts';

test('is that of the system, and none where the system does not know the user, as in a container without HOME', () => {
  const unknown = () => {
    throw Object.assign(new Error('uv_os_homedir returned ENOENT'), { code: 'ERR_SYSTEM_ERROR' });
  };
  expect(homeFolder()).toBe(homedir());
  expect(homeFolder(unknown)).toBe('');
});

test('nothing else asks the system for it, which throws then', () => {
  const asking = readdirSync('src', { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(?:ts|tsx|mjs)$/.test(name))
    .filter((name) => /\bhomedir\b/.test(readFileSync(join('src', name), 'utf8')));
  expect(asking).toEqual([join('files', 'home-folder.ts')]);
});
