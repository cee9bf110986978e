/**
 * The disk cache of compiled rules. In: a key (a digest of everything that the result depends on) and a folder. Out: the bytes
 * that were stored under that key, or nothing. Never stale: the key is made from contents, not from names or dates. Refuses a
 * file that is not whole, and whatever somebody else may have put there: a crafted file could silence every rule. Safe to delete at any time; no fault of the cache is ever an error.
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
/** Rule sets kept; the ones used least recently go first. */
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

  /** Why the folder must not be used; null when it may be, or is not there yet. */
  get fault(): string | null {
    try {
      return folderFault(this.#folder);
    } catch {
      // Neither can anything be read from it.
      return null;
    }
  }

  /** True when nothing is stored under any key. */
  get isEmpty(): boolean {
    try {
      return !readdirSync(this.#folder).some((name) => name.endsWith(SUFFIX));
    } catch {
      return true;
    }
  }

  /** The content stored under a key (32 bytes); null when there is none, or none that is whole. */
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

  /** Stores a content. It appears under its name only when it is complete. Returns false when it could not be stored. */
  store(key: Buffer, content: Buffer): boolean {
    const header = Buffer.alloc(CONTENT_AT);
    MAGIC.copy(header);
    key.copy(header, KEY_AT);
    header.writeBigUInt64LE(BigInt(content.length), LENGTH_AT);
    header.writeUInt32LE(crc32(content), CHECKSUM_AT);
    const path = this.#path(key);
    try {
      makePrivateFolder(this.#folder);
      // What is there could not be used: its mode must not be handed on.
      remove(path);
      writeFileAtomically(path, Buffer.concat([header, content]), 0o600);
      this.#evict();
      return true;
    } catch {
      return false;
    }
  }

  /** Keeps the cache small, and clears away what an interrupted run left unfinished. */
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

/** An unfinished file of this age belongs to a run that is gone. */
const UNFINISHED_MS = 3_600_000;

/** Null for a file that somebody else may have written. */
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
    // Another process has it open, or the folder is no folder: nothing is lost.
  }
}

/** Marks a file as used; a cache that cannot be written to is still good to read. */
function touch(path: string): void {
  try {
    const now = new Date();
    utimesSync(path, now, now);
  } catch {
    // A read-only cache: eviction then goes by the time of writing.
  }
}
