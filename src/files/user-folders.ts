/**
 * Where an operating system keeps the files of a program. In: what kind of files, the environment and the home folder. Out: winnow's
 * folder for them; null when the system has no such place.
 */
import { join, posix, win32 } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

/** On Windows below the folder that a variable names; elsewhere below that of another variable, else below the home folder. */
const PLACES = {
  /** What can be made again. */
  cache: {
    windows: ['LOCALAPPDATA', join('winnow', 'cache')],
    variable: 'XDG_CACHE_HOME',
    mac: 'Library/Caches',
    other: '.cache',
  },
  /** What a program remembers from one run to the next. */
  state: {
    windows: ['LOCALAPPDATA', 'winnow'],
    variable: 'XDG_STATE_HOME',
    mac: 'Library/Application Support',
    other: '.local/state',
  },
  /** What the user has written. */
  config: { windows: ['APPDATA', 'winnow'], variable: 'XDG_CONFIG_HOME', mac: '.config', other: '.config' },
} as const;

export function userFolder(kind: keyof typeof PLACES, platform: NodeJS.Platform, env: Environment, home: string): string | null {
  const { windows, variable, mac, other } = PLACES[kind];
  if (platform === 'win32') {
    const [below, folder] = [env[windows[0]], windows[1]];
    return below && win32.isAbsolute(below) ? join(below, folder) : null;
  }
  const named = env[variable];
  // XDG Base Directory Specification: a path that is not absolute must be ignored.
  if (named && posix.isAbsolute(named)) return join(named, 'winnow');
  if (home === '') return null;
  return join(home, platform === 'darwin' ? mac : other, 'winnow');
}
