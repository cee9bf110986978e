/** Where winnow keeps what it can make again: compiled rules, and its own compiled code. */
import module from 'node:module';
import { homedir, platform } from 'node:os';
import { join, posix, win32 } from 'node:path';
import { folderFault, makePrivateFolder } from '../../files/private-folder.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The cache folder of this user on this machine; null when there is none. */
export function cacheFolder(env: Environment): string | null {
  return defaultCacheFolder(platform(), env, homedir());
}

/** Where the operating system wants caches. `env` and `home` come from the process; null when it has no such place. */
export function defaultCacheFolder(platform: NodeJS.Platform, env: Environment, home: string): string | null {
  if (platform === 'win32') {
    return env.LOCALAPPDATA && win32.isAbsolute(env.LOCALAPPDATA) ? join(env.LOCALAPPDATA, 'winnow', 'cache') : null;
  }
  // XDG Base Directory Specification: a path that is not absolute is to be ignored.
  if (env.XDG_CACHE_HOME && posix.isAbsolute(env.XDG_CACHE_HOME)) return join(env.XDG_CACHE_HOME, 'winnow');
  if (home === '') return null;
  return platform === 'darwin' ? join(home, 'Library', 'Caches', 'winnow') : join(home, '.cache', 'winnow');
}

/**
 * From now on modules are compiled once and then read from the cache, which the runtime keeps by their content: a third of the
 * time that loading takes. Node can do it from 22.1 on; the types of the oldest Node that we support do not know of it.
 */
export function keepCompiledCode(env: Environment): void {
  const folder = cacheFolder(env);
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (folder === null || enableCompileCache === undefined) return;
  const code = join(folder, 'code');
  try {
    makePrivateFolder(code);
    // What is read from there is run.
    if (folderFault(folder) === null && folderFault(code) === null) enableCompileCache(code);
  } catch {
    // Nowhere to keep it: it is compiled each time.
  }
}
