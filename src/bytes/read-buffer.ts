/** Makes a buffer for reading files. */

/**
 * Where the buffer begins in its memory. The allocator places large blocks 16 bytes after the start of a page, and the file
 * cache consists of whole pages. AMD processors copy at a third of their speed when, modulo the page size, the target address
 * is only a few bytes after the source's.
 */
const OFFSET = 64;

/** A buffer of `bytes` with memory of its own, which is not cleared. */
export function readBuffer(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(OFFSET + bytes).subarray(OFFSET);
}
