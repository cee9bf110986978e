/**
 * VHD, the older disks of Hyper-V. In: a fixed one (the bytes of the disk and a footer) or a dynamic one (a table that leads to
 * blocks). Out: the disk. Refuses differencing disks, which need a parent. Numbers are big-endian.
 */

import type { Reports } from '../../logs/reports.ts';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { Region, readExactly, readOrZero, uint64BE } from '../bytes.ts';
import { BlockDisk } from './block-disk.ts';
import type { Container, ImageFile, OpenedImage } from './container.ts';

const COOKIE = 'conectix';
const HEADER_COOKIE = 'cxsparse';
/** Footer of 512 bytes: place of the dynamic header u64 at 16, size of the disk u64 at 48, type u32 at 60. */
const TYPES = { fixed: 2, dynamic: 3, differencing: 4 } as const;
const UNUSED = 0xffffffff;
const SECTOR = 512;
const MAX_BLOCK_BYTES = 256 << 20;

export const container: Container = {
  priority: 30,
  recognise: (file) => footerOf(file) !== null,
  open(file, reports): OpenedImage {
    const footer = footerOf(file)!;
    const type = footer.readUInt32BE(60);
    const size = uint64BE(footer, 48);
    if (type === TYPES.differencing) {
      throw new InputError('it is a differencing VHD, which needs its parent. Merge them in Hyper-V, or name the parent');
    }
    if (type !== TYPES.fixed && type !== TYPES.dynamic) throw new InputError(`it is a VHD of unknown type ${type}`);
    const fixed = type === TYPES.fixed;
    const disk = fixed ? new Region(file.path, file.bytes, 0, size) : openDynamic(file, footer, size, reports);
    return { format: fixed ? 'VHD (fixed)' : 'VHD (dynamic)', disk, files: [file.path], hashes: {} };
  },
};

/** The footer. A dynamic disk has a copy of it at the beginning, for the case that the end is lost. */
function footerOf({ head, tail }: ImageFile): Buffer | null {
  return [tail, head].find((bytes) => bytes.length === SECTOR && bytes.toString('latin1', 0, COOKIE.length) === COOKIE) ?? null;
}

function openDynamic(file: ImageFile, footer: Buffer, size: number, reports: Reports): ByteSource {
  const { bytes } = file;
  const header = readExactly(bytes, uint64BE(footer, 16), 1024, 'the dynamic header of the VHD');
  if (header.toString('latin1', 0, HEADER_COOKIE.length) !== HEADER_COOKIE) throw new InputError('its dynamic header is damaged');
  const blockBytes = header.readUInt32BE(32);
  const entries = header.readUInt32BE(28);
  if (
    blockBytes < SECTOR ||
    blockBytes > MAX_BLOCK_BYTES ||
    blockBytes % SECTOR !== 0 ||
    Math.ceil(size / blockBytes) > entries
  ) {
    throw new InputError(`its dynamic header makes no sense: ${size} bytes in ${entries} blocks of ${blockBytes}`);
  }
  const table = readExactly(bytes, uint64BE(header, 16), 4 * entries, 'the block table of the VHD');
  return new VhdDisk(file, size, blockBytes, table, reports);
}

class VhdDisk extends BlockDisk {
  readonly #table: Buffer;
  /** Each block begins with a bit for each of its sectors. */
  readonly #bitmapBytes: number;

  constructor(file: ImageFile, size: number, blockBytes: number, table: Buffer, reports: Reports) {
    super(file, size, blockBytes, reports);
    this.#table = table;
    this.#bitmapBytes = Math.ceil(blockBytes / SECTOR / 8 / SECTOR) * SECTOR;
  }

  protected zerosAt(block: number): number {
    return this.#table.readUInt32BE(4 * block) === UNUSED ? 1 : 0;
  }

  protected readIn(unit: number, at: number, into: Uint8Array): void {
    const sector = this.#table.readUInt32BE(4 * unit);
    if (sector === UNUSED) into.fill(0);
    else if (readOrZero(this.file, into, sector * SECTOR + this.#bitmapBytes + at) < into.length)
      this.damaged(unit, `block ${unit} of the VHD lies beyond the end of the file`);
  }
}
