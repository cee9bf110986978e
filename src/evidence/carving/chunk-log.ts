/** A log made of chunks that do not stand in a file: a header block of zeros, then the chunks. Subclasses say what a chunk holds. */
import { HEADER_BLOCK } from '../../logs/evtx/file-header.ts';
import { CHUNK_BYTES } from '../../logs/evtx/limits.ts';
import type { ByteSource } from '../../model/reader.ts';

export abstract class ChunkLog implements ByteSource {
  readonly name: string;
  readonly size: number;

  constructor(name: string, chunks: number) {
    this.name = name;
    this.size = HEADER_BLOCK + chunks * CHUNK_BYTES;
  }

  /** Fills `part` with the bytes of a chunk from `within` on. */
  protected abstract readChunk(part: Uint8Array, chunk: number, within: number): void;

  read(into: Uint8Array, offset: number): number {
    const end = Math.min(this.size, offset + into.length);
    for (let at = offset; at < end; ) {
      const { chunk, within } = placeOf(at);
      const length = Math.min(end - at, (chunk < 0 ? HEADER_BLOCK : CHUNK_BYTES) - within);
      const part = into.subarray(at - offset, at - offset + length);
      if (chunk < 0) part.fill(0);
      else this.readChunk(part, chunk, within);
      at += length;
    }
    return Math.max(0, end - offset);
  }

  close(): void {}
}

/** The chunk that a byte of the log lies in, and where in it; -1 for the header block. */
export function placeOf(at: number): { readonly chunk: number; readonly within: number } {
  if (at < HEADER_BLOCK) return { chunk: -1, within: at };
  return { chunk: Math.floor((at - HEADER_BLOCK) / CHUNK_BYTES), within: (at - HEADER_BLOCK) % CHUNK_BYTES };
}
