/**
 * Bytes that can be read at any offset: from memory, or from a file that is opened read-only and never held in memory as a
 * whole.
 */
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';

/** Identifies a file, with its size and time when it was found. Plain data, so that it can be sent between threads. */
export interface FoundFile {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** A descriptor that stays open during the scan, for all threads of the process. Null: the file is opened by its name. */
  readonly fd: number | null;
}

export function foundFile({ dev, ino, size, mtimeMs }: Stats, fd: number | null = null): FoundFile {
  return { dev, ino, size, mtimeMs, fd };
}

/** True when both are the same file, even if its content has changed. */
export function isSameFile(a: FoundFile, b: FoundFile): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/** Reads until `into` is full or the source ends. A single read may be short before the end (network shares, signals). */
export function readFully(read: (into: Uint8Array, offset: number) => number, into: Uint8Array, offset: number): number {
  let filled = 0;
  while (filled < into.length) {
    const got = read(into.subarray(filled), offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

/** Does the same for an open file. */
export function readAt(fd: number, into: Uint8Array, offset: number): number {
  return readFully((part, at) => readSync(fd, part, 0, part.length, at), into, offset);
}

export class FileSource implements ByteSource {
  readonly name: string;
  readonly #fd: number;
  #own: boolean;

  /** Throws `InputError` when the file cannot be opened, or is not the file `found`. */
  constructor(path: string, found: FoundFile | null = null) {
    this.name = path;
    this.#own = found === null || found.fd === null;
    try {
      this.#fd = found?.fd ?? openSync(path, 'r');
    } catch (cause) {
      throw new InputError(`${path} cannot be opened`, { cause });
    }
    if (!this.#own || found === null || isSameFile(foundFile(fstatSync(this.#fd)), found)) return;
    this.close();
    throw new InputError('there is another file of this name than when the scan began');
  }

  /** The system is asked for the size each time. Callers that read a range know where it ends and do not need the size. */
  get size(): number {
    return fstatSync(this.#fd).size;
  }

  read(into: Uint8Array, offset: number): number {
    return readAt(this.#fd, into, offset);
  }

  close(): void {
    if (!this.#own) return;
    this.#own = false;
    closeSync(this.#fd);
  }
}

/** Bytes in memory, for the library and for tests. */
export class MemorySource implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(name: string, bytes: Uint8Array) {
    this.name = name;
    this.#bytes = bytes;
    this.size = bytes.length;
  }

  read(into: Uint8Array, offset: number): number {
    const part = this.#bytes.subarray(offset, Math.min(this.size, offset + into.length));
    into.set(part);
    return part.length;
  }

  close(): void {}
}
