/**
 * Checks what the headers of a log and of its chunks state. In: their bytes. Out: diagnostics for what is wrong. Refuses
 * nothing: all chunks are read, whatever the headers state.
 */
import type { Reports } from '../../reports.ts';
import { CHUNK_BYTES, CHUNK_HEADER, headerChecksumHolds, recordsChecksumHolds } from '../chunk.ts';
import { type FileHeader, readFileHeader } from '../file-header.ts';

export class HeaderChecks {
  readonly #reports: Reports;
  readonly #verify: boolean;
  /** From the file header: how many chunks it knows of; -1 when there is no usable header. */
  #knownChunks = -1;

  constructor(reports: Reports, verify: boolean) {
    this.#reports = reports;
    this.#verify = verify;
  }

  /** Checks the file header. Null when there is no usable one. */
  file(bytes: Buffer): FileHeader | null {
    if (bytes.length < 128) return null;
    const header = readFileHeader(bytes);
    if (!header.valid) {
      const seen = hexBytes(bytes, 0);
      this.#reports.report('evtx/file-signature', 0, `expected "ElfFile\\0", found ${seen}`, 'The chunks are read without it.');
      return null;
    }
    this.#knownChunks = header.chunkCount;
    if (header.dirty) {
      const message = 'the log was not closed cleanly (dirty flag): its header may be out of date';
      this.#reports.note('evtx/dirty', 0, message, 'All chunks are read, whatever the header says.');
    }
    if (header.major !== 3) {
      this.#reports.report('evtx/version', 0, `format version ${header.major}.${header.minor}, expected 3.x`);
    }
    if (this.#verify && !header.checksumHolds) {
      this.#reports.report('evtx/file-checksum', 124, 'the checksum of the file header does not match');
    }
    return header.checksumHolds ? header : null;
  }

  /** Call for each chunk that is in use. */
  inUse(chunk: number): void {
    if (this.#knownChunks < 0 || chunk < this.#knownChunks) return;
    const message = `the header counts ${this.#knownChunks} chunks, chunk ${chunk} is in use too`;
    this.#reports.note('evtx/stale-header', 42, message, 'All chunks are read, whatever the header says.');
  }

  /** Where the live records of a chunk end. `unit` is the chunk's offset in the log. */
  limit(bytes: Buffer, freeSpace: number, chunk: number, unit: number): number {
    const sane = freeSpace >= CHUNK_HEADER && freeSpace <= CHUNK_BYTES;
    if (!sane) {
      const message = `chunk ${chunk}: free space at 0x${freeSpace.toString(16)} is outside the chunk`;
      this.#reports.report('evtx/free-space', unit + 48, message, 'The whole chunk is searched for records.');
    }
    const limit = sane ? Math.min(freeSpace, bytes.length) : bytes.length;
    if (this.#verify) this.#checksums(bytes, limit, chunk, unit);
    return limit;
  }

  #checksums(bytes: Buffer, limit: number, chunk: number, unit: number): void {
    const hint = 'It is read all the same.';
    if (!headerChecksumHolds(bytes)) {
      const message = `chunk ${chunk}: the checksum of its header does not match`;
      this.#reports.report('evtx/chunk-checksum', unit + 124, message, hint);
    }
    if (!recordsChecksumHolds(bytes, limit)) {
      const message = `chunk ${chunk}: the checksum of its records does not match`;
      this.#reports.report('evtx/records-checksum', unit + 52, message, hint);
    }
  }
}

/** Eight bytes as text: `45 6c 66 43 ...`. */
export function hexBytes(bytes: Buffer, start: number): string {
  return bytes
    .subarray(start, start + 8)
    .toString('hex')
    .replace(/..(?=.)/g, '$& ');
}
