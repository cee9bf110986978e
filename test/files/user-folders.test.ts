import { join } from 'node:path';
import { expect, test } from 'vitest';
import { userFolder } from '../../src/files/user-folders.ts';

test('caches are where the operating system wants them', () => {
  expect(userFolder('cache', 'linux', {}, '/home/x')).toBe(join('/home/x', '.cache', 'winnow'));
  expect(userFolder('cache', 'linux', { XDG_CACHE_HOME: '/c' }, '/home/x')).toBe(join('/c', 'winnow'));
  expect(userFolder('cache', 'darwin', {}, '/Users/x')).toBe(join('/Users/x', 'Library', 'Caches', 'winnow'));
  expect(userFolder('cache', 'win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\x')).toBe(join('C:\\L', 'winnow', 'cache'));
  expect(userFolder('cache', 'win32', {}, 'C:\\x')).toBe(null);
  expect(userFolder('cache', 'linux', {}, '')).toBe(null);
  expect(userFolder('cache', 'linux', { XDG_CACHE_HOME: 'relative' }, '/home/x')).toBe(join('/home/x', '.cache', 'winnow'));
  expect(userFolder('cache', 'linux', { XDG_CACHE_HOME: '' }, '/home/x')).toBe(join('/home/x', '.cache', 'winnow'));
  expect(userFolder('cache', 'win32', { LOCALAPPDATA: 'relative' }, 'C:\\x')).toBe(null);
});
