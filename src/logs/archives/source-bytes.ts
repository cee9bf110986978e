/**
 * Turns a source into a stream of bytes, and a stream into bytes on request. In: a source or a stream. Out: as many bytes as
 * asked for.
 */
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';

/** Bytes of one read. Each read gets fresh memory, because decompression still uses the last block while the next is read. */
const BLOCK_BYTES = 256 << 10;

/** The bytes in [start, end). */
export async function* sourceBytes(source: ByteSource, start = 0, end = source.size): AsyncGenerator<Buffer> {
  for (let at = start; at < end; ) {
    const block = Buffer.allocUnsafe(Math.min(BLOCK_BYTES, end - at));
    const got = source.read(block, at);
    if (got === 0) return;
    at += got;
    yield block.subarray(0, got);
  }
}

/** `length` bytes at `offset`; fewer at the end of the source. */
export function readBytes(source: ByteSource, offset: number, length: number): Buffer {
  const bytes = Buffer.alloc(Math.max(0, Math.min(length, source.size - offset)));
  let filled = 0;
  while (filled < bytes.length) {
    const got = source.read(bytes.subarray(filled), offset + filled);
    if (got === 0) break;
    filled += got;
  }
  return bytes.subarray(0, filled);
}

/** Reads a stream in pieces of given lengths. */
export class StreamReader {
  readonly #blocks: AsyncIterator<Uint8Array>;
  #left: Uint8Array = new Uint8Array(0);

  constructor(blocks: AsyncIterable<Uint8Array>) {
    this.#blocks = blocks[Symbol.asyncIterator]();
  }

  /** The next `length` bytes in one piece; fewer at the end. */
  async take(length: number): Promise<Buffer> {
    const parts: Uint8Array[] = [];
    for await (const part of this.stream(length)) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The next `length` bytes, in blocks as they arrive. */
  async *stream(length: number): AsyncGenerator<Uint8Array> {
    for (let wanted = length; wanted > 0; ) {
      if (this.#left.length === 0) {
        const next = await this.#blocks.next();
        if (next.done === true) return;
        this.#left = next.value;
      }
      const part = this.#left.subarray(0, wanted);
      this.#left = this.#left.subarray(part.length);
      wanted -= part.length;
      yield part;
    }
  }

  async close(): Promise<void> {
    await this.#blocks.return?.();
  }
}

/** The bytes of one file in an archive, and how many of them have been read. */
export class Body {
  readonly #reader: StreamReader;
  readonly #size: number;
  readonly #archive: string;
  #given = 0;

  /** `archive`: what the error names as ended when the stream ends too early. */
  constructor(reader: StreamReader, size: number, archive: string) {
    this.#reader = reader;
    this.#size = size;
    this.#archive = archive;
  }

  async *bytes(): AsyncGenerator<Uint8Array> {
    for await (const part of this.#reader.stream(this.#size - this.#given)) {
      this.#given += part.length;
      yield part;
    }
    if (this.#given < this.#size) throw new InputError(`${this.#archive} ends inside of it.`);
  }

  /** Moves to the end of the file, which takes `length` bytes including its padding. */
  async pass(length: number): Promise<void> {
    for await (const _ of this.#reader.stream(length - this.#given));
  }
}
