/**
 * A secret of the user. In: where the operating system keeps what programs remember. Out: 32 random bytes, the same in every run,
 * or null when they cannot be kept. What winnow caches is authenticated with it, so a cache that somebody else made, or that
 * was copied here with a folder, is not used. The secret is not in the cache folder, because that one may be copied.
 */
import { randomBytes } from 'node:crypto';
import { lstatSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { platform } from 'node:process';
import { writeFileAtomically } from './atomic-file.ts';
import { homeFolder } from './home-folder.ts';
import { folderFault, makePrivateFolder, privacyFault } from './private-folder.ts';
import { type Environment, userFolder } from './user-folders.ts';

const BYTES = 32;
/** Group or others may read. */
const READABLE_BY_OTHERS = 0o044;

/** Null when there is no place for it; a folder and what is wrong with it when somebody else may have written there. */
export function userSecret(env: Environment): Buffer | { readonly folder: string; readonly fault: string } | null {
  const path = secretFile(platform, env, env.HOME ?? homeFolder());
  if (path === null) return null;
  const folder = dirname(path);
  try {
    const fault = folderFault(folder);
    return fault === null ? (readSecret(path) ?? makeSecret(path)) : { folder, fault };
  } catch {
    return null;
  }
}

/** Where the secret is kept; null when the system has no such place. */
export function secretFile(platform: NodeJS.Platform, env: Environment, home: string): string | null {
  const folder = userFolder('state', platform, env, home);
  return folder === null ? null : join(folder, 'cache-secret');
}

/** Null when there is none, or when somebody else may know it or may have made it. */
function readSecret(path: string): Buffer | null {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (!stats?.isFile() || stats.size !== BYTES || privacyFault(stats) !== null) return null;
  return platform === 'win32' || (stats.mode & READABLE_BY_OTHERS) === 0 ? readFileSync(path) : null;
}

/** Replaces what is there. Where two runs make one at the same time, the later one stays; what the other run caches is made anew next time. */
function makeSecret(path: string): Buffer | null {
  makePrivateFolder(dirname(path));
  // Otherwise the new file would get the rights of the old one.
  rmSync(path, { force: true });
  writeFileAtomically(path, randomBytes(BYTES), 0o600);
  return readSecret(path);
}
