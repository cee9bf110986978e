/**
 * Bytes that are written once and read back at random: kept in memory up to a bound, then in a temporary file that nobody
 * else can read and that goes away with the process, however it ends.
 */

import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBuffer } from '../../bytes/read-buffer.ts';
import { InputError, InternalError } from '../../model/errors.ts';

/** Bytes held in memory before a spool moves to a file: about 6,000 matches. */
export const SPOOL_MEMORY_BYTES = 16 * 1024 * 1024;
/** Written to the file in pieces of at least this many bytes. */
const WRITE_BYTES = 1024 * 1024;
/** Reads go through a few pages: in time order, neighbours in the file are asked for one after the other. */
const PAGE_BYTES = 16 * 1024;
const CACHED_PAGES = 512;
/** Who has read this many records one after the other is given the next ones from larger reads. */
const RUN = 8;
const AHEAD_BYTES = 256 * 1024;
/** `_O_TEMPORARY` of the Windows C library: the system deletes the file when its handle closes, also after a crash. */
const WINDOWS_DELETE_ON_CLOSE = 0x40;

const RELEASED = new Uint8Array(0);
/** Memory for blocks of this and more comes in multiples of it, so that one fits where another was; smaller ones are not worth it. */
const ROOM_BYTES = 256 * 1024;
/** Released memory that is kept for further blocks: as many pieces. */
const MOST_SPARE = 16;

interface TemporaryFile {
  readonly path: string;
  readonly descriptor: number;
}

export class Spool {
  readonly #memoryBytes: number;
  readonly #folder: string;
  /** Not yet in the file, in order; the first starts at `#written`. Empty where a block was released. */
  #blocks: Uint8Array[] = [];
  #offsets: number[] = [];
  #size = 0;
  #written = 0;
  /** Bytes of the blocks in memory. */
  #held = 0;
  /** Memory of released blocks. Fresh memory has to be found and cleared by the system, and by the garbage collector later. */
  #spare: ArrayBufferLike[] = [];
  #file: TemporaryFile | null = null;
  /** Page number -> its bytes, least recently used first. Only pages that lie wholly in the file. */
  readonly #pages = new Map<number, Buffer>();
  /** Where the last read ended, and how many before it went on from each other. */
  #last = 0;
  #run = 0;
  /** What was read ahead: from `#aheadStart` on. */
  #ahead: Buffer | null = null;
  #aheadStart = 0;
  #aheadBytes = 0;

  constructor(memoryBytes = SPOOL_MEMORY_BYTES, folder = tmpdir()) {
    this.#memoryBytes = memoryBytes;
    this.#folder = folder;
  }

  /** Bytes so far. */
  get size(): number {
    return this.#size;
  }

  /** Of them in memory. */
  get held(): number {
    return this.#held;
  }

  /** True once the spool has moved to a file. */
  get spilled(): boolean {
    return this.#file !== null;
  }

  /** Keeps `bytes`; returns their offset. */
  append(bytes: Uint8Array): number {
    const offset = this.#size;
    this.#size += bytes.length;
    this.#held += bytes.length;
    const full = this.#held > (this.#file === null ? this.#memoryBytes : WRITE_BYTES);
    // What goes to the file at once need not be copied.
    this.#blocks.push(full ? bytes : this.#copy(bytes));
    this.#offsets.push(offset);
    if (full) this.#flush();
    return offset;
  }

  /**
   * The block that was appended at `offset` will not be read again: it takes no memory, and no room in the file if it is not
   * there yet.
   */
  release(offset: number): void {
    if (offset < this.#written) return;
    const at = this.#blockAt(offset);
    const block = this.#blocks[at]!;
    this.#held -= block.length;
    this.#blocks[at] = RELEASED;
    if (block.buffer.byteLength >= ROOM_BYTES && this.#spare.length < MOST_SPARE) this.#spare.push(block.buffer);
  }

  /** The bytes at `offset`: valid until the next call. */
  read(offset: number, length: number): Buffer {
    if (offset < 0 || length < 0 || offset + length > this.#size) {
      throw new RangeError(`spool holds ${this.#size} bytes, asked for ${length} at ${offset}`);
    }
    if (offset >= this.#written) return this.#fromMemory(offset, length);
    // Between two records lies at most the rest of one that is not asked for.
    this.#run = offset >= this.#last && offset - this.#last < PAGE_BYTES ? this.#run + 1 : 0;
    this.#last = offset + length;
    if (this.#run >= RUN && length <= AHEAD_BYTES) return this.#readAhead(offset, length);
    // A record never straddles file and memory: blocks go to the file whole.
    const first = Math.floor(offset / PAGE_BYTES);
    const last = Math.floor((offset + length - 1) / PAGE_BYTES);
    if (first === last && (first + 1) * PAGE_BYTES <= this.#written) {
      const start = offset - first * PAGE_BYTES;
      return this.#page(first).subarray(start, start + length);
    }
    const into = Buffer.allocUnsafe(length);
    this.#readFile(into, offset);
    return into;
  }

  /** Gives the memory and the file back. The spool is empty afterwards. */
  close(): void {
    const file = this.#file;
    this.#file = null;
    this.#blocks = [];
    this.#offsets = [];
    this.#spare = [];
    this.#pages.clear();
    this.#ahead = null;
    this.#aheadBytes = 0;
    this.#size = 0;
    this.#written = 0;
    this.#held = 0;
    if (file === null) return;
    closeSync(file.descriptor);
    rmSync(file.path, { force: true });
  }

  #copy(bytes: Uint8Array): Uint8Array {
    if (bytes.length < ROOM_BYTES) return Uint8Array.prototype.slice.call(bytes);
    const fits = this.#spare.findIndex(({ byteLength }) => byteLength >= bytes.length);
    const memory =
      fits < 0 ? new ArrayBuffer(Math.ceil(bytes.length / ROOM_BYTES) * ROOM_BYTES) : this.#spare.splice(fits, 1)[0]!;
    const copy = new Uint8Array(memory, 0, bytes.length);
    copy.set(bytes);
    return copy;
  }

  /** Number of the block in memory that `offset` lies in. */
  #blockAt(offset: number): number {
    let low = 0;
    let high = this.#offsets.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#offsets[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  #fromMemory(offset: number, length: number): Buffer {
    const at = this.#blockAt(offset);
    const block = this.#blocks[at]!;
    if (block === RELEASED && length > 0) throw new InternalError(`the spool's bytes at ${offset} were released`);
    const start = offset - this.#offsets[at]!;
    return Buffer.from(block.buffer, block.byteOffset + start, length);
  }

  #readAhead(offset: number, length: number): Buffer {
    this.#ahead ??= readBuffer(AHEAD_BYTES);
    if (offset < this.#aheadStart || offset + length > this.#aheadStart + this.#aheadBytes) {
      this.#aheadStart = offset;
      this.#aheadBytes = Math.min(AHEAD_BYTES, this.#written - offset);
      this.#readFile(this.#ahead.subarray(0, this.#aheadBytes), offset);
    }
    const start = offset - this.#aheadStart;
    return this.#ahead.subarray(start, start + length);
  }

  #page(number: number): Buffer {
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = this.#sparePage();
      this.#readFile(page, number * PAGE_BYTES);
    } else {
      this.#pages.delete(number);
    }
    this.#pages.set(number, page);
    return page;
  }

  /** A page to read into: the least recently used one again, once there are enough. */
  #sparePage(): Buffer {
    if (this.#pages.size < CACHED_PAGES) return Buffer.allocUnsafeSlow(PAGE_BYTES);
    const [number, page] = this.#pages.entries().next().value!;
    this.#pages.delete(number);
    return page;
  }

  #readFile(into: Buffer, offset: number): void {
    let done = 0;
    while (done < into.length) {
      const count = readSync(this.#file!.descriptor, into, done, into.length - done, offset + done);
      if (count === 0) throw new InputError(`temporary file ${this.#file!.path} ends at ${offset + done}, expected more`);
      done += count;
    }
  }

  #flush(): void {
    try {
      this.#file ??= createTemporaryFile(this.#folder);
      for (const [i, block] of this.#blocks.entries()) {
        // What was released in between is a hole.
        const offset = this.#offsets[i]!;
        let done = 0;
        while (done < block.length) done += writeSync(this.#file.descriptor, block, done, block.length - done, offset + done);
      }
      this.#written = this.#size;
      this.#held = 0;
    } catch (cause) {
      throw new InputError(
        `matches no longer fit into memory and could not be written to ${this.#folder}: ${(cause as Error).message}. ` +
          'Point TMPDIR at a folder with room.',
        { cause },
      );
    }
    this.#blocks = [];
    this.#offsets = [];
  }
}

/** Matches hold evidence: only the user may read the file, and no name leads to it where the system allows that. */
function createTemporaryFile(folder: string): TemporaryFile {
  const path = join(folder, `winnow-${randomUUID()}.spool`);
  const windows = platform() === 'win32';
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (windows ? WINDOWS_DELETE_ON_CLOSE : 0);
  const descriptor = openSync(path, flags, 0o600);
  // An open file without a name is freed by the kernel when the process ends, also when it is killed.
  if (!windows) rmSync(path);
  return { path, descriptor };
}
