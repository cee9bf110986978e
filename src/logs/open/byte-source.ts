/** A file as a `ByteSource`: opened read-only, read at any offset, never held whole. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';

export class FileSource implements ByteSource {
  readonly name: string;
  readonly #fd: number;
  #open = true;

  constructor(path: string) {
    this.name = path;
    try {
      this.#fd = openSync(path, 'r');
    } catch (cause) {
      throw new InputError(`${path} cannot be opened`, { cause });
    }
  }

  /** Asked of the system each time: those who read a range know where it ends. */
  get size(): number {
    return fstatSync(this.#fd).size;
  }

  read(into: Uint8Array, offset: number): number {
    let filled = 0;
    // A read may be short before the end (network shares, signals).
    while (filled < into.length) {
      const got = readSync(this.#fd, into, filled, into.length - filled, offset + filled);
      if (got === 0) break;
      filled += got;
    }
    return filled;
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
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
