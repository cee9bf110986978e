/**
 * The disk cache of compiled rules. In: a folder and a key (a digest of everything that the compiled rules depend on). Out: the
 * bytes that were stored under the key, or nothing. It is never stale, because the key is made from contents, not from names or
 * dates. Refuses an incomplete file, and any file that somebody else may have written, since a crafted file could silence every
 * rule. The folder may be deleted at any time. A fault of the cache is never an error.
 */
import { closeSync, fstatSync, openSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { UNFINISHED_PREFIX, writeFileAtomically } from '../../files/atomic-file.ts';
import { folderFault, makePrivateFolder, privacyFault } from '../../files/private-folder.ts';

/**
 * File layout: 8 bytes magic, 32 bytes key, 8 bytes length of the content, 4 bytes CRC-32 of the content, 4 bytes zero (the
 * content is aligned to 8), the content. Little-endian.
 */
const MAGIC = Buffer.from('WNNWRS1\n', 'latin1');
const KEY_AT = 8;
const KEY_BYTES = 32;
const LENGTH_AT = KEY_AT + KEY_BYTES;
const CHECKSUM_AT = LENGTH_AT + 8;
const CONTENT_AT = CHECKSUM_AT + 8;
/** Rule sets kept. The least recently used ones are removed first. */
const MAX_FILES = 12;
const SUFFIX = '.ruleset';

export class RuleCache {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  #path(key: Buffer): string {
    return join(this.#folder, `${key.toString('hex')}${SUFFIX}`);
  }

  /** Why the folder must not be used. Null when it may be used or does not exist yet. */
  get fault(): string | null {
    try {
      return folderFault(this.#folder);
    } catch {
      // A folder that cannot be examined gives nothing to read either.
      return null;
    }
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
      if (bytes === null || !isWhole(bytes, key)) return null;
      touch(path);
      return bytes.subarray(CONTENT_AT);
    } catch {
      return null;
    }
  }

  /** Stores a content. The file gets its name only once it is complete. Returns false when it could not be stored. */
  store(key: Buffer, content: Buffer): boolean {
    const header = Buffer.alloc(CONTENT_AT);
    MAGIC.copy(header);
    key.copy(header, KEY_AT);
    header.writeBigUInt64LE(BigInt(content.length), LENGTH_AT);
    header.writeUInt32LE(crc32(content), CHECKSUM_AT);
    const path = this.#path(key);
    try {
      makePrivateFolder(this.#folder);
      // The existing file was not usable. It is removed so that its access rights are not passed on.
      remove(path);
      writeFileAtomically(path, Buffer.concat([header, content]), 0o600);
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

function isWhole(bytes: Buffer, key: Buffer): boolean {
  if (bytes.length < CONTENT_AT || !bytes.subarray(0, KEY_AT).equals(MAGIC)) return false;
  if (!bytes.subarray(KEY_AT, LENGTH_AT).equals(key)) return false;
  if (bytes.readBigUInt64LE(LENGTH_AT) !== BigInt(bytes.length - CONTENT_AT)) return false;
  return crc32(bytes.subarray(CONTENT_AT)) === bytes.readUInt32LE(CHECKSUM_AT);
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
