/**
 * Finds the volumes of a disk. In: the disk. Out: the partitions of a GPT (or of its copy at the end, where the first is
 * damaged) or of an MBR with its logical drives, or the whole disk where it is one volume. Refuses nothing. Volumes that are
 * not NTFS are listed with kind and size, so that reports can name them as not read.
 */
import type { Reports } from '../logs/reports.ts';
import type { ByteSource } from '../model/reader.ts';
import { Region, readExactly, readOrZero, uint64LE } from './bytes.ts';
import { backupGeometry } from './ntfs/boot.ts';

/** The file system, recognised by how a volume begins. `unknown`: none that we know. */
export type FileSystem = 'NTFS' | 'BitLocker' | 'ReFS' | 'FAT' | 'exFAT' | 'ext' | 'unknown';

export interface Volume {
  /** `p1`, `p2` as in the partition table; `volume` where there is none. */
  readonly label: string;
  readonly fileSystem: FileSystem;
  /** Where it starts on the disk; bytes. */
  readonly start: number;
  /** The size in the partition table. `source` may end earlier. */
  readonly size: number;
  readonly source: ByteSource;
}

const SECTOR_SIZES = [512, 4096] as const;
const MAX_PARTITIONS = 256;
const BOOT_BYTES = 512;
/** GPT header: place of the entries u64 at 72, their number u32, bytes of one u32. Entry: type GUID, GUID, first and last sector. */
const GPT_SIGNATURE = 'EFI PART';
const GPT_HEADER = 92;
const GPT_ENTRY = 128;
const MAX_GPT_ENTRY = 4096;
const MBR_ENTRIES = 446;
const EXTENDED = new Set([0x05, 0x0f, 0x85]);
/** Type in an MBR that only says that the disk has a GPT. */
const PROTECTIVE = 0xee;
/** The superblock of ext2, ext3 and ext4 at 1024, its magic at 56. */
const EXT_MAGIC_AT = 1024 + 56;
const EXT_MAGIC = 0xef53;
/** BitLocker To Go: a FAT boot sector with this GUID at 424. */
const TO_GO = '3bd67649292ed84a8399f6a339e3d001';

export function fileSystemOf(source: ByteSource): FileSystem {
  const boot = Buffer.alloc(EXT_MAGIC_AT + 2);
  readOrZero(source, boot, 0);
  const name = boot.toString('latin1', 3, 11);
  if (name === 'NTFS    ') return 'NTFS';
  if (name === '-FVE-FS-' || boot.toString('hex', 424, 440) === TO_GO) return 'BitLocker';
  if (name.startsWith('ReFS\0')) return 'ReFS';
  if (name === 'EXFAT   ') return 'exFAT';
  if (boot.toString('latin1', 54, 57) === 'FAT' || boot.toString('latin1', 82, 85) === 'FAT') return 'FAT';
  if (boot.readUInt16LE(EXT_MAGIC_AT) === EXT_MAGIC) return 'ext';
  return 'unknown';
}

/** A volume as a part of a disk. With this, a locator opens it again. */
export function volumeAt(disk: ByteSource, label: string, start: number, size: number): Volume {
  const source = new Region(`${disk.name}:${label}`, disk, start, size);
  const fileSystem = fileSystemOf(source);
  // A damaged boot sector has a copy at the end of the volume.
  const damaged = fileSystem === 'unknown' && backupGeometry(source) !== null;
  return { label, fileSystem: damaged ? 'NTFS' : fileSystem, start, size, source };
}

export function volumesOf(disk: ByteSource, reports: Reports): Volume[] {
  const whole = fileSystemOf(disk);
  // A FAT boot sector and a partition table have the same ending. It is read as a table when its entries lead to volumes.
  if (whole !== 'unknown' && whole !== 'FAT') return [volumeAt(disk, 'volume', 0, disk.size)];
  const found = partitionsOf(disk, reports);
  if (found.length > 0) return found;
  const bare = volumeAt(disk, 'volume', 0, disk.size);
  return bare.fileSystem === 'unknown' ? [] : [bare];
}

function partitionsOf(disk: ByteSource, reports: Reports): Volume[] {
  for (const sector of SECTOR_SIZES) {
    const found = gpt(disk, sector, reports);
    if (found !== null) return found;
  }
  let best: Volume[] = [];
  for (const sector of SECTOR_SIZES) {
    const found = mbr(disk, sector, reports);
    // Nothing on the disk says that sectors have 4 KiB. The size with which volumes are found is the right one.
    if (found.some(({ fileSystem }) => fileSystem !== 'unknown')) return found;
    if (found.length > best.length) best = found;
  }
  return best;
}

/** null where there is none. */
function gpt(disk: ByteSource, sector: number, reports: Reports): Volume[] | null {
  for (const at of [sector, disk.size - sector]) {
    if (at < sector || at + GPT_HEADER > disk.size) continue;
    const header = readExactly(disk, at, GPT_HEADER, 'the GPT header');
    if (header.toString('latin1', 0, GPT_SIGNATURE.length) !== GPT_SIGNATURE) continue;
    const entriesAt = uint64LE(header, 72) * sector;
    const count = header.readUInt32LE(80);
    const entryBytes = header.readUInt32LE(84);
    if (entryBytes < GPT_ENTRY || entryBytes > MAX_GPT_ENTRY || entriesAt + entryBytes > disk.size) {
      reports.report('image/partition-table', at, `the GPT header makes no sense: ${count} entries of ${entryBytes} bytes.`);
      continue;
    }
    if (at !== sector)
      reports.report('image/partition-table', sector, 'the GPT header is damaged: its copy at the end of the disk is used.');
    return gptEntries(disk, sector, entriesAt, entryBytes, Math.min(count, MAX_PARTITIONS));
  }
  return null;
}

function gptEntries(disk: ByteSource, sector: number, entriesAt: number, entryBytes: number, count: number): Volume[] {
  const found: Volume[] = [];
  const entry = Buffer.alloc(GPT_ENTRY);
  for (let i = 0; i < count; i++) {
    readOrZero(disk, entry, entriesAt + i * entryBytes);
    if (entry.subarray(0, 16).every((byte) => byte === 0)) continue;
    const first = uint64LE(entry, 32);
    const last = uint64LE(entry, 40);
    if (last >= first) found.push(volumeAt(disk, `p${i + 1}`, first * sector, (last - first + 1) * sector));
  }
  return found;
}

/** As usual, primary partitions have the numbers 1 to 4, and logical drives begin at 5. */
function mbr(disk: ByteSource, sector: number, reports: Reports): Volume[] {
  const found: Volume[] = [];
  let extended: number | null = null;
  for (const [i, { type, start, count }] of mbrEntries(disk, 0).entries()) {
    if (EXTENDED.has(type)) extended ??= start * sector;
    else if (type !== 0 && type !== PROTECTIVE && count > 0)
      found.push(volumeAt(disk, `p${i + 1}`, start * sector, count * sector));
  }
  if (extended !== null) logicalDrives(disk, sector, extended, found, reports);
  return found;
}

/** A chain of tables. Each has its own drive first, then the place of the next table, counted from the first table. */
function logicalDrives(disk: ByteSource, sector: number, extended: number, found: Volume[], reports: Reports): void {
  const seen = new Set<number>();
  for (let at = extended; !seen.has(at) && seen.size < MAX_PARTITIONS; ) {
    seen.add(at);
    const entries = mbrEntries(disk, at);
    const drive = entries.find(({ type, count }) => type !== 0 && !EXTENDED.has(type) && count > 0);
    if (drive !== undefined) found.push(volumeAt(disk, `p${4 + seen.size}`, at + drive.start * sector, drive.count * sector));
    const next = entries.find(({ type }) => EXTENDED.has(type));
    if (next === undefined || entries.length === 0) return;
    at = extended + next.start * sector;
  }
  reports.report('image/partition-table', extended, 'the chain of logical drives leads back to itself: it was read once.');
}

interface MbrEntry {
  readonly type: number;
  /** In sectors. */
  readonly start: number;
  readonly count: number;
}

/** Empty when the table has no signature or lies beyond the disk. */
function mbrEntries(disk: ByteSource, at: number): MbrEntry[] {
  const table = Buffer.alloc(BOOT_BYTES);
  readOrZero(disk, table, at);
  if (table.readUInt16BE(510) !== 0x55aa) return [];
  return [0, 1, 2, 3].map((i) => {
    const entry = MBR_ENTRIES + 16 * i;
    return { type: table[entry + 4]!, start: table.readUInt32LE(entry + 8), count: table.readUInt32LE(entry + 12) };
  });
}
