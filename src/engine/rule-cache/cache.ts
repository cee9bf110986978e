/**
 * The disk cache of compiled rules. In: a folder, the user's secret and a key (a digest of everything that the compiled rules
 * depend on). Out: the bytes that were stored under the key, or nothing. It is never stale, because the key is made from
 * contents, not from names or dates. Refuses an incomplete file, and any file that was not made with the secret or that somebody
 * else may have written: a crafted file could silence every rule. The folder may be deleted at any time. A fault of the cache is
 * never an error.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { UNFINISHED_PREFIX, writeFileAtomically } from '../../files/atomic-file.ts';
import { makePrivateFolder, privacyFault } from '../../files/private-folder.ts';

/** File layout: 8 bytes magic, 32 bytes key, 32 bytes HMAC-SHA-256 of key and content, the content (aligned to 8). */
const MAGIC = Buffer.from('WNNWRS2\n', 'latin1');
const KEY_AT = 8;
const CODE_AT = KEY_AT + 32;
const CONTENT_AT = CODE_AT + 32;
/** Rule sets kept. The least recently used ones are removed first. */
const MAX_FILES = 12;
const SUFFIX = '.ruleset';

export class RuleCache {
  readonly #folder: string;
  readonly #secret: Buffer;

  constructor(folder: string, secret: Buffer) {
    this.#folder = folder;
    this.#secret = secret;
  }

  /** The HMAC of a key and a content. Only somebody who knows the secret can make it. */
  #code(key: Buffer, content: Buffer): Buffer {
    return createHmac('sha256', this.#secret).update(key).update(content).digest();
  }

  #path(key: Buffer): string {
    return join(this.#folder, `${key.toString('hex')}${SUFFIX}`);
  }

  /** True when the cache has no content at all. */
  get isEmpty(): boolean {
    try {
      return !readdirSync(this.#folder).some((name) => name.endsWith(SUFFIX));
    } catch {
      return true;
    }
  }

  /** The content stored under a key (32 bytes). Null when there is none or it is incomplete. */
  load(key: Buffer): Buffer | null {
    const path = this.#path(key);
    try {
      const bytes = readOwn(path);
      if (bytes === null || !this.#isOwn(bytes, key)) return null;
      touch(path);
      return bytes.subarray(CONTENT_AT);
    } catch {
      return null;
    }
  }

  /** The key is in the name of the file as well, but files can be renamed. */
  #isOwn(bytes: Buffer, key: Buffer): boolean {
    if (bytes.length < CONTENT_AT || !bytes.subarray(0, KEY_AT).equals(MAGIC)) return false;
    if (!bytes.subarray(KEY_AT, CODE_AT).equals(key)) return false;
    return timingSafeEqual(bytes.subarray(CODE_AT, CONTENT_AT), this.#code(key, bytes.subarray(CONTENT_AT)));
  }

  /** Stores a content. The file gets its name only once it is complete. Returns false when it could not be stored. */
  store(key: Buffer, content: Buffer): boolean {
    const path = this.#path(key);
    try {
      makePrivateFolder(this.#folder);
      // The existing file was not usable. It is removed so that its access rights are not passed on.
      remove(path);
      writeFileAtomically(path, Buffer.concat([MAGIC, key, this.#code(key, content), content]), 0o600);
      this.#evict();
      return true;
    } catch {
      return false;
    }
  }

  /** Limits the size of the cache and removes unfinished files of interrupted runs. */
  #evict(): void {
    const files = readdirSync(this.#folder)
      .filter((name) => name.endsWith(SUFFIX) || name.startsWith(UNFINISHED_PREFIX))
      .map((name) => {
        const path = join(this.#folder, name);
        return { path, finished: name.endsWith(SUFFIX), usedMs: statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0 };
      })
      .sort((a, b) => b.usedMs - a.usedMs);
    const newest = files[0]?.usedMs ?? 0;
    const finished = files.filter((file) => file.finished);
    for (const file of finished.slice(MAX_FILES)) remove(file.path);
    for (const file of files) if (!file.finished && newest - file.usedMs > UNFINISHED_MS) remove(file.path);
  }
}

/** An unfinished file older than this was left by a run that no longer exists. */
const UNFINISHED_MS = 3_600_000;

/** Reads a file. Null when somebody else may have written it. */
function readOwn(path: string): Buffer | null {
  const fd = openSync(path, 'r');
  try {
    return privacyFault(fstatSync(fd)) === null ? readFileSync(fd) : null;
  } finally {
    closeSync(fd);
  }
}

function remove(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // Another process has the file open, or the folder is not a folder. Nothing is lost either way.
  }
}

/** Marks a file as used. A cache that cannot be written to may still be read. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // The cache is read-only. Files are then removed in the order in which they were written.
  }
}
