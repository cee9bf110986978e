/** Streams of bytes in blocks of a useful size. */
import { pipeline, Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { InputError } from '../model/errors.ts';

/** Pipes deliver 64 KiB at most; decoders look again at a record that is incomplete, so they get larger blocks. */
const BLOCK_BYTES = 1 << 20;

/** Event logs shrink to a tenth, rarely to a hundredth. Far beyond that a file is made to fill memory or disk. */
export const MAX_EXPANSION = 400;
/** Below this any ratio is fine. */
export const EXPANSION_FREE_BYTES = 1 << 30;

/** Joins small blocks. */
export async function* inBlocks(blocks: AsyncIterable<Uint8Array>, counted: (length: number) => void): AsyncGenerator<Buffer> {
  let parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of blocks) {
    counted(part.length);
    parts.push(part);
    length += part.length;
    if (length < BLOCK_BYTES) continue;
    yield Buffer.concat(parts, length);
    parts = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(parts, length);
}

/** Decompresses; members one after the other are one stream. Throws `InputError` for damage and for what expands too far. */
export async function* gunzipBlocks(
  blocks: AsyncIterable<Uint8Array>,
  counted: (length: number) => void,
): AsyncGenerator<Buffer> {
  let taken = 0;
  let given = 0;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    for await (const block of blocks) {
      taken += block.length;
      counted(block.length);
      yield block;
    }
  };
  // `pipeline` closes the source when the reader stops early; errors come out of the iteration below.
  const gunzip = pipeline(Readable.from(source(), { objectMode: false }), createGunzip({ chunkSize: 256 << 10 }), () => {});
  try {
    for await (const block of inBlocks(gunzip, (length) => (given += length))) {
      if (given > EXPANSION_FREE_BYTES && given > taken * MAX_EXPANSION) {
        throw new InputError(`${taken} compressed bytes have become more than ${given}: the file expands too far to be a log.`);
      }
      yield block;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`the gzip data is damaged after ${given} decompressed bytes: ${reason}.`, { cause: error });
  } finally {
    gunzip.destroy();
  }
}
