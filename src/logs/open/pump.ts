/** Streams of bytes in blocks of a useful size. */

/** Pipes deliver 64 KiB at most; decoders look again at a record that is incomplete, so they get larger blocks. */
const BLOCK_BYTES = 1 << 20;

/** Joins small blocks. When the source fails, what has come before is given first. */
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
