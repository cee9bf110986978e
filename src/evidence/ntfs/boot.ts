/**
 * Reads the boot sector of an NTFS volume. In: the volume. Out: the sizes of its clusters and file records, and where the MFT
 * begins. Refuses sizes that NTFS does not have. If the boot sector is damaged, its copy in the last sector is used.
 */
import type { Reports } from '../../logs/reports.ts';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { readOrZero, uint64LE } from '../bytes.ts';

export interface Geometry {
  readonly clusterBytes: number;
  /** Size of one record of the MFT. */
  readonly recordBytes: number;
  /** Byte offsets on the volume: of the MFT, and of the copy of its first records. */
  readonly mftAt: number;
  readonly mirrorAt: number;
}

/** u16 bytes per sector at 11, u8 sectors per cluster at 13, u64 clusters of the MFT and its mirror at 48 and 56, i8 record size at 64. */
const BOOT_BYTES = 512;
const NAME = 'NTFS    ';
const MAX_CLUSTER = 2 << 20;
const MAX_RECORD = 1 << 16;

export function readGeometry(volume: ByteSource, reports: Reports): Geometry {
  const first = geometryAt(volume, 0);
  if (typeof first !== 'string') return first;
  const copy = backupGeometry(volume);
  if (copy === null) throw new InputError(`${volume.name}: ${first}, and there is no copy of it at the end of the volume`);
  reports.report('ntfs/boot-sector', 0, `${first}: the copy at the end of the volume is used.`);
  return copy;
}

/** The same from the copy in the last sector; null when there is none. */
export function backupGeometry(volume: ByteSource): Geometry | null {
  for (const sector of [512, 4096]) {
    const copy = geometryAt(volume, volume.size - sector);
    if (typeof copy !== 'string') return copy;
  }
  return null;
}

/** A returned text says what is wrong. */
function geometryAt(volume: ByteSource, at: number): Geometry | string {
  const boot = Buffer.alloc(BOOT_BYTES);
  readOrZero(volume, boot, at);
  if (boot.toString('latin1', 3, 11) !== NAME) return 'the boot sector does not say "NTFS"';
  const sector = boot.readUInt16LE(11);
  const perCluster = boot[13]!;
  // A number above 0x80 stands for a power of two, for clusters of 64 KiB to 2 MiB.
  const clusterBytes = sector * (perCluster > 0x80 ? 2 ** (256 - perCluster) : perCluster);
  const perRecord = boot.readInt8(64);
  const recordBytes = perRecord > 0 ? perRecord * clusterBytes : 2 ** -perRecord;
  if (!isPowerOfTwo(clusterBytes, 512, MAX_CLUSTER)) return `the boot sector claims clusters of ${clusterBytes} bytes`;
  if (!isPowerOfTwo(recordBytes, 512, MAX_RECORD)) return `the boot sector claims file records of ${recordBytes} bytes`;
  const mftAt = uint64LE(boot, 48) * clusterBytes;
  if (mftAt === 0 || mftAt >= volume.size)
    return `the boot sector says that the MFT is at 0x${mftAt.toString(16)}, where nothing is`;
  return { clusterBytes, recordBytes, mftAt, mirrorAt: uint64LE(boot, 56) * clusterBytes };
}

function isPowerOfTwo(value: number, least: number, most: number): boolean {
  return value >= least && value <= most && Number.isInteger(Math.log2(value));
}
