/**
 * The directory of a ZIP archive, including ZIP64. In: bytes at any offset. Out: its files. Refuses impossible directories:
 * entries that lie out of bounds, and entries that share data, which is how a small archive is made to expand enormously.
 */
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { MAX_MEMBERS, refuseExpansion } from './archive.ts';
import { readBytes } from './source-bytes.ts';

/** `PK\x01\x02` ... as little-endian numbers. */
const CENTRAL_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END = 0x06054b50;
const END_64 = 0x06064b50;
const END_64_LOCATOR = 0x07064b50;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const END_BYTES = 22;
const LOCATOR_BYTES = 20;
const END_64_BYTES = 56;
const MAX_COMMENT = 0xffff;
/** The directory is held in memory as a whole. */
const MAX_DIRECTORY_BYTES = 1 << 30;
/** In a field of 32 bits this means that the number is in the extra field. */
const IN_EXTRA = 0xffffffff;
const EXTRA_64 = 0x0001;
const EXTRA_AES = 0x9901;
const FLAG_ENCRYPTED = 1;
const FLAG_TIME_CHECK = 8;
const FLAG_UTF8 = 0x800;
/**
 * The upper half of a file's attributes is its Unix mode, whatever system wrote the archive. These bits of the mode mark a link.
 */
const UNIX_TYPE = 0o170000;
const UNIX_LINK = 0o120000;
export const AES_METHOD = 99;

export interface ZipFile {
  readonly path: string;
  /** The compression method, also when the file is encrypted. */
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number;
  readonly encrypted: boolean;
  /** Bits of the AES key; 0 when AES is not used. */
  readonly aesBits: number;
  /** False for AE-2, whose authentication code takes the place of a checksum. */
  readonly hasCrc: boolean;
  /** The expected last byte of the traditional encryption's header. */
  readonly checkByte: number;
  /** Offset of the file's local header. */
  readonly local: number;
}

/**
 * Where the directory and its entries are. `shift` is the number of bytes before the archive, as in a self-extracting program.
 */
interface Place {
  readonly start: number;
  readonly size: number;
  readonly count: number;
  readonly shift: number;
}

export function isZip(head: Buffer): boolean {
  return head.length >= 4 && (head.readUInt32LE(0) === LOCAL_ENTRY || head.readUInt32LE(0) === END);
}

function directoryPlace(source: ByteSource): Place {
  const tailAt = Math.max(0, source.size - END_BYTES - MAX_COMMENT);
  const tail = readBytes(source, tailAt, END_BYTES + MAX_COMMENT);
  let at = tail.length - END_BYTES;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw new InputError('the ZIP archive has no directory: it is cut short. What is in it cannot be told apart.');
  const count = tail.readUInt16LE(at + 10);
  const size = tail.readUInt32LE(at + 12);
  const start = tail.readUInt32LE(at + 16);
  if (count !== 0xffff && size !== IN_EXTRA && start !== IN_EXTRA) {
    return { start, size, count, shift: Math.max(0, tailAt + at - size - start) };
  }
  const locator = readBytes(source, tailAt + at - LOCATOR_BYTES, LOCATOR_BYTES);
  if (locator.length < LOCATOR_BYTES || locator.readUInt32LE(0) !== END_64_LOCATOR) return { start, size, count, shift: 0 };
  const end = readBytes(source, number64(locator, 8), END_64_BYTES);
  if (end.length < END_64_BYTES || end.readUInt32LE(0) !== END_64)
    throw new InputError('the ZIP64 directory is not where it should be.');
  return { start: number64(end, 48), size: number64(end, 40), count: number64(end, 32), shift: 0 };
}

function number64(bytes: Buffer, at: number): number {
  return Number(bytes.readBigUInt64LE(at));
}

/** The extra fields, from id to bytes. */
function extras(bytes: Buffer): Map<number, Buffer> {
  const found = new Map<number, Buffer>();
  for (let at = 0; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16LE(at + 2);
    found.set(bytes.readUInt16LE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + length;
  }
  return found;
}

function nameOf(bytes: Buffer, isUtf8: boolean): string {
  const text = bytes.toString('utf8');
  return isUtf8 || !text.includes('\ufffd') ? text : bytes.toString('latin1');
}

function entryAt(directory: Buffer, at: number, shift: number): { readonly file: ZipFile | null; readonly next: number } | null {
  if (at + CENTRAL_BYTES > directory.length || directory.readUInt32LE(at) !== CENTRAL_ENTRY) return null;
  const nameEnd = at + CENTRAL_BYTES + directory.readUInt16LE(at + 28);
  const extraEnd = nameEnd + directory.readUInt16LE(at + 30);
  const next = extraEnd + directory.readUInt16LE(at + 32);
  if (next > directory.length) return null;
  const flags = directory.readUInt16LE(at + 8);
  const path = nameOf(directory.subarray(at + CENTRAL_BYTES, nameEnd), (flags & FLAG_UTF8) !== 0);
  const isLink = ((directory.readUInt32LE(at + 38) >>> 16) & UNIX_TYPE) === UNIX_LINK;
  if (/[\\/]$/.test(path) || isLink) return { file: null, next };
  const extra = extras(directory.subarray(nameEnd, extraEnd));
  const wide = extra.get(EXTRA_64);
  let wideAt = 0;
  const number = (position: number): number => {
    const short = directory.readUInt32LE(at + position);
    if (short !== IN_EXTRA || wide === undefined || wideAt + 8 > wide.length) return short;
    wideAt += 8;
    return number64(wide, wideAt - 8);
  };
  // The calls are in the order in which the extra field stores the numbers.
  const size = number(24);
  const packed = number(20);
  const local = number(42) + shift;
  const aes = extra.get(EXTRA_AES);
  const written = directory.readUInt16LE(at + 10);
  const isAes = written === AES_METHOD && aes !== undefined && aes.length >= 7;
  const crc = directory.readUInt32LE(at + 16);
  const file: ZipFile = {
    path,
    method: isAes ? aes.readUInt16LE(5) : written,
    packed,
    size,
    crc,
    encrypted: (flags & FLAG_ENCRYPTED) !== 0,
    aesBits: isAes ? 64 + 64 * aes[4]! : 0,
    hasCrc: !isAes || aes.readUInt16LE(0) === 1,
    checkByte: (flags & FLAG_TIME_CHECK) !== 0 ? directory[at + 13]! : crc >>> 24,
    local,
  };
  return { file, next };
}

/** The files, in the order of the directory. `damage` says what was wrong after the last of them. */
export function zipFiles(source: ByteSource): { readonly files: readonly ZipFile[]; readonly damage: string | null } {
  const { start, size, count, shift } = directoryPlace(source);
  if (size > MAX_DIRECTORY_BYTES)
    throw new InputError(`the directory of the ZIP archive has ${size} bytes; at most ${MAX_DIRECTORY_BYTES} are read.`);
  if (!(start + shift + size <= source.size)) throw new InputError('the directory of the ZIP archive lies beyond its end.');
  const directory = readBytes(source, start + shift, size);
  const files: ZipFile[] = [];
  let damage: string | null = null;
  for (let i = 0, at = 0; i < count && damage === null; i++) {
    const entry = entryAt(directory, at, shift);
    if (entry === null)
      damage = `entry ${i + 1} of ${count} is not where the directory of the ZIP archive says; the entries before it were read.`;
    else if (files.length === MAX_MEMBERS) damage = `the archive has more than ${MAX_MEMBERS} members.`;
    else {
      if (entry.file !== null) files.push(entry.file);
      at = entry.next;
    }
  }
  const packed = files.reduce((sum, file) => sum + file.packed, 0);
  if (packed > source.size)
    throw new InputError('entries of the ZIP archive share their data, which no program writes: it is made to become huge.');
  refuseExpansion(
    source.size,
    files.reduce((sum, file) => sum + file.size, 0),
    'the archive',
  );
  return { files, damage };
}

/** Offset of a file's data. It follows the local header, which has lengths of its own. */
export function dataStart(source: ByteSource, { local, packed }: ZipFile): number {
  const header = readBytes(source, local, LOCAL_BYTES);
  if (header.length < LOCAL_BYTES || header.readUInt32LE(0) !== LOCAL_ENTRY)
    throw new InputError('its data is not where the directory says.');
  const start = local + LOCAL_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
  if (start + packed > source.size) throw new InputError('its data runs beyond the end of the archive.');
  return start;
}
