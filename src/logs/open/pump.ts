/** Streams of bytes in blocks of a useful size. In: blocks of any size. Out: larger blocks. */

/**
 * A pipe delivers at most 64 KiB at a time. Decoders get larger blocks, because they scan an incomplete record again with each
 * block.
 */
const BLOCK_BYTES = 1 << 20;

/** Joins small blocks. When the source fails, everything received before is returned first. */
export async function* inBlocks(blocks: AsyncIterable<Uint8Array>, counted: (length: number) => void): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let length = 0;
  let failure: unknown = null;
  try {
    for await (const part of blocks) {
      counted(part.length);
      parts.push(part);
      length += part.length;
      if (length < BLOCK_BYTES) continue;
      yield Buffer.concat(parts, length);
      parts = [];
      length = 0;
    }
  } catch (error) {
    failure = error;
  }
  if (length > 0) yield Buffer.concat(parts, length);
  if (failure !== null) throw failure;
}
