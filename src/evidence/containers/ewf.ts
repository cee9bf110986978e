/**
 * Expert Witness Format (`.E01`, `.E02`, ...): the disk in chunks of usually 32 KiB, packed with zlib. In: the first segment; the
 * others lie beside it. Refuses Ex01, logical images (`.L01`) and images with a missing segment. A damaged chunk is reported and
 * read as zeros.
 *
 * A segment: `EVF\t\r\n\xff\0`, u8 1, u16 segment number, u16 0; then sections, each with a descriptor of 76 bytes: type (16 bytes),
 * offset of the next section u64, length u64, 40 bytes unused, Adler-32 of all that. Numbers are little-endian.
 */
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { constants, inflateSync } from 'node:zlib';
import type { Reports } from '../../logs/reports.ts';
import { InputError, messageOf } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { RecentUnits, readExactly, readOrZero, UnitSource, uint64LE } from '../bytes.ts';
import { openFile } from '../open-file.ts';
import type { Container, OpenedImage } from './container.ts';

const SIGNATURE = Buffer.from('EVF\t\r\n\xff\0', 'latin1');
const FILE_HEADER = 13;
const DESCRIPTOR = 76;
const CHECKSUM_AT = 72;
/** Section `volume`, `disk` or `data`: chunk count u32 at 4, sectors per chunk u32, bytes per sector u32, sectors u64. */
const VOLUME_BYTES = 24;
/** Section `table`: number of entries u32, base offset u64 at 8, Adler-32 of the first 20 bytes; then the entries, u32 each. */
const TABLE_HEADER = 24;
/** Flag of an entry: the chunk is packed. */
const PACKED = 0x80000000;
const MAX_SEGMENTS = 14_971; // .E01 to .ZZZ
const MAX_SECTIONS = 1 << 20;
/** Limit on the chunks: 64 TiB in chunks of 32 KiB. */
const MAX_CHUNKS = 2 ** 31;
const MAX_CHUNK_BYTES = 16 << 20;
const CHUNKS_KEPT = 64;

export const container: Container = {
  priority: 10,
  recognise: ({ head }) => /^(?:[EL]VF[\t2]\r\n[\x81\xff]\0)/.test(head.toString('latin1', 0, 8)),
  open(file, reports): OpenedImage {
    const signature = file.head.toString('latin1', 0, 4);
    if (signature === 'EVF2')
      throw new InputError('it is an Ex01 image (EWF version 2), which is not read. Export it as E01 or raw');
    if (!file.head.subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
      throw new InputError('it is a logical evidence file (L01), which holds files and no disk. Export the logs from it');
    }
    return openSegments(file.path, file.bytes, reports);
  },
};

/** `.E01` ... `.E99`, `.EAA` ... `.EZZ`, `.FAA` ... `.ZZZ`, in the case of the first segment. */
export function segmentName(first: string, number: number): string {
  const stem = first.slice(0, -2);
  if (number <= 99) return stem + String(number).padStart(2, '0');
  const at = number - 100;
  const letter = first.at(-3)!;
  const a = letter === letter.toLowerCase() ? 97 : 65;
  const lead = letter.charCodeAt(0) + Math.floor(at / 676);
  return stem.slice(0, -1) + String.fromCharCode(lead, a + (Math.floor(at / 26) % 26), a + (at % 26));
}

/** All segments. Refuses a set with a gap, because the chunks behind it would lie at the wrong place. */
function segmentPaths(first: string): string[] {
  const paths = [first];
  while (paths.length < MAX_SEGMENTS && existsSync(segmentName(first, paths.length + 1)))
    paths.push(segmentName(first, paths.length + 1));
  const next = basename(segmentName(first, paths.length + 1));
  const stem = basename(first).slice(0, -3);
  const later = readdirSync(dirname(first)).find(
    (name) => name.startsWith(stem) && /^e\d\d$/i.test(name.slice(stem.length)) && name > next,
  );
  if (later !== undefined) throw missing(next);
  return paths;
}

function missing(name: string): InputError {
  return new InputError(`its segment ${name} is missing. Copy all segments into the folder of the first`);
}

/**
 * Where each chunk lies, as columns, because an image of 1 TiB has 32 million chunks. Memory grows with the tables that are
 * read, not with the count that a header claims.
 */
class Chunks {
  segment = new Uint16Array(1024);
  start = new Float64Array(1024);
  length = new Uint32Array(1024);
  packed = new Uint8Array(1024);
  filled = 0;
  /** How many there should be. */
  readonly count: number;

  constructor(count: number) {
    this.count = count;
  }

  add(segment: number, start: number, length: number, packed: boolean): void {
    if (this.filled === this.segment.length) this.#grow();
    this.segment[this.filled] = segment;
    this.start[this.filled] = start;
    this.length[this.filled] = length;
    this.packed[this.filled++] = packed ? 1 : 0;
  }

  #grow(): void {
    const grown = <T extends { set(from: T): void }>(to: T, from: T): T => {
      to.set(from);
      return to;
    };
    const length = 2 * this.filled;
    this.segment = grown(new Uint16Array(length), this.segment);
    this.start = grown(new Float64Array(length), this.start);
    this.length = grown(new Uint32Array(length), this.length);
    this.packed = grown(new Uint8Array(length), this.packed);
  }
}

/** What all sections of all segments say together. */
interface Account {
  size: number;
  chunkBytes: number;
  chunks: Chunks | null;
  /** The section that ended the last segment: `done` for an image that is complete, `next` where another segment follows. */
  ending: 'done' | 'next' | null;
  md5: string | undefined;
  sha1: string | undefined;
}

function openSegments(path: string, first: ByteSource, reports: Reports): OpenedImage {
  const files = segmentPaths(path);
  const segments = [first];
  const account: Account = { size: 0, chunkBytes: 0, chunks: null, ending: null, md5: undefined, sha1: undefined };
  try {
    for (const file of files.slice(1)) segments.push(openFile(file));
    for (const [number, segment] of segments.entries()) readSections(segment, number, account, reports);
    if (account.ending === 'next') throw missing(basename(segmentName(path, files.length + 1)));
  } catch (error) {
    for (const segment of segments.slice(1)) segment.close();
    throw error;
  }
  const { chunks, size, chunkBytes, md5, sha1 } = account;
  if (chunks === null) throw new InputError('it has no readable volume section, which says how large the disk is');
  if (chunks.filled < chunks.count) {
    const message = `${chunks.count - chunks.filled} of ${chunks.count} chunks stand in no table: NOT READ.`;
    reports.error('image/missing-chunks', undefined, message);
  }
  // Where the last chunks are missing, the disk ends early, so that reads beyond it fail instead of giving zeros.
  const there = Math.min(size, chunks.filled * chunkBytes);
  const disk = new EwfDisk(path, there, chunkBytes, segments, chunks, reports);
  return { format: 'E01', disk, files, hashes: { md5, sha1 } };
}

function readSections(segment: ByteSource, number: number, account: Account, reports: Reports): void {
  if (!readExactly(segment, 0, FILE_HEADER, 'the segment header').subarray(0, SIGNATURE.length).equals(SIGNATURE)) {
    throw new InputError(`${segment.name} is no E01 segment`);
  }
  account.ending = null;
  // SMART (.s01) has no section for the chunks: they follow their table inside of its section.
  let sectorsEnd = 0;
  let tableRead = true;
  let at = FILE_HEADER;
  for (let i = 0; i < MAX_SECTIONS; i++) {
    if (at + DESCRIPTOR > segment.size) break;
    const descriptor = readExactly(segment, at, DESCRIPTOR, 'a section');
    if (descriptor.readUInt32LE(CHECKSUM_AT) !== adler32(descriptor.subarray(0, CHECKSUM_AT))) {
      const message = `the section descriptor at 0x${at.toString(16)} of ${basename(segment.name)} does not fit its checksum: sections behind it are not read.`;
      reports.error('image/section-damaged', at, message);
      return;
    }
    const type = descriptor.toString('latin1', 0, 16).replace(/\0.*$/s, '');
    const next = uint64LE(descriptor, 16);
    const length = uint64LE(descriptor, 24);
    const body = at + DESCRIPTOR;
    if (type === 'volume' || type === 'disk' || type === 'data') readVolume(segment, body, account);
    else if (type === 'sectors') sectorsEnd = at + length;
    else if (type === 'table') tableRead = readTable(segment, number, body, length, sectorsEnd || at + length, account);
    else if (type === 'table2' && !tableRead) {
      tableRead = readTable(segment, number, body, length, sectorsEnd || at + length, account);
      if (!tableRead)
        reports.error('image/table-damaged', at, 'both copies of a chunk table are damaged: its chunks are NOT READ.');
    } else if (type === 'hash') account.md5 = readExactly(segment, body, 16, 'the stored hash').toString('hex');
    else if (type === 'digest') {
      account.md5 = readExactly(segment, body, 16, 'the stored hash').toString('hex');
      account.sha1 = readExactly(segment, body + 16, 20, 'the stored hash').toString('hex');
    } else if (type === 'next' || type === 'done') {
      account.ending = type;
      return;
    }
    // The last section of a segment gives its own offset as that of the next.
    if (next <= at) return;
    at = next;
  }
}

function readVolume(segment: ByteSource, at: number, account: Account): void {
  if (account.chunks !== null) return;
  const volume = readExactly(segment, at, VOLUME_BYTES, 'the volume section');
  const sector = volume.readUInt32LE(12);
  const chunkBytes = volume.readUInt32LE(8) * sector;
  const size = uint64LE(volume, 16) * sector;
  // The stated count of chunks may be 0 (FTK), so it is computed from the size.
  const count = chunkBytes === 0 ? 0 : Math.ceil(size / chunkBytes);
  if (count === 0 || chunkBytes > MAX_CHUNK_BYTES || count > MAX_CHUNKS) {
    throw new InputError(`its volume section makes no sense: ${size} bytes in chunks of ${chunkBytes}`);
  }
  Object.assign(account, { size, chunkBytes, chunks: new Chunks(count) });
}

/** False when the table is damaged. Nothing has then been taken from it. */
function readTable(segment: ByteSource, number: number, at: number, length: number, end: number, { chunks }: Account): boolean {
  if (chunks === null || at + TABLE_HEADER > segment.size) return false;
  const header = readExactly(segment, at, TABLE_HEADER, 'a chunk table');
  if (header.readUInt32LE(20) !== adler32(header.subarray(0, 20))) return false;
  const count = Math.min(
    header.readUInt32LE(0),
    Math.floor((length - DESCRIPTOR - TABLE_HEADER) / 4),
    chunks.count - chunks.filled,
  );
  const base = uint64LE(header, 8);
  if (count < 0 || at + TABLE_HEADER + 4 * count > segment.size) return false;
  const entries = readExactly(segment, at + TABLE_HEADER, 4 * count, 'a chunk table');
  // EnCase 6.7 and later: above 2 GiB the top bit is a part of the offset, and no later chunk is packed.
  let beyond = false;
  for (let i = 0; i < count; i++) {
    const entry = entries.readUInt32LE(4 * i);
    const start = beyond ? entry : entry % PACKED;
    const next = i + 1 < count ? entries.readUInt32LE(4 * i + 4) : null;
    if (!beyond && next !== null && next % PACKED < start && entry < PACKED) beyond = true;
    const stop = next === null ? end : base + (beyond ? next : next % PACKED);
    chunks.add(number, base + start, Math.max(0, Math.min(stop - base - start, 2 * MAX_CHUNK_BYTES)), !beyond && entry >= PACKED);
  }
  return true;
}

class EwfDisk extends UnitSource {
  readonly #segments: readonly ByteSource[];
  readonly #chunks: Chunks;
  readonly #reports: Reports;
  readonly #unpacked = new RecentUnits(CHUNKS_KEPT);

  constructor(name: string, size: number, chunkBytes: number, segments: readonly ByteSource[], chunks: Chunks, reports: Reports) {
    super(name, size, chunkBytes);
    this.#segments = segments;
    this.#chunks = chunks;
    this.#reports = reports;
  }

  protected readIn(unit: number, at: number, into: Uint8Array): void {
    if (this.#chunks.packed[unit] === 1)
      into.set(this.#unpacked.get(unit, () => this.#unpack(unit)).subarray(at, at + into.length));
    else readOrZero(this.#segments[this.#chunks.segment[unit]!]!, into, this.#chunks.start[unit]! + at);
  }

  #unpack(unit: number): Buffer {
    const { segment, start, length } = this.#chunks;
    try {
      const packed = readExactly(this.#segments[segment[unit]!]!, start[unit]!, length[unit]!, 'a chunk');
      const bytes = inflateSync(packed, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: this.unitBytes });
      if (bytes.length === this.unitBytes || (unit + 1) * this.unitBytes > this.size) return padded(bytes, this.unitBytes);
      this.#damaged(unit, `it has ${bytes.length} bytes`);
      return padded(bytes, this.unitBytes);
    } catch (error) {
      this.#damaged(unit, messageOf(error));
      return Buffer.alloc(this.unitBytes);
    }
  }

  #damaged(unit: number, why: string): void {
    const place = unit * this.unitBytes;
    this.#reports.report('image/chunk-damaged', place, `chunk ${unit} of the E01 cannot be unpacked (${why}): read as zeros.`);
  }

  override close(): void {
    for (const segment of this.#segments) segment.close();
  }
}

/** The last chunk of a disk may be shorter. */
function padded(bytes: Buffer, length: number): Buffer {
  return bytes.length === length ? bytes : Buffer.concat([bytes, Buffer.alloc(length)], length);
}

export function adler32(bytes: Uint8Array): number {
  let a = 1;
  let b = 0;
  for (const byte of bytes) {
    a = (a + byte) % 65521;
    b = (b + a) % 65521;
  }
  return ((b << 16) | a) >>> 0;
}
