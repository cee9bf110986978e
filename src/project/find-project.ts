/**
 * Finds the project file (`winnow.yml` or `.winnow.yml`) and the user's own. In: folders. Out: paths, and which files were
 * passed over and why. Refuses files where somebody else may have put them: they could switch rules off.
 */
import { existsSync, realpathSync, type Stats, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { getuid } from 'node:process';
import { isWithin } from '../files/find-files.ts';
import { type Environment, userFolder } from '../files/user-folders.ts';

/** The hidden name comes first, because it is the older one. */
export const PROJECT_NAMES = ['.winnow.yml', 'winnow.yml'];

/** For verbs that check rules: the nearest file to these paths; else to the working directory. */
export function nearestOf(names: readonly string[], folder: string, paths: readonly string[], home: string): string | null {
  const common = commonFolder(paths.map((path) => resolve(folder, path)));
  return (common === null ? null : nearestFile(names, common, home)) ?? nearestFile(names, resolve(folder), home);
}

/** The innermost folder that contains all of the paths; null when there are no paths. */
function commonFolder(paths: readonly string[]): string | null {
  const folders = paths.map((path) => (isFolder(path) ? path : dirname(path)));
  const [first] = folders;
  if (first === undefined) return null;
  let common = first;
  while (!folders.every((folder) => isWithin(folder, common))) common = dirname(common);
  return common;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/**
 * Searches upwards to the root of the repository, the home folder or a folder of another user, whichever comes first. In a
 * folder where anybody may write, such as /tmp, an attacker could leave a configuration that switches off checks.
 */
export function nearestFile(names: readonly string[], folder: string, home: string): string | null {
  const owners = new Set([getuid?.(), statSync(folder, { throwIfNoEntry: false })?.uid]);
  const isOurs = (stats: Stats | undefined): boolean => stats !== undefined && owners.has(stats.uid);
  for (let at = folder; ; at = dirname(at)) {
    if (at !== folder && !isOurs(statSync(at, { throwIfNoEntry: false }))) return null;
    for (const name of names) {
      const path = join(at, name);
      const config = statSync(path, { throwIfNoEntry: false });
      // The user chose the first folder, so a configuration there is trusted.
      if (config !== undefined && (at === folder || isOurs(config))) return path;
    }
    if (existsSync(join(at, '.git')) || at === home || dirname(at) === at) return null;
  }
}

export interface FoundProject {
  readonly path: string | null;
  readonly passedOver: readonly { readonly path: string; readonly why: 'in logs' | 'other owner' }[];
}

/**
 * For verbs that read logs: the nearest file from the working directory up to the root of its repository; outside of a repository
 * only in the working directory. Evidence may carry such a file: one that lies in the folder of a log that is read does not
 * count, nor one that belongs to somebody else.
 */
export function projectForLogs(cwd: string, logs: readonly string[], home: string): FoundProject {
  const folders = logs
    .map((path) => resolve(cwd, path))
    .filter(existsSync)
    .map(logFolder);
  const user = getuid?.();
  const passedOver: { path: string; why: 'in logs' | 'other owner' }[] = [];
  for (const at of upToRepository(resolve(cwd), home)) {
    const here = realPath(at);
    for (const name of PROJECT_NAMES) {
      const path = join(at, name);
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats === undefined) continue;
      const inLogs = folders.some(({ folder, deep }) => (deep ? isWithin(here, folder) : here === folder));
      const isOurs = user === undefined || (stats.uid === user && statSync(at).uid === user);
      if (!inLogs && isOurs) return { path, passedOver };
      passedOver.push({ path, why: inLogs ? 'in logs' : 'other owner' });
    }
  }
  return { path: null, passedOver };
}

/** Where a file may have come with the logs: anywhere in a folder of logs; for a single log, only in the log's own folder. */
function logFolder(path: string): { readonly folder: string; readonly deep: boolean } {
  const deep = isFolder(path);
  return { folder: realPath(deep ? path : dirname(path)), deep };
}

/** The path without links; the path itself where there is nothing. */
export function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The folder and those above it up to the repository's root; the folder alone when there is no repository. */
function upToRepository(folder: string, home: string): readonly string[] {
  const folders = [folder];
  for (let at = folder; !existsSync(join(at, '.git')); at = dirname(at)) {
    if (at === home || dirname(at) === at) return [folder];
    folders.push(dirname(at));
  }
  return folders;
}

/** Where the user's own file would be; null when the system has no such place. */
export function userFile(platform: NodeJS.Platform, env: Environment, home: string): string | null {
  const folder = userFolder('config', platform, env, home);
  return folder === null ? null : join(folder, 'winnow.yml');
}
