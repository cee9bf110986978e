/**
 * ZIP: stored and deflated files, ZIP64, AES and traditional encryption. In: bytes at any offset. Out: its files as streams.
 * Refuses other methods and wrong passwords. A wrong size or checksum is reported after everything that could be decompressed.
 */
import { crc32 } from 'node:zlib';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { Inflate, SLICE_BYTES } from '../open/inflate.ts';
import type { ArchiveKind, MemberOptions } from './archive.ts';
import { readBytes, sourceBytes } from './source-bytes.ts';
import {
  AES_CODE_BYTES,
  AesCipher,
  aesHeaderBytes,
  type Cipher,
  TRADITIONAL_HEADER_BYTES,
  TraditionalCipher,
} from './zip-cipher.ts';
import { dataStart, isZip, type ZipFile, zipFiles } from './zip-directory.ts';

const STORED = 0;
const DEFLATED = 8;
const NO_CODE = Buffer.alloc(0);

/** Where the data of a file is, and the cipher that decrypts it; null when it is not encrypted. */
interface Opened {
  readonly start: number;
  readonly end: number;
  readonly cipher: Cipher | null;
  /** The authentication code of AES, which follows the data; empty without AES. */
  readonly code: Buffer;
}

function open(source: ByteSource, file: ZipFile, password: string | null): Opened {
  const start = dataStart(source, file);
  const end = start + file.packed;
  if (!file.encrypted) return { start, end, cipher: null, code: NO_CODE };
  if (password === null) throw new InputError('it is encrypted.');
  if (file.aesBits === 0) {
    const header = readBytes(source, start, TRADITIONAL_HEADER_BYTES);
    return { start: start + header.length, end, cipher: new TraditionalCipher(password, header, file.checkByte), code: NO_CODE };
  }
  if (![128, 192, 256].includes(file.aesBits))
    throw new InputError(`it is encrypted with AES of ${file.aesBits} bits, which there is not.`);
  const header = readBytes(source, start, aesHeaderBytes(file.aesBits));
  const code = readBytes(source, end - AES_CODE_BYTES, AES_CODE_BYTES);
  return { start: start + header.length, end: end - code.length, cipher: new AesCipher(password, header, file.aesBits), code };
}

async function* decrypted(source: ByteSource, { start, end, cipher }: Opened): AsyncGenerator<Buffer> {
  for await (const block of sourceBytes(source, start, end)) {
    cipher?.decrypt(block);
    yield block;
  }
}

/** What is wrong with a file once all of it has been read; null when nothing is. */
function faultOf(file: ZipFile, { cipher, code }: Opened, size: number, crc: number): string | null {
  if (size !== file.size) return `it has ${size} bytes instead of ${file.size}.`;
  if (cipher?.verify(code) === false) return 'its authentication code does not match.';
  return file.hasCrc && crc !== file.crc ? 'its checksum does not match.' : null;
}

async function* inflated(blocks: AsyncIterable<Buffer>, inflate: Inflate): AsyncGenerator<Uint8Array> {
  for await (const block of blocks) {
    for (let at = 0; at < block.length; at += SLICE_BYTES) {
      await inflate.push(block.subarray(at, at + SLICE_BYTES));
      yield* inflate.take();
      if (inflate.failure !== null) throw new InputError(`its data is damaged: ${inflate.failure}.`);
    }
  }
}

async function* bytesOf(source: ByteSource, file: ZipFile, password: string | null): AsyncGenerator<Uint8Array> {
  if (file.method !== STORED && file.method !== DEFLATED) {
    throw new InputError(`it is compressed with method ${file.method}; stored and deflated files are read.`);
  }
  const opened = open(source, file, password);
  const inflate = file.method === DEFLATED ? new Inflate() : null;
  const blocks = decrypted(source, opened);
  let size = 0;
  let crc = 0;
  try {
    for await (const block of inflate === null ? blocks : inflated(blocks, inflate)) {
      size += block.length;
      if (inflate === null) crc = crc32(block, crc);
      // The file is larger than stated. An archive that is made to expand enormously states a small size.
      if (size > file.size) break;
      yield block;
    }
    const fault = faultOf(file, opened, size, inflate?.crc ?? crc);
    if (fault !== null) throw new InputError(fault);
  } finally {
    inflate?.close();
  }
}

export const archive: ArchiveKind = {
  sniff: isZip,
  async *members(source, { password }: MemberOptions) {
    const { files, damage } = zipFiles(source);
    for (const file of files) {
      const { path, size, encrypted } = file;
      yield { path, size, encrypted, bytes: () => bytesOf(source, file, password) };
    }
    if (damage !== null) throw new InputError(damage);
  },
};
