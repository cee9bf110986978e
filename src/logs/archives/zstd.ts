/**
 * Zstandard: one log, or a tar archive. In: compressed blocks. Out: decompressed blocks. Node decompresses it from version 22.15
 * on. With an older Node it is refused, and the reason is given.
 */
import { version } from 'node:process';
import * as zlib from 'node:zlib';
import { InputError } from '../../model/errors.ts';
import type { ByteSource } from '../../model/reader.ts';
import { type ArchiveKind, type Member, refuseExpansion } from './archive.ts';
import { sourceBytes } from './source-bytes.ts';
import { isTarHeader, tarMembers } from './tar-members.ts';

const MAGIC = Buffer.of(0x28, 0xb5, 0x2f, 0xfd);
/** Bytes that are needed to recognise a tar archive: its first header. */
const HEAD_BYTES = 512;
const REFUSED = `this Node (${version}) cannot read Zstandard: use 22.15 or later, or pipe it: zstd -dc FILE | winnow scan -`;

type Decompress = NodeJS.ReadWriteStream & { destroy(): void };
/** The types are those of the oldest supported Node, which lacks this function. */
const create = (zlib as unknown as { createZstdDecompress?: () => Decompress }).createZstdDecompress;

export const hasZstd = create !== undefined;

async function* decompressed(source: ByteSource): AsyncGenerator<Uint8Array> {
  if (create === undefined) throw new InputError(`${REFUSED}.`);
  const stream = create();
  const feed = async (): Promise<void> => {
    for await (const block of sourceBytes(source)) {
      if (!stream.write(block)) await new Promise((resolve) => stream.once('drain', resolve));
    }
    stream.end();
  };
  // An error of the stream is thrown below, where the stream is read.
  feed().catch(() => {});
  let given = 0;
  try {
    for await (const block of stream as unknown as AsyncIterable<Uint8Array>) {
      given += block.length;
      refuseExpansion(source.size, given, 'the file');
      yield block;
    }
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`the Zstandard data is damaged after ${given} decompressed bytes: ${(error as Error).message}.`);
  } finally {
    stream.destroy();
  }
}

async function startOf(source: ByteSource): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of decompressed(source)) {
    parts.push(part);
    length += part.length;
    if (length >= HEAD_BYTES) break;
  }
  return Buffer.concat(parts);
}

export const archive: ArchiveKind = {
  sniff: (head) => head.subarray(0, MAGIC.length).equals(MAGIC),
  async *members(source): AsyncGenerator<Member> {
    if (isTarHeader(await startOf(source))) yield* tarMembers(decompressed(source));
    else yield { path: '', size: null, encrypted: false, bytes: () => decompressed(source) };
  },
};
