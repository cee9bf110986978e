/**
 * Presents chunks from anywhere on a disk as one log. In: the chunks' offsets. Out: a header block of zeros, then the chunks in
 * the given order.
 */

import type { ByteSource } from '../../model/reader.ts';
import { readOrZero } from '../bytes.ts';
import { ChunkLog, placeOf } from './chunk-log.ts';

export class CarvedLog extends ChunkLog {
  readonly #disk: ByteSource;
  readonly #chunks: readonly number[];

  constructor(name: string, disk: ByteSource, chunks: readonly number[]) {
    super(name, chunks.length);
    this.#disk = disk;
    this.#chunks = chunks;
  }

  /** Where a byte after the header block lies on the disk or volume. */
  volumeOffset(at: number): number | null {
    const { chunk, within } = placeOf(at);
    const start = this.#chunks[chunk];
    return start === undefined ? null : start + within;
  }

  protected readChunk(part: Uint8Array, chunk: number, within: number): void {
    readOrZero(this.#disk, part, this.#chunks[chunk]! + within);
  }
}
