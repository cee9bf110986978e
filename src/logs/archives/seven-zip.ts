/**
 * 7-Zip: LZMA, LZMA2, stored, AES-256, also with an encrypted header. In: bytes at any offset. Out: its files as streams, those
 * of one folder one after the other. Refuses other methods by name. A wrong password can only be recognised by what it decrypts
 * to.
 */
import { createDecipheriv, createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { type ArchiveKind, type Member, refuseExpansion } from './archive.ts';
import { lzma, lzma2 } from './lzma.ts';
import { type Coder, type Folder, readHeader, type SevenZipHeader } from './seven-zip-header.ts';
import { Body, readBytes, StreamReader } from './source-bytes.ts';

const SIGNATURE = Buffer.from('377abcaf271c', 'hex');
const START_BYTES = 32;
const BLOCK_BYTES = 64 << 10;
const MAX_HEADER_BYTES = 512 << 20;
/** A packed header is normally packed once. Headers that unpack to themselves would never end. */
const MAX_HEADERS = 4;
const COPY = '00';
const LZMA = '030101';
const LZMA2 = '21';
const AES = '06f10701';
/** 7-Zip uses these of its own accord, each for programs of one kind of processor. */
const PROGRAM_FILTERS: Readonly<Record<string, string>> = {
  '03030103': 'BCJ',
  '03030205': 'the filter PPC',
  '03030401': 'the filter IA64',
  '03030501': 'the filter ARM',
  '03030701': 'the filter ARMT',
  '03030805': 'the filter SPARC',
  '0a': 'the filter ARM64',
  '0b': 'the filter RISCV',
};
const OTHERS: Readonly<Record<string, string>> = {
  ...PROGRAM_FILTERS,
  '03': 'Delta',
  '030401': 'PPMd',
  '040108': 'Deflate',
  '040109': 'Deflate64',
  '040202': 'BZip2',
};
const WRONG_OR_DAMAGED_HEADER = 'the password does not fit, or the header is damaged.';
const NEEDS_PASSWORD = 'it is encrypted.';
/** A password is hashed 2 to this power times at most. The format allows more than anybody would wait for. */
const MAX_POWER = 24;
/** Rounds hashed in one call. */
const ROUNDS = 4096;

type Blocks = Iterable<Uint8Array>;

function* packedBlocks(source: ByteSource, { start, packed }: Folder): Generator<Uint8Array> {
  for (let at = 0; at < packed; ) {
    const block = readBytes(source, START_BYTES + start + at, Math.min(BLOCK_BYTES, packed - at));
    if (block.length === 0) throw new InputError('the 7-Zip archive is cut short.');
    at += block.length;
    yield block;
  }
}

function* limited(blocks: Blocks, size: number): Generator<Uint8Array> {
  let left = size;
  for (const block of blocks) {
    yield block.subarray(0, left);
    left -= block.length;
    if (left <= 0) return;
  }
  if (left > 0) throw new InputError('the 7-Zip archive ends early.');
}

function keyOf(password: string, salt: Buffer, power: number): Buffer {
  const text = Buffer.from(password, 'utf16le');
  if (power === 0x3f) return Buffer.concat([salt, text, Buffer.alloc(32)]).subarray(0, 32);
  if (power > MAX_POWER) throw new InputError(`its password is hashed 2^${power} times; at most 2^${MAX_POWER} are done.`);
  const size = salt.length + text.length + 8;
  const rounds = Math.min(ROUNDS, 2 ** power);
  const block = Buffer.concat(Array.from({ length: rounds }, () => Buffer.concat([salt, text, Buffer.alloc(8)])));
  const hash = createHash('sha256');
  for (let round = 0; round < 2 ** power; round += rounds) {
    for (let i = 0; i < rounds; i++) block.writeUIntLE(round + i, i * size + size - 8, 6);
    hash.update(block);
  }
  return hash.digest();
}

function* decrypted(blocks: Blocks, properties: Buffer, password: string | null): Generator<Uint8Array> {
  if (password === null) throw new InputError(NEEDS_PASSWORD);
  const [first = 0, second = 0] = properties;
  const saltBytes = ((first >> 7) & 1) + (second >> 4);
  const ivBytes = ((first >> 6) & 1) + (second & 15);
  const salt = properties.subarray(2, 2 + saltBytes);
  const iv = Buffer.alloc(16);
  properties.copy(iv, 0, 2 + saltBytes, 2 + saltBytes + ivBytes);
  const cipher = createDecipheriv('aes-256-cbc', keyOf(password, salt, first & 0x3f), iv).setAutoPadding(false);
  for (const block of blocks) yield cipher.update(block);
}

/** Logs are packed with other methods only when somebody asked for it: 7-Zip uses its filters for programs alone. */
const refusal = (method: string): string =>
  `it is packed with ${method}; LZMA, LZMA2 and stored files are read: extract it first, or pack it again (7z a -m0=lzma2).`;

function unpacked(blocks: Blocks, { method, properties, size }: Coder, password: string | null): Blocks {
  if (method === LZMA2) return lzma2(blocks, properties, size);
  if (method === LZMA) return lzma(blocks, properties, size);
  if (method === COPY) return limited(blocks, size);
  if (method === AES) return limited(decrypted(blocks, properties, password), size);
  throw new InputError(refusal(OTHERS[method] ?? `method ${method}`));
}

function folderBlocks(source: ByteSource, folder: Folder, password: string | null): Blocks {
  if (folder.coders === null) throw new InputError(refusal('BCJ2'));
  let blocks: Blocks = packedBlocks(source, folder);
  for (const coder of folder.coders) blocks = unpacked(blocks, coder, password);
  return blocks;
}

const isProgram = ({ coders }: Folder): boolean =>
  coders === null || coders.some(({ method }) => Object.hasOwn(PROGRAM_FILTERS, method));

const isEncrypted = ({ coders }: Folder): boolean => coders?.some(({ method }) => method === AES) === true;

function headerOf(source: ByteSource, password: string | null): SevenZipHeader {
  const start = readBytes(source, 0, START_BYTES);
  if (start.length < START_BYTES || crc32(start.subarray(12)) !== start.readUInt32LE(8))
    throw new InputError('the start of the 7-Zip archive is damaged.');
  const offset = Number(start.readBigUInt64LE(12));
  const size = Number(start.readBigUInt64LE(20));
  if (size === 0) return { folders: [], names: [] };
  if (START_BYTES + offset + size > source.size)
    throw new InputError('the 7-Zip archive is cut short: its header is at its end. What is in it cannot be told apart.');
  checkHeaderSize(size);
  let bytes = readBytes(source, START_BYTES + offset, size);
  checkCrc(bytes, start.readUInt32LE(28), false);
  for (let i = 0; i < MAX_HEADERS; i++) {
    const found = readHeader(bytes);
    if ('names' in found) return found;
    if (isEncrypted(found) && password === null)
      throw new InputError(
        'its header is encrypted, so that not even names can be read: give the password with --archive-password.',
      );
    checkHeaderSize(found.size);
    bytes = packedHeader(source, found, password);
  }
  throw new InputError('the header of the 7-Zip archive is packed in itself.');
}

function packedHeader(source: ByteSource, folder: Folder, password: string | null): Buffer {
  let bytes: Buffer;
  try {
    bytes = Buffer.concat([...folderBlocks(source, folder, password)]);
  } catch (error) {
    if (!isEncrypted(folder) || !(error instanceof InputError)) throw error;
    throw new InputError(WRONG_OR_DAMAGED_HEADER, { cause: error });
  }
  checkCrc(bytes, folder.crc, isEncrypted(folder));
  return bytes;
}

function checkHeaderSize(size: number): void {
  if (size > MAX_HEADER_BYTES)
    throw new InputError(`the header of the 7-Zip archive has ${size} bytes; at most ${MAX_HEADER_BYTES} are read.`);
}

function checkCrc(bytes: Buffer, crc: number | null, encrypted: boolean): void {
  if (crc === null || crc32(bytes) === crc) return;
  throw new InputError(
    encrypted ? WRONG_OR_DAMAGED_HEADER : 'the header of the 7-Zip archive is damaged: its checksum does not match.',
  );
}

async function* asStream(blocks: () => Blocks): AsyncGenerator<Uint8Array> {
  yield* blocks();
}

async function* checked(bytes: AsyncIterable<Uint8Array>, crc: number | null, encrypted: boolean): AsyncGenerator<Uint8Array> {
  let found = 0;
  try {
    for await (const block of bytes) {
      found = crc32(block, found);
      yield block;
    }
  } catch (error) {
    if (!encrypted || (error as Error).message === NEEDS_PASSWORD) throw error;
    throw new InputError('the password does not fit, or its data is damaged.', { cause: error });
  }
  if (crc !== null && found !== crc)
    throw new InputError(encrypted ? 'the password does not fit, or its data is damaged.' : 'its checksum does not match.');
}

export const archive: ArchiveKind = {
  sniff: (head) => head.subarray(0, SIGNATURE.length).equals(SIGNATURE),
  async *members(source, { password }): AsyncGenerator<Member> {
    const { folders, names } = headerOf(source, password);
    refuseExpansion(
      source.size,
      folders.reduce((sum, { size }) => sum + size, 0),
      'the archive',
    );
    let next = 0;
    for (const folder of folders) {
      const encrypted = isEncrypted(folder);
      const program = isProgram(folder);
      const reader = new StreamReader(asStream(() => folderBlocks(source, folder, password)));
      try {
        for (const { size, crc } of folder.files) {
          const body = new Body(reader, size, 'the 7-Zip archive');
          const path = names[next++] ?? '';
          yield { path, size, encrypted, program, bytes: () => checked(body.bytes(), crc, encrypted) };
          await pass(body, size);
        }
      } finally {
        await reader.close();
      }
    }
  },
};

/**
 * Moves on to the next file. If the data before it cannot be unpacked, the next file has no bytes either; this is reported when
 * they are asked for.
 */
async function pass(body: Body, size: number): Promise<void> {
  try {
    await body.pass(size);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
  }
}
