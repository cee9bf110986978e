/**
 * Whether what is found in a place can only come from the user. In: a path. Out: nothing, or why not. For caches: what they give back is
 * believed, so nobody else may be able to put something there. Windows keeps them in the user's profile; there is nothing to check.
 */
import { lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { getuid } from 'node:process';

/** Group and others may write. */
const WRITABLE_BY_OTHERS = 0o022;

/** Null for a file or folder that is the user's own and that nobody else may write to; else what is wrong with it. */
export function privacyFault({ uid, mode }: Pick<Stats, 'uid' | 'mode'>): string | null {
  const user = getuid?.();
  if (user === undefined) return null;
  if (uid !== user) return `it belongs to another user (${uid})`;
  return (mode & WRITABLE_BY_OTHERS) === 0 ? null : 'others may write to it';
}

/** The same for a folder, or a link to one, that may not be there yet. */
export function folderFault(path: string): string | null {
  const own = lstatSync(path, { throwIfNoEntry: false });
  if (own === undefined) return null;
  if (!own.isSymbolicLink()) return privacyFault(own);
  const target = statSync(path, { throwIfNoEntry: false });
  // The mode of a link says nothing; who made it does.
  return privacyFault({ uid: own.uid, mode: 0 }) ?? (target === undefined ? null : privacyFault(target));
}

/** Makes a folder for its user alone where there is none. Throws where that is not possible. */
export function makePrivateFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
}
