/**
 * QCOW2, the disks of QEMU. In: the file, in which two levels of tables lead to clusters. Out: the disk. Refuses disks that
 * need a backing file, a key, an external data file or Zstandard. Numbers are big-endian.
 */
import { constants, inflateRawSync } from 'node:zlib';
import type { Reports } from '../../logs/reports.ts';
import { InputError, messageOf } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { RecentUnits, readExactly, readOrZero, uint64BE } from '../bytes.ts';
import { BlockDisk } from './block-disk.ts';
import type { Container, ImageFile } from './container.ts';

const SIGNATURE = 'QFI\xfb';
/** Size of the header in version 2 and in version 3. */
const HEADER_BYTES = [72, 104] as const;
/** Incompatible features: external data file, compression type, extended L2 entries. */
const EXTERNAL_DATA = 4;
const COMPRESSION_TYPE = 8;
const EXTENDED_L2 = 16;
const KNOWN_FEATURES = 1 | 2 | COMPRESSION_TYPE;
const ZLIB = 0;
/** Bits 9 to 55 of an entry: where its table or cluster lies. */
const OFFSET_MASK = 0x00fffffffffffe00n;
const PACKED = 1n << 62n;
/** Flag of an L2 entry: the cluster reads as zeros. */
const ZEROS = 1n;
/** Limit on the first table: 4 TiB in clusters of 64 KiB. QEMU allows no more either. */
const MAX_L1_BYTES = 32 << 20;
const TABLES_KEPT = 64;
const CLUSTERS_KEPT = 32;

export const container: Container = {
  priority: 20,
  recognise: ({ head }) => head.toString('latin1', 0, 4) === SIGNATURE,
  open: (image, reports) => ({ format: 'QCOW2', disk: openQcow2(image, reports), files: [image.path], hashes: {} }),
};

function openQcow2(image: ImageFile, reports: Reports): ByteSource {
  const file = image.bytes;
  const version = readExactly(file, 0, 8, 'the QCOW2 header').readUInt32BE(4);
  if (version !== 2 && version !== 3) throw new InputError(`it is a QCOW image of version ${version}; 2 and 3 are read`);
  const header = readExactly(file, 0, HEADER_BYTES[version - 2]!, 'the QCOW2 header');
  const clusterBits = header.readUInt32BE(20);
  if (clusterBits < 9 || clusterBits > 21)
    throw new InputError(`its clusters would be of 2^${clusterBits} bytes; 2^9 to 2^21 are possible`);
  if (uint64BE(header, 8) !== 0)
    throw new InputError('it is a QCOW2 with a backing file. Merge them: qemu-img convert -O raw IMAGE disk.raw');
  if (header.readUInt32BE(32) !== 0) throw new InputError('it is an encrypted QCOW2');
  const features = version === 3 ? header.readUInt32BE(76) : 0;
  if ((features & EXTERNAL_DATA) !== 0) throw new InputError('it is a QCOW2 whose data is in another file');
  if ((features & EXTENDED_L2) !== 0 || (features & ~KNOWN_FEATURES) !== 0) {
    throw new InputError(
      `it is a QCOW2 with features that are not read (0x${features.toString(16)}). Convert it: qemu-img convert -O raw IMAGE disk.raw`,
    );
  }
  const compression = (features & COMPRESSION_TYPE) !== 0 ? readExactly(file, 104, 1, 'the QCOW2 header')[0]! : ZLIB;
  if (compression !== ZLIB)
    throw new InputError('it is a QCOW2 packed with Zstandard. Convert it: qemu-img convert -O raw IMAGE disk.raw');
  const l1Bytes = 8 * header.readUInt32BE(36);
  if (l1Bytes > MAX_L1_BYTES) throw new InputError(`its first table would have ${l1Bytes} bytes; ${MAX_L1_BYTES} are possible`);
  const l1 = readExactly(file, uint64BE(header, 40), l1Bytes, 'the first table of the QCOW2');
  // The disk is cut to what the tables can address.
  const most = (l1Bytes / 8) * 2 ** (2 * clusterBits - 3);
  const size = uint64BE(header, 24);
  if (size > most) throw new InputError(`it claims a disk of ${size} bytes; its tables are for ${most}`);
  return new Qcow2Disk(image, size, clusterBits, l1, reports);
}

/** True for an entry that stands for zeros. */
function isEmpty(entry: bigint): boolean {
  return (entry & PACKED) === 0n && ((entry & OFFSET_MASK) === 0n || (entry & ZEROS) !== 0n);
}

class Qcow2Disk extends BlockDisk {
  readonly #l1: Buffer;
  readonly #clusterBits: number;
  readonly #tables = new RecentUnits(TABLES_KEPT);
  readonly #unpacked = new RecentUnits(CLUSTERS_KEPT);

  constructor(file: ImageFile, size: number, clusterBits: number, l1: Buffer, reports: Reports) {
    super(file, size, 1 << clusterBits, reports);
    this.#clusterBits = clusterBits;
    this.#l1 = l1;
  }

  protected readIn(unit: number, at: number, into: Uint8Array): void {
    const entry = this.#entry(unit);
    if ((entry & PACKED) !== 0n) {
      into.set(this.#unpacked.get(unit, () => this.#unpack(unit, entry)).subarray(at, at + into.length));
      return;
    }
    const offset = Number(entry & OFFSET_MASK);
    if (isEmpty(entry)) into.fill(0);
    // The last cluster of a file may be cut where its data ends.
    else if (readOrZero(this.file, into, offset + at) === 0) this.#damaged(unit, 'it lies beyond the end of the file');
  }

  protected zerosAt(block: number): number {
    const perTable = this.unitBytes / 8;
    const table = this.#l1.readBigUInt64BE(8 * Math.floor(block / perTable)) & OFFSET_MASK;
    if (table === 0n) return perTable - (block % perTable);
    return isEmpty(this.#entry(block)) ? 1 : 0;
  }

  #entry(unit: number): bigint {
    const perTable = this.unitBytes / 8;
    const number = Math.floor(unit / perTable);
    const table = Number(this.#l1.readBigUInt64BE(8 * number) & OFFSET_MASK);
    if (table === 0) return 0n;
    const bytes = this.#tables.get(number, () => {
      const into = Buffer.alloc(this.unitBytes);
      if (readOrZero(this.file, into, table) < into.length) this.#damaged(unit, 'its table lies beyond the end of the file');
      return into;
    });
    return bytes.readBigUInt64BE(8 * (unit % perTable));
  }

  /**
   * The lower bits of the entry say where the packed cluster begins, the upper ones how many further sectors of 512 bytes it
   * touches.
   */
  #unpack(unit: number, entry: bigint): Buffer {
    const offsetBits = BigInt(62 - (this.#clusterBits - 8));
    const offset = Number(entry & ((1n << offsetBits) - 1n));
    const sectors = Number((entry & (PACKED - 1n)) >> offsetBits) + 1;
    const packed = Buffer.alloc(sectors * 512 - (offset % 512));
    const got = this.file.read(packed, offset);
    const into = Buffer.alloc(this.unitBytes);
    try {
      inflateRawSync(packed.subarray(0, got), { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: this.unitBytes }).copy(
        into,
      );
    } catch (error) {
      this.#damaged(unit, messageOf(error));
    }
    return into;
  }

  #damaged(unit: number, why: string): void {
    this.damaged(unit, `cluster ${unit} of the QCOW2 cannot be read (${why})`);
  }
}
