import { join } from 'node:path';
import { expect, test } from 'vitest';
import { defaultCacheFolder } from '../../src/commands/run/cache-folder.ts';

test('caches are where the operating system wants them', () => {
  expect(defaultCacheFolder('linux', {}, '/home/x')).toBe(join('/home/x', '.cache', 'winnow'));
  expect(defaultCacheFolder('linux', { XDG_CACHE_HOME: '/c' }, '/home/x')).toBe(join('/c', 'winnow'));
  expect(defaultCacheFolder('darwin', {}, '/Users/x')).toBe(join('/Users/x', 'Library', 'Caches', 'winnow'));
  expect(defaultCacheFolder('win32', { LOCALAPPDATA: 'C:\\L' }, 'C:\\x')).toBe(join('C:\\L', 'winnow', 'cache'));
  expect(defaultCacheFolder('win32', {}, 'C:\\x')).toBe(null);
  expect(defaultCacheFolder('linux', {}, '')).toBe(null);
  expect(defaultCacheFolder('linux', { XDG_CACHE_HOME: 'relative' }, '/home/x')).toBe(join('/home/x', '.cache', 'winnow'));
  expect(defaultCacheFolder('linux', { XDG_CACHE_HOME: '' }, '/home/x')).toBe(join('/home/x', '.cache', 'winnow'));
  expect(defaultCacheFolder('win32', { LOCALAPPDATA: 'relative' }, 'C:\\x')).toBe(null);
});
