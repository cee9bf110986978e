/** A buffer that files are read into. */

/**
 * Where it begins in its memory. The allocator puts large blocks 16 bytes behind a page; the file cache is whole pages, and
 * processors of AMD copy to an address a few bytes behind that of the source (modulo a page) at a third of their speed.
 */
const OFFSET = 64;

/** `bytes` of memory of its own, not cleared. */
export function readBuffer(bytes: number): Buffer {
  return Buffer.allocUnsafeSlow(OFFSET + bytes).subarray(OFFSET);
}
