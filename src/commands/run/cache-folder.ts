/** Finds the folder for things that can be made again: compiled rules, and winnow's own compiled code. */
import { createHmac } from 'node:crypto';
import module from 'node:module';
import { platform } from 'node:os';
import { join } from 'node:path';
import { homeFolder } from '../../files/home-folder.ts';
import { folderFault, makePrivateFolder } from '../../files/private-folder.ts';
import { type Environment, userFolder } from '../../files/user-folders.ts';
import { userSecret } from '../../files/user-secret.ts';

/** The cache folder of this user on this machine; null when there is none. */
export function cacheFolder(env: Environment): string | null {
  return userFolder('cache', platform(), env, homeFolder());
}

/**
 * From now on the runtime compiles modules once and keeps the result by their content, which saves two thirds of the loading
 * time. Node has this from 22.1 on, and the types of the oldest supported Node do not declare it.
 */
export function keepCompiledCode(env: Environment): void {
  const folder = cacheFolder(env);
  const { enableCompileCache } = module as { enableCompileCache?: (folder: string) => unknown };
  if (folder === null || enableCompileCache === undefined) return;
  const secret = userSecret(env);
  if (!Buffer.isBuffer(secret)) return;
  // Code from there is run. Whoever does not know the secret does not know the folder's name, and can put nothing into it.
  const code = join(folder, `code-${createHmac('sha256', secret).update('code').digest('hex').slice(0, 16)}`);
  try {
    makePrivateFolder(code);
    if (folderFault(folder) === null && folderFault(code) === null) enableCompileCache(code);
  } catch {
    // Without a place to keep it, code is compiled each time.
  }
}
