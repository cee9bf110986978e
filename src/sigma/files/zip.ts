/**
 * Reads entries of a zip archive, such as the one SigmaHQ publishes. In: the archive's bytes. Out: names and contents of its
 * files, as its central directory lists them. Refuses encrypted entries, methods other than stored and deflate, sizes beyond
 * the limits below, and contents that do not have the listed checksum. Zip64 is not supported, because it is only needed beyond
 * these limits.
 */

import { crc32, inflateRawSync } from 'node:zlib';
import { messageOf } from '../../model/errors.ts';

/** `PK\x01\x02`, `PK\x03\x04`, `PK\x05\x06` as little-endian numbers. */
const CENTRAL_ENTRY = 0x02014b50;
const LOCAL_ENTRY = 0x04034b50;
const END_OF_DIRECTORY = 0x06054b50;
const CENTRAL_BYTES = 46;
const LOCAL_BYTES = 30;
const END_BYTES = 22;
/** The end record is followed by a comment of at most this length. */
const MAX_COMMENT = 0xffff;
const STORED = 0;
const DEFLATED = 8;
const FLAG_ENCRYPTED = 1;

/** One rule file is a few KiB: more than this is no rule. */
const MAX_ENTRY_BYTES = 16 << 20;
/** All entries together, decompressed: SigmaHQ's rules are 6 MB. */
const MAX_TOTAL_BYTES = 512 << 20;

export interface ZipEntry {
  readonly name: string;
  /** Decompresses the entry. A returned string says why this failed. */
  read(): Buffer | string;
}

export function isZip(head: Buffer): boolean {
  return head.length >= 4 && (head.readUInt32LE(0) === LOCAL_ENTRY || head.readUInt32LE(0) === END_OF_DIRECTORY);
}

function findEnd(bytes: Buffer): number {
  const first = Math.max(0, bytes.length - END_BYTES - MAX_COMMENT);
  for (let at = bytes.length - END_BYTES; at >= first; at--) if (bytes.readUInt32LE(at) === END_OF_DIRECTORY) return at;
  return -1;
}

/** The files of an archive in directory order, or why it cannot be read. */
export function readZip(bytes: Buffer): readonly ZipEntry[] | string {
  const end = findEnd(bytes);
  if (end < 0) return 'it has no end-of-directory record: not a zip archive, or cut short';
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  const budget = { left: MAX_TOTAL_BYTES };
  const entries: ZipEntry[] = [];
  for (let i = 0; i < count; i++) {
    if (at + CENTRAL_BYTES > end || bytes.readUInt32LE(at) !== CENTRAL_ENTRY) {
      return `entry ${i} of ${count} is not where its directory says (offset ${at})`;
    }
    const nameEnd = at + CENTRAL_BYTES + bytes.readUInt16LE(at + 28);
    const next = nameEnd + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (next > end) return `entry ${i} of ${count} runs beyond the directory`;
    const name = bytes.toString('utf8', at + CENTRAL_BYTES, nameEnd).replaceAll('\\', '/');
    const header = at;
    if (!name.endsWith('/')) entries.push({ name, read: () => readEntry(bytes, header, budget) });
    at = next;
  }
  return entries;
}

function readEntry(bytes: Buffer, header: number, budget: { left: number }): Buffer | string {
  const flags = bytes.readUInt16LE(header + 8);
  const method = bytes.readUInt16LE(header + 10);
  const checksum = bytes.readUInt32LE(header + 16);
  const packed = bytes.readUInt32LE(header + 20);
  const size = bytes.readUInt32LE(header + 24);
  const local = bytes.readUInt32LE(header + 42);
  if ((flags & FLAG_ENCRYPTED) !== 0) return 'it is encrypted';
  if (method !== STORED && method !== DEFLATED) return `compression method ${method} is not supported (stored and deflate are)`;
  if (size > MAX_ENTRY_BYTES) return `it is ${size} bytes long; at most ${MAX_ENTRY_BYTES} are read`;
  if (size > budget.left) return `the archive holds more than ${MAX_TOTAL_BYTES} bytes`;
  if (local + LOCAL_BYTES > bytes.length || bytes.readUInt32LE(local) !== LOCAL_ENTRY) return `no entry at offset ${local}`;
  const start = local + LOCAL_BYTES + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  if (start + packed > bytes.length) return 'it runs beyond the end of the archive';
  const data = bytes.subarray(start, start + packed);
  let content: Buffer;
  try {
    content = method === STORED ? data : inflateRawSync(data, { maxOutputLength: Math.max(1, size) });
  } catch (error) {
    return `it cannot be decompressed: ${messageOf(error)}`;
  }
  if (content.length !== size || crc32(content) !== checksum) return 'its content does not fit its checksum';
  budget.left -= size;
  return content;
}
