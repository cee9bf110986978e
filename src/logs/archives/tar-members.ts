/**
 * tar (ustar, pax and GNU) as a stream. In: bytes. Out: the files, in order; links and devices only by their names. Refuses
 * headers whose checksum is wrong. Refuses sparse files, because without their holes the bytes would be at the wrong offsets.
 */
import { InputError } from '../../model/errors.ts';
import { MAX_MEMBERS, MAX_NAME_BYTES, type Member } from './archive.ts';
import { Body, StreamReader } from './source-bytes.ts';

const BLOCK = 512;
const NAME = [0, 100] as const;
const SIZE = [124, 12] as const;
const CHECKSUM = [148, 8] as const;
const TYPE = 156;
const MAGIC = [257, 5] as const;
const PREFIX = [345, 155] as const;
/** Type flags of regular files: the current one, the old one, and contiguous files. */
const FILES = new Set(['0', '\0', '7']);
/** Links, devices and pipes. */
const SPECIAL = new Set(['1', '2', '3', '4', '6']);
const LONG_NAME = 'L';
const PAX = 'x';
/** The type flag of GNU sparse files. */
const SPARSE = 'S';

const text = (block: Buffer, [at, length]: readonly [number, number]): string => {
  const end = block.indexOf(0, at);
  return block.toString('utf8', at, end < 0 || end > at + length ? at + length : end);
};

/** Octal digits, or base 256 when the first bit is set. */
function numberAt(block: Buffer, [at, length]: readonly [number, number]): number {
  if ((block[at]! & 0x80) !== 0) return block.readUIntBE(at + length - 6, 6);
  const digits = block
    .toString('latin1', at, at + length)
    .replace(/[\0 ]+$/, '')
    .trim();
  return /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : digits === '' ? 0 : Number.NaN;
}

/** True for a block that contains its own checksum. */
export function isTarHeader(block: Buffer): boolean {
  if (block.length < BLOCK || block[0] === 0) return false;
  const written = numberAt(block, CHECKSUM);
  let sum = 0;
  for (let at = 0; at < BLOCK; at++) sum += at >= CHECKSUM[0] && at < CHECKSUM[0] + CHECKSUM[1] ? 0x20 : block[at]!;
  return sum === written;
}

const padded = (size: number): number => Math.ceil(size / BLOCK) * BLOCK;

export async function* tarMembers(blocks: AsyncIterable<Uint8Array>): AsyncGenerator<Member> {
  const reader = new StreamReader(blocks);
  /** Set by earlier headers and used for the next file. */
  let longName: string | null = null;
  let pax: ReadonlyMap<string, string> = new Map();
  try {
    for (let count = 0; ; ) {
      const header = await reader.take(BLOCK);
      if (header.length === 0 || header.every((byte) => byte === 0)) return;
      if (header.length < BLOCK) throw new InputError('the tar archive ends inside of a header.');
      if (!isTarHeader(header)) throw new InputError('a tar header is damaged: what follows it cannot be told apart.');
      const type = String.fromCharCode(header[TYPE]!);
      const size = Number(pax.get('size') ?? numberAt(header, SIZE));
      if (!Number.isSafeInteger(size) || size < 0) throw new InputError('a tar header names no size that can be.');
      if (type === LONG_NAME || type === PAX) {
        if (size > MAX_NAME_BYTES) throw new InputError(`a tar header is longer than ${MAX_NAME_BYTES} bytes.`);
        const more = (await reader.take(padded(size))).subarray(0, size);
        if (type === LONG_NAME) longName = more.toString('utf8').replace(/\0.*$/s, '');
        else pax = paxRecords(more);
        continue;
      }
      const prefix = text(header, MAGIC) === 'ustar' ? text(header, PREFIX) : '';
      const path = longName ?? pax.get('path') ?? (prefix === '' ? text(header, NAME) : `${prefix}/${text(header, NAME)}`);
      const isSparse = type === SPARSE || [...pax.keys()].some((key) => key.startsWith('GNU.sparse'));
      longName = null;
      pax = new Map();
      const body = new Body(reader, size, 'the tar archive');
      const special = SPECIAL.has(type);
      if (FILES.has(type) || isSparse || special) {
        if (++count > MAX_MEMBERS) throw new InputError(`the archive has more than ${MAX_MEMBERS} members.`);
        yield { path, size, encrypted: false, special, bytes: () => (isSparse ? sparse() : body.bytes()) };
      }
      await body.pass(padded(size));
    }
  } finally {
    await reader.close();
  }
}

// biome-ignore lint/correctness/useYield: it takes the place of a stream, and only throws.
async function* sparse(): AsyncGenerator<Uint8Array> {
  throw new InputError('it is a sparse file, which is not read: pack it without --sparse.');
}

/** Records such as `27 path=a/very/long/name\n`, one after the other. */
function paxRecords(bytes: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < bytes.length; ) {
    const blank = bytes.indexOf(0x20, at);
    const length = blank < 0 ? Number.NaN : Number(bytes.toString('latin1', at, blank));
    if (!(length > blank - at)) break;
    const record = bytes.toString('utf8', blank + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (equals > 0) records.set(record.slice(0, equals), record.slice(equals + 1));
    at += length;
  }
  return records;
}
