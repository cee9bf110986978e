/**
 * Deflate (RFC 1951), fed slice by slice. In: compressed slices. Out: decompressed bytes. Damage never costs what came out
 * before it.
 */
import { constants, crc32, createInflateRaw, type InflateRaw, inflateRawSync } from 'node:zlib';

/** Compressed bytes taken in at a time. Deflate expands them at most 1032 times. */
export const SLICE_BYTES = 64 << 10;
const MAX_SLICE_OUT_BYTES = SLICE_BYTES * 1032;
/** Size of the pieces of output. A piece that damage interrupts is lost; gzip itself does no better. */
const PIECE_BYTES = 32 << 10;

/** Decompresses the longest part of `bytes`, from their start, that `decompress` accepts. */
export function longestPrefix(bytes: Uint8Array, decompress: (part: Uint8Array) => Buffer): Buffer {
  let out: Buffer = Buffer.alloc(0);
  let good = 0;
  for (let length = bytes.length, bad = length + 1; good + 1 < bad; length = (good + bad) >> 1) {
    try {
      out = decompress(bytes.subarray(0, length));
      good = length;
    } catch {
      bad = length;
    }
  }
  return out;
}

/** The deflate stream of one member, fed by hand. Used as a normal stream it would drop its buffer when it meets damage. */
export class Inflate {
  failure: string | null = null;
  /** CRC-32 of the output. */
  crc = 0;
  size = 0;
  readonly #stream: InflateRaw = createInflateRaw({ chunkSize: PIECE_BYTES });
  #out: Uint8Array[] = [];
  #fed = 0;
  /** Called when a slice has been taken in, or never will be. */
  #taken: () => void = () => {};

  constructor() {
    this.#stream.on('data', (piece: Uint8Array) => this.#out.push(piece));
    this.#stream.on('error', (error) => {
      this.failure = error.message;
      this.#taken();
    });
  }

  /** Resolves when the slice has been taken in, with the number of its bytes that lie after the end of the stream. */
  async push(slice: Uint8Array): Promise<number> {
    const isFirst = this.#fed === 0;
    await new Promise<void>((resolve) => {
      this.#taken = resolve;
      this.#stream.write(slice, () => resolve());
    });
    this.#fed += slice.length;
    if (this.failure === null) return this.#fed - this.#stream.bytesWritten;
    // A better recovery needs all bytes from the beginning, which are at hand only for the first slice. Most damaged files are no
    // longer than one slice.
    if (isFirst) this.#out = [longestPrefix(slice, readablePart)];
    return 0;
  }

  take(): Uint8Array[] {
    const out = this.#out;
    this.#out = [];
    for (const piece of out) {
      this.crc = crc32(piece, this.crc);
      this.size += piece.length;
    }
    return out;
  }

  close(): void {
    this.#stream.destroy();
  }
}

function readablePart(part: Uint8Array): Buffer {
  return inflateRawSync(part, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_SLICE_OUT_BYTES });
}
