/**
 * Writes a file, as all of winnow does: first under a random name in the same folder, then renamed to its place. In: a path and
 * bytes. Out: the whole file or no change. Refuses to write when something already has the random name, such as a link made by
 * an attacker.
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

/** The names of unfinished files begin with this. */
export const UNFINISHED_PREFIX = '.winnow-';

/** A file that replaces another one is readable for its owner only, until it gets the other's rights. */
const PRIVATE_MODE = 0o600;

const unfinished = new Set<string>();

/** Removes unfinished files when the process has to end early. */
export function removeUnfinished(): void {
  for (const path of unfinished) rmSync(path, { force: true });
  unfinished.clear();
}

/** A file that appears in its place when it is complete. A link at that place is replaced, never followed. */
export class AtomicFile {
  readonly #target: string;
  readonly #temporary: string;
  readonly #old: Stats | undefined;
  #closed = false;
  /** What is written to it becomes the content. */
  readonly fd: number;

  /** `newMode` (without the bits of the umask) is for a new file. A file that replaces another gets the rights of that one. */
  constructor(target: string, newMode = 0o666) {
    this.#target = target;
    this.#temporary = join(dirname(target), `${UNFINISHED_PREFIX}${randomBytes(12).toString('hex')}`);
    this.#old = lstatSync(target, { throwIfNoEntry: false });
    // `x` fails when the name is taken, also by a link.
    this.fd = openSync(this.#temporary, 'wx', this.#old === undefined ? newMode : PRIVATE_MODE);
    unfinished.add(this.#temporary);
  }

  /** Puts the complete content in place. With `replace` false, throws EEXIST when a file of that name exists by now. */
  finish({ replace }: { readonly replace: boolean }): void {
    try {
      if (this.#old?.isFile()) this.#takeOver(this.#old);
      // Written to disk before it is renamed, so that a power failure leaves either the old content or the new one.
      fsyncSync(this.fd);
      this.#close();
      if (replace) renameSync(this.#temporary, this.#target);
      else this.#appear();
    } finally {
      this.abandon();
    }
  }

  /** Drops the file. Does nothing after `finish`. */
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
      // When root replaces a file of another user, that user stays the owner.
      fchownSync(this.fd, uid, gid);
    } catch {
      // Only root can change the owner of a file.
    }
    fchmodSync(this.fd, mode & 0o777);
  }

  #appear(): void {
    try {
      linkSync(this.#temporary, this.#target);
    } catch (error) {
      // Some file systems have no hard links (FAT, some network shares). There, check for the name and then rename.
      if (lstatSync(this.#target, { throwIfNoEntry: false }) !== undefined) throw error;
      renameSync(this.#temporary, this.#target);
    }
  }
}

/** Writes a file with this content, replacing an existing one. */
export function writeFileAtomically(path: string, content: string | Uint8Array, newMode?: number): void {
  const file = new AtomicFile(path, newMode);
  try {
    writeFileSync(file.fd, content);
    file.finish({ replace: true });
  } finally {
    file.abandon();
  }
}
