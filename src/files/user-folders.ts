/**
 * Where an operating system keeps the files of a program. In: what kind of files, the environment and the home folder. Out: winnow's
 * folder for them; null when the system has no such place.
 */
import { join, posix, win32 } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

const PLACES = {
  /** What can be made again. */
  cache: { windows: join('winnow', 'cache'), variable: 'XDG_CACHE_HOME', mac: 'Caches', other: '.cache' },
  /** What a program remembers from one run to the next. */
  state: { windows: 'winnow', variable: 'XDG_STATE_HOME', mac: 'Application Support', other: join('.local', 'state') },
} as const;

export function userFolder(kind: keyof typeof PLACES, platform: NodeJS.Platform, env: Environment, home: string): string | null {
  const { windows, variable, mac, other } = PLACES[kind];
  if (platform === 'win32') {
    return env.LOCALAPPDATA && win32.isAbsolute(env.LOCALAPPDATA) ? join(env.LOCALAPPDATA, windows) : null;
  }
  const named = env[variable];
  // XDG Base Directory Specification: a path that is not absolute must be ignored.
  if (named && posix.isAbsolute(named)) return join(named, 'winnow');
  if (home === '') return null;
  return platform === 'darwin' ? join(home, 'Library', mac, 'winnow') : join(home, other, 'winnow');
}
