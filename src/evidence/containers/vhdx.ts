/**
 * VHDX, the disks of Hyper-V. In: the file, whose table of regions leads to a table of blocks. Out: the disk. Refuses
 * differencing disks, and those with a log that has not been replayed, because their tables may be half written. Numbers are
 * little-endian.
 */

import type { Reports } from '../../logs/reports.ts';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { readExactly, readOrZero, uint64LE } from '../bytes.ts';
import { BlockDisk } from './block-disk.ts';
import type { Container, ImageFile } from './container.ts';

const SIGNATURE = 'vhdxfile';
const HEADERS_AT = [64 << 10, 128 << 10] as const;
/** Places of the two copies of the region table. */
const REGIONS_AT = [192 << 10, 256 << 10] as const;
const REGION_TABLE_BYTES = 64 << 10;
const MAX_ENTRIES = 2047;
const MAX_BLOCK_BYTES = 256 << 20;
const MAX_TABLE_BYTES = 64 << 20;
const MIB = 2 ** 20;
/** GUIDs as they are stored: first of regions, then of metadata items. */
const BLOCK_TABLE = '6677c22d23f600429d64115e9bfd4a08';
const METADATA = '06a27c8b90479a4bb8fe575f050f886e';
const FILE_PARAMETERS = '3767a1ca36fa434db3b633f0aa44e76b';
const DISK_SIZE = '2442a52f1bcd7648b2115dbed83bf4b8';
const SECTOR_SIZE = '1dbf41816fa90947ba47f233a8faab5f';
/** Flag in the file parameters: the disk has a parent. */
const HAS_PARENT = 2;
/** The lower 3 bits of a table entry: the block is there in full, or (in disks with a parent) in part. */
const FULL = 6;
const PARTIAL = 7;

export const container: Container = {
  priority: 20,
  recognise: ({ head }) => head.toString('latin1', 0, 8) === SIGNATURE,
  open: (image, reports) => ({ format: 'VHDX', disk: openVhdx(image, reports), files: [image.path], hashes: {} }),
};

function openVhdx(image: ImageFile, reports: Reports): ByteSource {
  const file = image.bytes;
  refuseLog(file);
  const regions = readRegions(file);
  const metadataAt = regions.get(METADATA)?.at;
  const blockTable = regions.get(BLOCK_TABLE);
  if (metadataAt === undefined || blockTable === undefined)
    throw new InputError('its region table lacks the metadata or the block table');
  const items = readMetadata(file, metadataAt);
  const item = (guid: string, length: number, what: string): Buffer => {
    const at = items.get(guid);
    if (at === undefined) throw new InputError(`its metadata lacks the ${what}`);
    return readExactly(file, at, length, `the ${what} of the VHDX`);
  };
  const parameters = item(FILE_PARAMETERS, 8, 'file parameters');
  if ((parameters.readUInt32LE(4) & HAS_PARENT) !== 0) {
    throw new InputError('it is a differencing VHDX (a checkpoint), which needs its parent. Merge them in Hyper-V');
  }
  const blockBytes = parameters.readUInt32LE(0);
  const size = uint64LE(item(DISK_SIZE, 8, 'disk size'), 0);
  const sector = item(SECTOR_SIZE, 4, 'sector size').readUInt32LE(0);
  if (blockBytes < MIB || blockBytes > MAX_BLOCK_BYTES || (sector !== 512 && sector !== 4096)) {
    throw new InputError(`its metadata makes no sense: blocks of ${blockBytes} bytes, sectors of ${sector}`);
  }
  // After this many entries for blocks, the table has one entry for their bitmap.
  const ratio = Math.floor((sector * 2 ** 23) / blockBytes);
  const blocks = Math.ceil(size / blockBytes);
  const tableBytes = 8 * (blocks + Math.floor((blocks - 1) / ratio));
  if (blocks === 0 || tableBytes > Math.min(blockTable.length, MAX_TABLE_BYTES))
    throw new InputError(`its block table is too small for ${size} bytes`);
  const table = readExactly(file, blockTable.at, tableBytes, 'the block table of the VHDX');
  return new VhdxDisk(image, size, blockBytes, ratio, table, reports);
}

function refuseLog(file: ByteSource): void {
  const headers = HEADERS_AT.map((at) => readExactly(file, at, 80, 'the VHDX header')).filter(
    (header) => header.toString('latin1', 0, 4) === 'head',
  );
  const current = headers.sort((a, b) => uint64LE(b, 8) - uint64LE(a, 8))[0];
  if (current === undefined) throw new InputError('both of its headers are damaged');
  if (current.subarray(48, 64).some((byte) => byte !== 0)) {
    throw new InputError(
      'it was not closed: its log has to be replayed first. Mount a copy of it in Windows, or use qemu-img check -r all on a copy',
    );
  }
}

function readRegions(file: ByteSource): Map<string, { readonly at: number; readonly length: number }> {
  const table = REGIONS_AT.map((at) => readExactly(file, at, REGION_TABLE_BYTES, 'the region table of the VHDX')).find(
    (bytes) => bytes.toString('latin1', 0, 4) === 'regi',
  );
  if (table === undefined) throw new InputError('both of its region tables are damaged');
  const regions = new Map<string, { at: number; length: number }>();
  for (let i = 0; i < Math.min(table.readUInt32LE(8), MAX_ENTRIES); i++) {
    const at = 16 + 32 * i;
    regions.set(table.toString('hex', at, at + 16), { at: uint64LE(table, at + 16), length: table.readUInt32LE(at + 24) });
  }
  return regions;
}

function readMetadata(file: ByteSource, start: number): Map<string, number> {
  const table = readExactly(file, start, REGION_TABLE_BYTES, 'the metadata of the VHDX');
  const items = new Map<string, number>();
  for (let i = 0; i < Math.min(table.readUInt16LE(10), MAX_ENTRIES); i++) {
    const at = 32 + 32 * i;
    items.set(table.toString('hex', at, at + 16), start + table.readUInt32LE(at + 16));
  }
  return items;
}

class VhdxDisk extends BlockDisk {
  readonly #table: Buffer;
  readonly #ratio: number;

  constructor(file: ImageFile, size: number, blockBytes: number, ratio: number, table: Buffer, reports: Reports) {
    super(file, size, blockBytes, reports);
    this.#ratio = ratio;
    this.#table = table;
  }

  /** The block's entry; 0 for a block of zeros. */
  #entry(unit: number): bigint {
    const entry = this.#table.readBigUInt64LE(8 * (unit + Math.floor(unit / this.#ratio)));
    const state = Number(entry & 7n);
    return state === FULL || state === PARTIAL ? entry : 0n;
  }

  protected zerosAt(block: number): number {
    return this.#entry(block) === 0n ? 1 : 0;
  }

  protected readIn(unit: number, at: number, into: Uint8Array): void {
    const entry = this.#entry(unit);
    if (entry === 0n) into.fill(0);
    else if (readOrZero(this.file, into, Number(entry >> 20n) * MIB + at) < into.length)
      this.damaged(unit, `block ${unit} of the VHDX lies beyond the end of the file`);
  }
}
