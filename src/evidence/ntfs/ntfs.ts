/**
 * An NTFS volume, read-only. In: the volume. Out: the records of its MFT in order, live and deleted, and the streams of a file.
 * Indexes of folders are not needed, because the records themselves have names and folders. Refuses a volume whose MFT cannot
 * be found. A damaged record is skipped.
 */
import type { Reports } from '../../logs/reports.ts';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { addTo } from '../../model/values/maps.ts';
import { readExactly, readOrZero } from '../bytes.ts';
import { type Geometry, readGeometry } from './boot.ts';
import {
  ATTRIBUTE_LIST,
  type Attribute,
  attributesOf,
  baseOf,
  DATA,
  type FileSummary,
  fixup,
  hasSignature,
  isInUse,
  sequenceOf,
  summarise,
} from './file-record.ts';
import type { FreeRuns } from './runs.ts';
import { NtfsStream } from './stream.ts';

/** How many records are read at once. */
const RECORDS_PER_BLOCK = 1024;
/** Limit on an attribute list; NTFS has the same. */
const MAX_LIST_BYTES = 256 << 10;
/** Attribute list: length u16 at 4, reference of the record at 16. */
const LIST_ENTRY = 26;

export interface FileEntry extends FileSummary {
  readonly record: number;
}

export class Ntfs {
  readonly volume: ByteSource;
  readonly geometry: Geometry;
  readonly reports: Reports;
  readonly #mft: ByteSource;

  constructor(volume: ByteSource, reports: Reports) {
    this.volume = volume;
    this.reports = reports;
    this.geometry = readGeometry(volume, reports);
    this.#mft = this.#openMft();
  }

  /** How many records the MFT has room for. */
  get records(): number {
    return Math.floor(this.#mft.size / this.geometry.recordBytes);
  }

  #openMft(): ByteSource {
    const first = this.#firstRecord();
    const own = attributesOf(first);
    const open = (all: readonly Attribute[]): NtfsStream =>
      this.#stream(
        '$MFT',
        all.filter(({ type, name }) => type === DATA && name === ''),
      );
    // The MFT's own attribute list may name records. These lie in the part that its first record describes.
    const mft = open(own);
    if (mft.size < this.geometry.recordBytes)
      throw new InputError(`${this.volume.name}: the first record of the MFT describes no MFT`);
    const all = this.#withListed(own, 0, sequenceOf(first), true, mft);
    return (all.length === own.length ? mft : open(all)).tellFaults();
  }

  /** Record 0, which describes the MFT itself. There is a copy of it. */
  #firstRecord(): Buffer {
    const { mftAt, mirrorAt, recordBytes } = this.geometry;
    for (const at of [mftAt, mirrorAt]) {
      const record = Buffer.alloc(recordBytes);
      readOrZero(this.volume, record, at);
      if (!hasSignature(record) || !fixup(record)) continue;
      if (at !== mftAt)
        this.reports.report('ntfs/record-damaged', mftAt, 'the first record of the MFT is damaged: its copy is used.');
      return record;
    }
    throw new InputError(`${this.volume.name}: the first record of the MFT and its copy are damaged`);
  }

  #stream(name: string, parts: readonly Attribute[]): NtfsStream {
    const { volume: source, reports } = this;
    return new NtfsStream(name, { source, clusterBytes: this.geometry.clusterBytes, reports }, parts);
  }

  /** Every record that is or was a file, a folder or an extension of one, in order. */
  *files(): Generator<FileEntry> {
    const { recordBytes } = this.geometry;
    const block = Buffer.alloc(RECORDS_PER_BLOCK * recordBytes);
    for (let first = 0; first < this.records; first += RECORDS_PER_BLOCK) {
      const got = this.#mft.read(block, first * recordBytes);
      for (let i = 0; (i + 1) * recordBytes <= got; i++) {
        const bytes = block.subarray(i * recordBytes, (i + 1) * recordBytes);
        if (hasSignature(bytes)) {
          if (fixup(bytes)) yield { record: first + i, ...summarise(bytes) };
          else this.#damaged(first + i, 'its sectors are not of one write');
        } else if (bytes.toString('latin1', 0, 4) === 'BAAD') this.#damaged(first + i, 'Windows has marked it so');
      }
    }
  }

  #damaged(record: number, why: string): void {
    const message = `record ${record} of the MFT is damaged (${why}): its file is not read.`;
    this.reports.report('ntfs/record-damaged', record * this.geometry.recordBytes, message);
  }

  /** The streams of a file; the unnamed stream has the name ''. `path` is for diagnostics; `free` is given for a deleted file. */
  streams(record: number, path = `record ${record}`, free: FreeRuns | null = null): Map<string, NtfsStream> {
    const parts = new Map<string, Attribute[]>();
    for (const there of this.#attributes(record)) {
      if (there.type !== DATA) continue;
      const attribute = free === null ? there : { ...there, runs: free.withoutReused(there.runs) };
      addTo(parts, attribute.name, attribute);
    }
    return new Map([...parts].map(([name, all]) => [name, this.#stream(name === '' ? path : `${path}:${name}`, all)]));
  }

  #record(number: number, mft: ByteSource): Buffer | null {
    const { recordBytes } = this.geometry;
    if ((number + 1) * recordBytes > mft.size) return null;
    const record = readExactly(mft, number * recordBytes, recordBytes, `record ${number} of the MFT`);
    return hasSignature(record) && fixup(record) ? record : null;
  }

  #attributes(number: number): readonly Attribute[] {
    const record = this.#record(number, this.#mft);
    if (record === null) return [];
    return this.#withListed(attributesOf(record), number, sequenceOf(record), isInUse(record), this.#mft);
  }

  /** Adds the attributes that are in extension records. */
  #withListed(own: readonly Attribute[], base: number, sequence: number, inUse: boolean, mft: ByteSource): readonly Attribute[] {
    const list = own.find(({ type }) => type === ATTRIBUTE_LIST);
    if (list === undefined) return own;
    const stream = this.#stream(`attribute list of record ${base}`, [list]);
    const bytes = readExactly(stream.tellFaults(), 0, Math.min(stream.size, MAX_LIST_BYTES), 'an attribute list');
    const found = [...own];
    const seen = new Set([base]);
    for (let at = 0; at + LIST_ENTRY <= bytes.length; ) {
      const length = bytes.readUInt16LE(at + 4);
      const number = bytes.readUIntLE(at + 16, 6);
      if (length < LIST_ENTRY) break;
      at += length;
      if (seen.has(number)) continue;
      seen.add(number);
      const record = this.#record(number, mft);
      const owner = record === null ? null : baseOf(record);
      // Freeing a record raises its sequence number. A record that now belongs to another file is left out.
      const same = owner?.record === base && (owner.sequence === sequence || (!inUse && owner.sequence === sequence - 1));
      if (record === null || !same) this.#extensionGone(base, number, inUse);
      else found.push(...attributesOf(record));
    }
    return found;
  }

  /** Whether a missing extension is expected, as it is for a deleted file. */
  #extensionGone(base: number, number: number, inUse: boolean): void {
    if (!inUse) return;
    const message = `record ${base} of the MFT goes on in record ${number}, which is damaged or belongs to another file.`;
    this.reports.report('ntfs/record-damaged', base * this.geometry.recordBytes, message);
  }
}
