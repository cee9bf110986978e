/**
 * The one way in which winnow writes a file: beside its place under a random name, then into its place. In: a path and bytes.
 * Out: the file, whole or not at all. Refuses to write through anything that stands under the random name, a link above all.
 */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fchownSync,
  fsyncSync,
  linkSync,
  lstatSync,
  openSync,
  renameSync,
  rmSync,
  type Stats,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** Begins the names of files that are not yet whole. */
export const UNFINISHED_PREFIX = '.winnow-';

/** What takes the place of a file is for its owner alone until it has the rights of that file. */
const PRIVATE_MODE = 0o600;

const unfinished = new Set<string>();

/** For a process that is about to end in the middle of its work. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

/** A file that takes its place when it is whole. A link under its name is replaced, never followed. */
export class AtomicFile {
  readonly #target: string;
  readonly #temporary: string;
  readonly #old: Stats | undefined;
  #closed = false;
  /** What is written here will be the content. */
  readonly fd: number;

  /** `newMode` (less what the umask takes away) is for a file that is new: one that is replaced hands on its own. */
  constructor(target: string, newMode = 0o666) {
    this.#target = target;
    this.#temporary = join(dirname(target), `${UNFINISHED_PREFIX}${randomBytes(12).toString('hex')}`);
    this.#old = lstatSync(target, { throwIfNoEntry: false });
    // `x`: the name must be free, and a link counts as a name.
    this.fd = openSync(this.#temporary, 'wx', this.#old === undefined ? newMode : PRIVATE_MODE);
    unfinished.add(this.#temporary);
  }

  /** The content is complete. With `replace` false, throws EEXIST where there is a file of that name by now. */
  finish({ replace }: { readonly replace: boolean }): void {
    try {
      if (this.#old?.isFile()) this.#takeOver(this.#old);
      // On disk before it is in place: a power failure must leave the old content or the new one.
      fsyncSync(this.fd);
      this.#close();
      if (replace) renameSync(this.#temporary, this.#target);
      else this.#appear();
    } finally {
      this.abandon();
    }
  }

  /** The file does not appear. Does nothing once it has been finished. */
  abandon(): void {
    this.#close();
    if (unfinished.delete(this.#temporary)) rmSync(this.#temporary, { force: true });
  }

  #close(): void {
    if (this.#closed) return;
    this.#closed = true;
    closeSync(this.fd);
  }

  #takeOver({ mode, uid, gid }: Stats): void {
    try {
      // Whoever works as root on the files of others leaves them theirs.
      fchownSync(this.fd, uid, gid);
    } catch {
      // Only root can give files away.
    }
    fchmodSync(this.fd, mode & 0o777);
  }

  #appear(): void {
    try {
      linkSync(this.#temporary, this.#target);
    } catch (error) {
      // Some file systems have no hard links (FAT, some network shares): look, then rename.
      if (lstatSync(this.#target, { throwIfNoEntry: false }) !== undefined) throw error;
      renameSync(this.#temporary, this.#target);
    }
  }
}

/** Writes a file whose content is at hand, in place of one that may be there. */
export function writeFileAtomically(path: string, content: string | Uint8Array, newMode?: number): void {
  const file = new AtomicFile(path, newMode);
  try {
    writeFileSync(file.fd, content);
    file.finish({ replace: true });
  } finally {
    file.abandon();
  }
}
