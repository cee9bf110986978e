/**
 * VMDK, the disks of VMware. In: one sparse extent, or a text that lists extents (sparse, flat, zeros) in neighbouring files.
 * Out: the disk. Refuses disks that need a parent, and missing extents. Numbers are little-endian; places are in sectors of 512
 * bytes.
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { inflateSync } from 'node:zlib';
import type { Reports } from '../../logs/reports.ts';
import { InputError, messageOf } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { Joined, RecentUnits, Region, readExactly, readOrZero, UnitSource, uint64LE } from '../bytes.ts';
import { openFile } from '../open-file.ts';
import { BlockDisk } from './block-disk.ts';
import type { Container, ImageFile, OpenedImage } from './container.ts';

const SECTOR = 512;
const SPARSE = 'KDMV';
const DESCRIPTOR = '# Disk DescriptorFile';
const MAX_DESCRIPTOR_BYTES = 1 << 20;
const MAX_EXTENTS = 10_000;
/** Sparse header: capacity u64 at 12, sectors per grain u64 at 20, descriptor's place and length u64 at 28 and 36, entries per
 *  table u32 at 44, place of the directory u64 at 56, compression u16 at 77. */
const DIRECTORY_AT = 56;
/** Means that the place of the directory is in a footer, because the file was written as a stream. */
const AT_END = 0xffffffffffffffffn;
const DEFLATE = 1;
const MAX_GRAIN_BYTES = 1 << 21;
const MAX_DIRECTORY_BYTES = 64 << 20;
/** Entry of a table: a grain of zeros. */
const ZEROS = 1;
const KEPT = 64;

type Extent = Pick<ImageFile, 'path' | 'bytes'>;

export const container: Container = {
  priority: 20,
  recognise: ({ head }) => head.toString('latin1', 0, 4) === SPARSE || head.toString('latin1').startsWith(DESCRIPTOR),
  open: (file, reports) =>
    file.head.toString('latin1', 0, 4) === SPARSE ? openSparse(file, reports) : openDescriptor(file, reports),
};

function openSparse(image: ImageFile, reports: Reports): OpenedImage {
  const { path, bytes, head } = image;
  const place = head.length < SECTOR ? 0 : uint64LE(head, 28) * SECTOR;
  const length = head.length < SECTOR ? 0 : uint64LE(head, 36) * SECTOR;
  if (place > 0 && length > 0 && length <= MAX_DESCRIPTOR_BYTES && place + length <= bytes.size) {
    refuseChild(readExactly(bytes, place, length, 'the VMDK descriptor').toString('latin1'));
  }
  const disk = openExtent(image, reports);
  return { format: disk.packed ? 'VMDK (stream-optimised)' : 'VMDK (sparse)', disk, files: [path], hashes: {} };
}

function refuseChild(descriptor: string): void {
  const parent = /^parentCID=(\w+)/m.exec(descriptor)?.[1];
  if (parent !== undefined && parent.toLowerCase() !== 'ffffffff') {
    throw new InputError('it is a VMDK snapshot that needs its parent. Merge them: qemu-img convert -O raw IMAGE disk.raw');
  }
}

function openExtent(extent: Extent, reports: Reports): SparseExtent {
  const { path: name, bytes: file } = extent;
  let header = readExactly(file, 0, SECTOR, 'the VMDK header');
  if (header.toString('latin1', 0, 4) !== SPARSE) throw new InputError(`${name} is no sparse VMDK extent`);
  if (header.readBigUInt64LE(DIRECTORY_AT) === AT_END)
    header = readExactly(file, file.size - 2 * SECTOR, SECTOR, 'the VMDK footer');
  const size = uint64LE(header, 12) * SECTOR;
  const grain = uint64LE(header, 20) * SECTOR;
  const perTable = header.readUInt32LE(44);
  if (grain < SECTOR || grain > MAX_GRAIN_BYTES || perTable === 0 || perTable > 1 << 16) {
    throw new InputError(`the VMDK header makes no sense: grains of ${grain} bytes, ${perTable} in a table`);
  }
  const directoryBytes = 4 * Math.ceil(size / grain / perTable);
  if (directoryBytes > MAX_DIRECTORY_BYTES) throw new InputError(`the VMDK header claims a disk of ${size} bytes`);
  const directory = readExactly(file, uint64LE(header, DIRECTORY_AT) * SECTOR, directoryBytes, 'the grain directory of the VMDK');
  // Each table takes room in the file. Without this check, damage may make a small file claim a disk of many TB.
  let tables = 0;
  for (let at = 0; at < directoryBytes; at += 4) if (directory.readUInt32LE(at) !== 0) tables++;
  if (tables * 4 * perTable > file.size + 4 * perTable) {
    throw new InputError(`the grain directory of the VMDK makes no sense: ${tables} tables do not fit into ${file.size} bytes`);
  }
  const packed = header.readUInt16LE(77) === DEFLATE;
  return new SparseExtent(extent, size, grain, directory, perTable, packed, reports);
}

class SparseExtent extends BlockDisk {
  readonly packed: boolean;
  readonly #directory: Buffer;
  /** Entries of a table. */
  readonly #perTable: number;
  readonly #tables = new RecentUnits(KEPT);
  readonly #unpacked = new RecentUnits(KEPT);

  constructor(
    extent: Extent,
    size: number,
    grain: number,
    directory: Buffer,
    perTable: number,
    packed: boolean,
    reports: Reports,
  ) {
    super(extent, size, grain, reports);
    this.packed = packed;
    this.#directory = directory;
    this.#perTable = perTable;
  }

  protected readIn(unit: number, at: number, into: Uint8Array): void {
    const { file, packed } = this;
    const place = this.#place(unit);
    if (place <= ZEROS) into.fill(0);
    else if (packed) into.set(this.#unpacked.get(unit, () => this.#unpack(unit, place * SECTOR)).subarray(at, at + into.length));
    else if (readOrZero(file, into, place * SECTOR + at) === 0) this.#damaged(unit, 'it lies beyond the end of the file');
  }

  protected zerosAt(block: number): number {
    const within = block % this.#perTable;
    if (this.#directory.readUInt32LE((4 * (block - within)) / this.#perTable) === 0) return this.#perTable - within;
    return this.#place(block) > ZEROS ? 0 : 1;
  }

  #place(unit: number): number {
    const perTable = this.#perTable;
    const number = Math.floor(unit / perTable);
    const table = this.#directory.readUInt32LE(4 * number) * SECTOR;
    if (table === 0) return 0;
    const entries = this.#tables.get(number, () => {
      const into = Buffer.alloc(4 * perTable);
      // The last table may be cut where the disk ends.
      if (readOrZero(this.file, into, table) === 0) this.#damaged(unit, 'its table lies beyond the end of the file');
      return into;
    });
    return entries.readUInt32LE(4 * (unit % perTable));
  }

  /** A packed grain: its first sector u64, its length u32, then the bytes. */
  #unpack(unit: number, place: number): Buffer {
    const into = Buffer.alloc(this.unitBytes);
    try {
      const length = readExactly(this.file, place + 8, 4, 'a grain').readUInt32LE(0);
      const packed = readExactly(this.file, place + 12, Math.min(length, 2 * this.unitBytes + SECTOR), 'a grain');
      inflateSync(packed, { maxOutputLength: this.unitBytes }).copy(into);
    } catch (error) {
      this.#damaged(unit, messageOf(error));
    }
    return into;
  }

  #damaged(unit: number, why: string): void {
    this.damaged(unit, `grain ${unit} of the VMDK cannot be read (${why})`);
  }
}

/** A part of the disk that was never written. */
class Zeros extends UnitSource {
  protected readIn(_unit: number, _at: number, into: Uint8Array): void {
    into.fill(0);
  }
}

/** `RW 409600 FLAT "disk-flat.vmdk" 0` */
const EXTENT = /^(?:RW|RDONLY|NOACCESS)\s+(\d+)\s+(\w+)(?:\s+"([^"]*)"(?:\s+(\d+))?)?/gm;

function openDescriptor({ path, bytes }: ImageFile, reports: Reports): OpenedImage {
  const text = readExactly(bytes, 0, Math.min(bytes.size, MAX_DESCRIPTOR_BYTES), 'the VMDK descriptor').toString('utf8');
  refuseChild(text);
  const files = [path];
  const extents: ByteSource[] = [];
  try {
    for (const [line, sectors, kind, name, offset] of text.matchAll(EXTENT)) {
      if (extents.length >= MAX_EXTENTS) throw new InputError(`its descriptor lists more than ${MAX_EXTENTS} extents`);
      const size = Number(sectors) * SECTOR;
      if (kind === 'ZERO') extents.push(new Zeros(path, size, 1 << 20));
      else if (name === undefined) throw new InputError(`its descriptor has an extent without a file: ${line}`);
      else {
        const part = besideDescriptor(path, name);
        const file = openFile(part);
        files.push(part);
        extents.push(
          kind === 'SPARSE'
            ? openExtent({ path: part, bytes: file }, reports)
            : flat(part, file, Number(offset ?? 0) * SECTOR, size),
        );
      }
    }
  } catch (error) {
    for (const extent of extents) extent.close();
    throw error;
  }
  if (extents.length === 0) throw new InputError('its descriptor lists no extents');
  bytes.close();
  return { format: 'VMDK', disk: new Joined(path, extents), files, hashes: {} };
}

/** The name comes from the evidence, so only a file in the same folder as the descriptor is accepted. */
function besideDescriptor(path: string, name: string): string {
  const part = join(dirname(path), name.replace(/^.*[\\/]/s, ''));
  if (!existsSync(part)) throw new InputError(`its extent "${name.replace(/^.*[\\/]/s, '')}" is missing. Copy all extents`);
  return part;
}

function flat(part: string, file: ByteSource, start: number, size: number): ByteSource {
  if (start + size > file.size)
    throw new InputError(`its extent ${part} should have ${start + size} bytes, but has ${file.size}`);
  return new Region(part, file, start, size);
}
