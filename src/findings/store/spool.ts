/**
 * Keeps bytes that are written once and read back in any order: in memory up to a limit, then in a temporary file. No other
 * user can read that file, and it disappears with the process, however that ends.
 */

import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBuffer } from '../../bytes/read-buffer.ts';
import { InputError, InternalError } from '../../model/errors.ts';

/** Above this many bytes in memory, a spool moves to a file. About 6,000 matches. */
export const SPOOL_MEMORY_BYTES = 16 * 1024 * 1024;
/** Bytes go to the file in pieces of at least this size. */
const WRITE_BYTES = 1024 * 1024;
/**
 * Reads are cached in pages of this size, because in time order neighbouring records of the file are often read one after the
 * other.
 */
const PAGE_BYTES = 16 * 1024;
const CACHED_PAGES = 512;
/** After this many reads in a row, larger parts are read ahead. */
const RUN = 8;
const AHEAD_BYTES = 256 * 1024;
/** Reads in a row may be interleaved with those of another row: a log and its copy are compared record by record. */
const ROWS = 2;
/** `_O_TEMPORARY` of the Windows C library: the system deletes the file when its handle closes, also after a crash. */
const WINDOWS_DELETE_ON_CLOSE = 0x40;

const RELEASED = new Uint8Array(0);
/**
 * Memory for larger blocks is allotted in multiples of this, so that a new block fits where an old one was. Smaller blocks are
 * not worth reusing.
 */
const ROOM_BYTES = 256 * 1024;
/** How many pieces of released memory are kept for later blocks; once there is a file, a few blocks are in memory at a time. */
const MOST_SPARE = 16;
const MOST_SPARE_WITH_FILE = 2;

/** Reads that follow each other in the file, and what was read ahead for them. */
interface ReadRow {
  /** Where the last read ended, and how many reads before it were in a row. */
  last: number;
  run: number;
  /** Bytes that were read ahead, starting at `start`. */
  ahead: Buffer | null;
  start: number;
  bytes: number;
}

interface TemporaryFile {
  readonly path: string;
  readonly descriptor: number;
}

export class Spool {
  readonly #memoryBytes: number;
  readonly #folder: string;
  /** Blocks that are not in the file yet, in order. The first starts at `#written`. A released block is empty. */
  #blocks: Uint8Array[] = [];
  #offsets: number[] = [];
  #size = 0;
  #written = 0;
  /** Bytes of the blocks in memory. */
  #held = 0;
  /**
   * Memory of released blocks, kept because the system has to clear fresh memory, and the garbage collector has to free it
   * later.
   */
  #spare: ArrayBufferLike[] = [];
  #file: TemporaryFile | null = null;
  /** Page number -> its bytes, least recently used first. Only pages that are entirely in the file. */
  readonly #pages = new Map<number, Buffer>();
  /** Most recently used first. */
  #rows: ReadRow[] = newRows();

  constructor(memoryBytes = SPOOL_MEMORY_BYTES, folder = tmpdir()) {
    this.#memoryBytes = memoryBytes;
    this.#folder = folder;
  }

  /** How many bytes the spool has. */
  get size(): number {
    return this.#size;
  }

  /** How many of these bytes are in memory. */
  get held(): number {
    return this.#held;
  }

  /** True once the spool has moved to a file. */
  get spilled(): boolean {
    return this.#file !== null;
  }

  /** Keeps `bytes` and returns their offset. */
  append(bytes: Uint8Array): number {
    const offset = this.#size;
    this.#size += bytes.length;
    this.#held += bytes.length;
    const full = this.#held > (this.#file === null ? this.#memoryBytes : WRITE_BYTES);
    this.#blocks.push(full ? bytes : this.#copy(bytes));
    this.#offsets.push(offset);
    if (full) this.#flush();
    return offset;
  }

  /**
   * Frees the block that was appended at `offset`, which will not be read again. It no longer takes memory, and takes no room
   * in the file if it is not written yet.
   */
  release(offset: number): void {
    if (offset < this.#written) return;
    const at = this.#blockAt(offset);
    const block = this.#blocks[at]!;
    this.#held -= block.length;
    this.#blocks[at] = RELEASED;
    this.#reuse(block, MOST_SPARE);
  }

  /** The bytes at `offset`, valid until the next call. */
  read(offset: number, length: number): Buffer {
    if (offset < 0 || length < 0 || offset + length > this.#size) {
      throw new RangeError(`spool holds ${this.#size} bytes, asked for ${length} at ${offset}`);
    }
    if (offset >= this.#written) return this.#fromMemory(offset, length);
    const row = this.#rowOf(offset);
    row.last = offset + length;
    if (row.run >= RUN && length <= AHEAD_BYTES) return this.#readAhead(row, offset, length);
    // A record is never partly in the file and partly in memory, because blocks are written whole.
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

  /** Releases the memory and the file. The spool is empty afterwards. */
  close(): void {
    const file = this.#file;
    this.#file = null;
    this.#blocks = [];
    this.#offsets = [];
    this.#spare = [];
    this.#pages.clear();
    this.#rows = newRows();
    this.#size = 0;
    this.#written = 0;
    this.#held = 0;
    if (file === null) return;
    closeSync(file.descriptor);
    rmSync(file.path, { force: true });
  }

  #reuse(block: Uint8Array, most: number): void {
    if (block.buffer.byteLength >= ROOM_BYTES && this.#spare.length < most) this.#spare.push(block.buffer);
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

  /** The number of the block in memory that contains `offset`. */
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

  /** The row that a read at `offset` goes on with. Without one, the least recently used row begins anew. */
  #rowOf(offset: number): ReadRow {
    // In a row means that at most the unread rest of one record lies between two reads.
    const found = this.#rows.findIndex(({ last }) => offset >= last && offset - last < PAGE_BYTES);
    const [row] = this.#rows.splice(found, 1);
    row!.run = found < 0 ? 0 : row!.run + 1;
    this.#rows.unshift(row!);
    return row!;
  }

  #readAhead(row: ReadRow, offset: number, length: number): Buffer {
    row.ahead ??= readBuffer(AHEAD_BYTES);
    if (offset < row.start || offset + length > row.start + row.bytes) {
      row.start = offset;
      row.bytes = Math.min(AHEAD_BYTES, this.#written - offset);
      this.#readFile(row.ahead.subarray(0, row.bytes), offset);
    }
    const start = offset - row.start;
    return row.ahead.subarray(start, start + length);
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

  /** A page to read into. Once there are enough pages, this is the least recently used one. */
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
        // A block that was released before it was written leaves a hole in the file.
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
    // The last block was not copied, because it was written at once: its memory is the caller's.
    for (const block of this.#blocks.slice(0, -1)) this.#reuse(block, MOST_SPARE_WITH_FILE);
    this.#blocks = [];
    this.#offsets = [];
  }
}

function newRows(): ReadRow[] {
  return Array.from({ length: ROWS }, () => ({ last: 0, run: 0, ahead: null, start: 0, bytes: 0 }));
}

/** Matches contain evidence, so only the user may read the file. Where the system allows it, the file has no name. */
function createTemporaryFile(folder: string): TemporaryFile {
  const path = join(folder, `winnow-${randomUUID()}.spool`);
  const windows = platform() === 'win32';
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | (windows ? WINDOWS_DELETE_ON_CLOSE : 0);
  const descriptor = openSync(path, flags, 0o600);
  // The kernel frees an open file without a name when the process ends, even if it is killed.
  if (!windows) rmSync(path);
  return { path, descriptor };
}
