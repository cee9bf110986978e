/**
 * Presents chunks from anywhere on a disk as one log. In: the chunks' offsets. Out: a header block of zeros, then the chunks in
 * the given order.
 */

import { HEADER_BLOCK } from '../../logs/evtx/file-header.ts';
import { CHUNK_BYTES } from '../../logs/evtx/limits.ts';
import type { ByteSource } from '../../model/reader.ts';
import { readOrZero } from '../bytes.ts';

export class CarvedLog implements ByteSource {
  readonly name: string;
  readonly size: number;
  readonly #disk: ByteSource;
  readonly #chunks: readonly number[];

  constructor(name: string, disk: ByteSource, chunks: readonly number[]) {
    this.name = name;
    this.#disk = disk;
    this.#chunks = chunks;
    this.size = HEADER_BLOCK + chunks.length * CHUNK_BYTES;
  }

  /** Where a byte after the header block lies on the disk or volume. */
  volumeOffset(at: number): number | null {
    const chunk = this.#chunks[Math.floor((at - HEADER_BLOCK) / CHUNK_BYTES)];
    return chunk === undefined ? null : chunk + ((at - HEADER_BLOCK) % CHUNK_BYTES);
  }

  read(into: Uint8Array, offset: number): number {
    const end = Math.min(this.size, offset + into.length);
    for (let at = offset; at < end; ) {
      const inHeader = at < HEADER_BLOCK;
      const within = inHeader ? at : (at - HEADER_BLOCK) % CHUNK_BYTES;
      const length = Math.min(end - at, (inHeader ? HEADER_BLOCK : CHUNK_BYTES) - within);
      const part = into.subarray(at - offset, at - offset + length);
      if (inHeader) part.fill(0);
      else readOrZero(this.#disk, part, this.#chunks[Math.floor((at - HEADER_BLOCK) / CHUNK_BYTES)]! + within);
      at += length;
    }
    return Math.max(0, end - offset);
  }

  close(): void {}
}
