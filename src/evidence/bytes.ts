/**
 * Sources of bytes that read from other sources. The layers between an image and a log are made of these. In: a `ByteSource`.
 * Out: another one. Refuses reads outside its bounds. A layer keeps only a few units of what it reads in memory.
 */
import { InputError } from '../model/errors.ts';
import type { ByteSource } from '../model/reader.ts';

/** One part of another source. It never reads outside this part, whatever offset a damaged structure names. */
export class Region implements ByteSource {
  readonly name: string;
  readonly start: number;
  readonly size: number;
  readonly #under: ByteSource;

  /** `size` is cut to what the other source has. */
  constructor(name: string, under: ByteSource, start = 0, size = under.size - start) {
    this.name = name;
    this.#under = under;
    this.start = start;
    this.size = Math.max(0, Math.min(size, under.size - start));
  }

  read(into: Uint8Array, offset: number): number {
    if (offset < 0 || offset >= this.size) return 0;
    return this.#under.read(into.subarray(0, Math.min(into.length, this.size - offset)), this.start + offset);
  }

  dataFrom(offset: number): number {
    return dataFrom(this.#under, this.start + offset) - this.start;
  }

  close(): void {
    this.#under.close();
  }
}

/** Parts one after the other: `image.001`, `image.002`, the extents of a VMDK. */
export class Joined implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #parts: readonly ByteSource[];
  readonly #starts: number[] = [];

  constructor(name: string, parts: readonly ByteSource[]) {
    this.name = name;
    this.#parts = parts;
    let size = 0;
    for (const part of parts) {
      this.#starts.push(size);
      size += part.size;
    }
    this.size = size;
  }

  read(into: Uint8Array, offset: number): number {
    if (offset < 0 || offset >= this.size) return 0;
    let filled = 0;
    for (let i = this.#starts.findLastIndex((start) => start <= offset); filled < into.length && i < this.#parts.length; i++) {
      const part = this.#parts[i]!;
      const at = offset + filled - this.#starts[i]!;
      const wanted = Math.min(into.length - filled, part.size - at);
      const got = wanted > 0 ? part.read(into.subarray(filled, filled + wanted), at) : 0;
      filled += got;
      if (got < wanted) break;
    }
    return filled;
  }

  close(): void {
    for (const part of this.#parts) part.close();
  }
}

/** A source whose bytes come in units of equal size: chunks of an E01, clusters of a QCOW2, blocks of a shadow copy. */
export abstract class UnitSource implements ByteSource {
  readonly name: string;
  readonly size: number;
  protected readonly unitBytes: number;

  constructor(name: string, size: number, unitBytes: number) {
    this.name = name;
    this.size = size;
    this.unitBytes = unitBytes;
  }

  /** The first unit from `unit` on that may have other bytes than zeros. Disks of virtual machines are mostly empty. */
  protected nextUnit(unit: number): number {
    return unit;
  }

  dataFrom(offset: number): number {
    return Math.max(offset, this.nextUnit(Math.floor(offset / this.unitBytes)) * this.unitBytes);
  }

  /** Fills `into` with bytes of one unit, starting at byte `at` of it. */
  protected abstract readIn(unit: number, at: number, into: Uint8Array): void;

  read(into: Uint8Array, offset: number): number {
    if (offset < 0 || offset >= this.size) return 0;
    const end = Math.min(this.size, offset + into.length);
    for (let at = offset; at < end; ) {
      const unit = Math.floor(at / this.unitBytes);
      const within = at - unit * this.unitBytes;
      const length = Math.min(this.unitBytes - within, end - at);
      this.readIn(unit, within, into.subarray(at - offset, at - offset + length));
      at += length;
    }
    return end - offset;
  }

  close(): void {}
}

/** Keeps the units used last, unpacked. */
export class RecentUnits {
  readonly #kept = new Map<number, Buffer>();
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(unit: number, make: () => Buffer): Buffer {
    const known = this.#kept.get(unit);
    if (known !== undefined) {
      // Moves it to the end, because it is now the newest.
      this.#kept.delete(unit);
      this.#kept.set(unit, known);
      return known;
    }
    const bytes = make();
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size < this.#most) break;
      this.#kept.delete(oldest);
    }
    this.#kept.set(unit, bytes);
    return bytes;
  }
}

/** Where the first byte from `offset` on lies that may be other than zero, as far as is known. */
export function dataFrom(source: ByteSource, offset: number): number {
  return source.dataFrom?.(offset) ?? offset;
}

/** Fills `into`, with zeros for bytes that are missing. Returns how many there were. */
export function readOrZero(source: ByteSource, into: Uint8Array, offset: number): number {
  const got = source.read(into, offset);
  if (got < into.length) into.fill(0, got);
  return got;
}

/** Reads `length` bytes of a structure that messages call `what`. Throws InputError when they are not there. */
export function readExactly(source: ByteSource, offset: number, length: number, what: string): Buffer {
  // Checked before memory is allocated, because the length may come from a damaged structure.
  const there = offset >= 0 && offset + length <= source.size;
  const into = Buffer.alloc(there ? length : 0);
  if (!there || source.read(into, offset) < length) {
    throw new InputError(`${what} should be ${length} bytes at 0x${offset.toString(16)}, but ${source.name} has ${source.size}`);
  }
  return into;
}

/** A number of 64 bits. It is exact up to 2^53; a larger one is larger than any size that occurs. */
export function uint64LE(bytes: Buffer, at: number): number {
  return bytes.readUInt32LE(at) + bytes.readUInt32LE(at + 4) * 2 ** 32;
}

export function uint64BE(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at + 4) + bytes.readUInt32BE(at) * 2 ** 32;
}
