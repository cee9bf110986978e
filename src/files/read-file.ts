/**
 * Reads files that people write by hand: rules, tests, values, configurations. In: a path and a limit. Out: all bytes. Refuses
 * files above the limit and files whose reading may never begin or end (devices, named pipes). Logs are read elsewhere, in
 * parts.
 */
import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';
import { messageOf, UsageError } from '../model/errors.ts';

const BLOCK_BYTES = 64 << 10;

/** Opening a named pipe must not wait for a writer at its other end. Windows has no such flag. */
const OPEN_FLAGS = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/** True for the pipe that a shell makes of `<(command)`. It has a writer at its other end. */
export function isPipeOfShell(path: string, stats: Stats): boolean {
  return stats.isFIFO() && /^\/(?:dev|proc)\//.test(path);
}

/** All bytes of a file of at most `maxBytes`. Throws an Error whose message says why it cannot be read. */
export function readFileWithin(path: string, maxBytes: number): Buffer {
  const isPipe = isPipeOfShell(path, statSync(path));
  const fd = openSync(path, isPipe ? 'r' : OPEN_FLAGS);
  try {
    const stats = fstatSync(fd);
    if (stats.isDirectory()) throw new Error('it is a folder');
    if (!stats.isFile() && !isPipe) throw new Error('it is no regular file');
    if (stats.size > maxBytes) throw new Error(`it has ${stats.size} bytes; at most ${maxBytes} are read`);
    return readAll(fd, maxBytes);
  } finally {
    closeSync(fd);
  }
}

/** Limit on the size. Written by hand these files have kilobytes, written by a program megabytes. */
const MAX_TEXT_BYTES = 16 << 20;

/** The text of such a file. Throws like `readFileWithin`. */
export function readTextFile(path: string): string {
  return readFileWithin(path, MAX_TEXT_BYTES).toString('utf8');
}

/** The same for a file that the user named, which must be readable. `hint` ends what is said where it is not. */
export function readNamedFile(path: string, shown: string, hint = ''): string {
  try {
    return readTextFile(path);
  } catch (cause) {
    throw new UsageError(`${shown} cannot be read (${messageOf(cause)}).${hint}`, { cause });
  }
}

/** The stated size of a file is not trusted: the file may grow, and files in /proc state 0. */
function readAll(fd: number, maxBytes: number): Buffer {
  const blocks: Buffer[] = [];
  let length = 0;
  while (true) {
    const block = Buffer.allocUnsafe(BLOCK_BYTES);
    const read = readSync(fd, block, 0, BLOCK_BYTES, null);
    if (read === 0) return Buffer.concat(blocks, length);
    blocks.push(block.subarray(0, read));
    length += read;
    if (length > maxBytes) throw new Error(`it has more than ${maxBytes} bytes`);
  }
}

/** Reads small files one after the other into one buffer, which is three times as fast as one buffer for each. */
export class SmallFileReader {
  readonly #shared = Buffer.allocUnsafeSlow(BLOCK_BYTES);

  /** The bytes of a regular file, valid until the next call. null for a larger file. */
  read(path: string): Buffer | null {
    const fd = openSync(path, OPEN_FLAGS);
    try {
      let length = 0;
      while (length < BLOCK_BYTES) {
        // A network share may return fewer bytes than were asked for.
        const read = readSync(fd, this.#shared, length, BLOCK_BYTES - length, null);
        if (read === 0) return this.#shared.subarray(0, length);
        length += read;
      }
      return null;
    } finally {
      closeSync(fd);
    }
  }
}
