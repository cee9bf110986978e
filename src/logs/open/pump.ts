/** Streams of bytes in blocks of a useful size. */
import { createGunzip } from 'node:zlib';
import { InputError } from '../../model/errors.ts';

/** Pipes deliver 64 KiB at most; decoders look again at a record that is incomplete, so they get larger blocks. */
const BLOCK_BYTES = 1 << 20;

/** Event logs shrink to a tenth, rarely to a hundredth. Far beyond that a file is made to fill memory or disk. */
export const MAX_EXPANSION = 400;
/** Below this any ratio is fine. */
export const EXPANSION_FREE_BYTES = 1 << 30;

/** Compressed bytes taken in at a time; deflate makes at most 1032 times as much of them. */
const SLICE_BYTES = 64 << 10;

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

/**
 * Decompresses; members one after the other are one stream. Throws `InputError` for damage and for what expands too far, but
 * only after everything that came out before has been given.
 */
export async function* gunzipBlocks(
  blocks: AsyncIterable<Uint8Array>,
  counted: (length: number) => void,
): AsyncGenerator<Buffer> {
  const inflate = new Inflate();
  let taken = 0;
  let given = 0;
  let failure: string | null = null;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    for await (const block of blocks) {
      counted(block.length);
      for (let at = 0; at < block.length && failure === null; at += SLICE_BYTES) {
        const slice = block.subarray(at, at + SLICE_BYTES);
        taken += slice.length;
        failure = await inflate.push(slice);
        yield* inflate.take();
      }
      if (failure !== null) return;
    }
    failure = await inflate.end();
    yield* inflate.take();
  };
  try {
    for await (const block of inBlocks(source(), (length) => (given += length))) {
      if (given > EXPANSION_FREE_BYTES && given > taken * MAX_EXPANSION) {
        throw new InputError(`${taken} compressed bytes have become more than ${given}: the file expands too far to be a log.`);
      }
      yield block;
    }
  } finally {
    inflate.close();
  }
  if (failure !== null) throw new InputError(`the gzip data is damaged after ${given} decompressed bytes: ${failure}.`);
}

/** A gunzip stream that is fed by hand: as a stream it would drop what is still in its buffer when it meets damage. */
class Inflate {
  readonly #gunzip = createGunzip({ chunkSize: 256 << 10 });
  #out: Uint8Array[] = [];
  #failure: string | null = null;

  constructor() {
    this.#gunzip.on('data', (chunk: Uint8Array) => this.#out.push(chunk));
    this.#gunzip.on('error', (error) => {
      this.#failure = error.message;
    });
  }

  /** Resolves when the slice has been taken in: what is wrong, or null. */
  push(slice: Uint8Array): Promise<string | null> {
    return new Promise((resolve) => this.#gunzip.write(slice, (error) => resolve(error?.message ?? this.#failure)));
  }

  end(): Promise<string | null> {
    return new Promise((resolve) => {
      this.#gunzip.once('close', () => resolve(this.#failure));
      this.#gunzip.end();
    });
  }

  take(): Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    return out;
  }

  close(): void {
    this.#gunzip.destroy();
  }
}
