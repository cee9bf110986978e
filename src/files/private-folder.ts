/**
 * Checks that only the user can have written what is in a place. In: a path. Out: null, or the reason why not. Caches need
 * this: their content is trusted, so nobody else may be able to put something there. On Windows the cache is in the user's
 * profile, and there is nothing to check.
 */
import { lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { getuid } from 'node:process';

/** Group or others may write. */
const WRITABLE_BY_OTHERS = 0o022;

/** null for a file or folder that belongs to the user and that nobody else may write to; otherwise what is wrong with it. */
export function privacyFault({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): string | null {
  const user = getuid?.();
  if (user === undefined) return null;
  if (uid !== user) return `it belongs to another user (${uid})`;
  return (mode & WRITABLE_BY_OTHERS) === 0 ? null : 'others may write to it';
}

/** The same for a folder, or a link to one, that may not exist yet. */
export function folderFault(path: string): string | null {
  const own = lstatSync(path, { throwIfNoEntry: false });
  if (own === undefined) return null;
  if (!own.isSymbolicLink()) return privacyFault(own);
  const target = statSync(path, { throwIfNoEntry: false });
  // The mode of a link means nothing. Its owner does.
  return privacyFault({ uid: own.uid, mode: 0 }) ?? (target === undefined ? null : privacyFault(target));
}

/** Makes a folder that only its user can access, unless it exists. Throws when that fails. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}
