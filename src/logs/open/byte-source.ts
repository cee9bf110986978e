/** Bytes that can be read at any offset: a file, opened read-only and never held whole, or memory. */
import { closeSync, fstatSync, openSync, readSync, type Stats } from 'node:fs';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';

/** Which file it is, and what there was of it when it was found. Plain data: crosses threads. */
export interface FoundFile {
  readonly dev: number;
  readonly ino: number;
  readonly size: number;
  readonly mtimeMs: number;
  /** Open as long as the scan needs it, in all threads of the process; null: opened by its name. */
  readonly fd: number | null;
}

export function foundFile({ dev, ino, size, mtimeMs }: Stats, fd: number | null = null): FoundFile {
  return { dev, ino, size, mtimeMs, fd };
}

/** True when it is the same file, whatever it holds by now. */
export function isSameFile(a: FoundFile, b: FoundFile): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/** Reads until `into` is full or there is no more: a read may be short before the end (network shares, signals). */
export function readFully(read: (into: Uint8Array, offset: number) => number, into: Uint8Array, offset: number): number {
  let filled = 0;
  while (filled < into.length) {
    const got = read(into.subarray(filled), offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return filled;
}

/** As {@link readFully}, of an open file. */
export function readAt(fd: number, into: Uint8Array, offset: number): number {
  return readFully((part, at) => readSync(fd, part, 0, part.length, at), into, offset);
}

export class FileSource implements ByteSource {
  readonly name: string;
  readonly #fd: number;
  #own: boolean;

  /** Throws `InputError` when the file cannot be opened, or is another one than `found` by now. */
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

  /** Asked of the system each time: those who read a range know where it ends. */
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
