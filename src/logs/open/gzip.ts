/**
 * gzip (RFC 1952). In: blocks of bytes, with one or more members. Out: the decompressed bytes, in blocks. Damage never costs
 * what was decompressed before it: that is returned first, then `InputError` is thrown. Refuses a file that expands too much to
 * be a log.
 */
import { constants, gunzipSync } from 'node:zlib';
import { InputError } from '../../model/errors.ts';
import { expandsTooFar } from './expansion.ts';
import { Inflate, longestPrefix, SLICE_BYTES } from './inflate.ts';
import { inBlocks } from './pump.ts';

/** Decompressed bytes that are looked at. A file made to expand enormously shows its first bytes like any other. */
const MAX_HEAD_BYTES = 1 << 20;
/** A header contains a file name and a comment. */
const MAX_HEADER_BYTES = 1 << 20;
const TRAILER_BYTES = 8;
const CUT = 'unexpected end of file';

export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8;
}

/** Decompresses as much of the beginning as the given bytes allow. */
export function gunzipHead(bytes: Buffer): Buffer {
  return longestPrefix(bytes, (part) =>
    gunzipSync(part, { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MAX_HEAD_BYTES }),
  );
}

export async function* gunzipBlocks(
  blocks: AsyncIterable<Uint8Array>,
  counted: (length: number) => void,
  onTrailing: (message: string) => void = () => {},
): AsyncGenerator<Buffer> {
  const members = new Members();
  let taken = 0;
  let given = 0;
  const source = async function* (): AsyncGenerator<Uint8Array> {
    for await (const block of blocks) {
      counted(block.length);
      for (let at = 0; at < block.length; at += SLICE_BYTES) {
        const slice = block.subarray(at, at + SLICE_BYTES);
        taken += slice.length;
        yield* members.push(slice);
        if (members.damage !== null) return;
      }
    }
    members.end();
  };
  try {
    for await (const block of inBlocks(source(), (length) => (given += length))) {
      if (expandsTooFar(taken, given)) {
        throw new InputError(`${taken} compressed bytes have become more than ${given}: the file expands too far to be a log.`);
      }
      yield block;
    }
  } finally {
    members.close();
  }
  if (members.damage !== null)
    throw new InputError(`the gzip data is damaged after ${given} decompressed bytes: ${members.damage}.`);
  if (members.trailing > 0) onTrailing(`${members.trailing} bytes behind the gzip data are no gzip.`);
}

/** What is being read. `trailing`: bytes after the last member that are no further member. */
type Stage = 'header' | 'body' | 'checksum' | 'trailing';

/**
 * Reads members itself instead of using a gunzip stream. When a stream meets damage, it drops everything that it decompressed
 * from the same bytes, and a wrong checksum counts as such damage.
 */
class Members {
  damage: string | null = null;
  /** The number of bytes after the last member. */
  trailing = 0;
  #stage: Stage = 'header';
  /** A header or checksum that has not arrived completely. */
  #held: Uint8Array = new Uint8Array(0);
  #inflate: Inflate | null = null;
  #isFirst = true;

  async *push(slice: Uint8Array): AsyncGenerator<Uint8Array> {
    let bytes: Uint8Array = this.#held.length === 0 ? slice : Buffer.concat([this.#held, slice]);
    this.#held = new Uint8Array(0);
    while (bytes.length > 0 && this.damage === null) {
      if (this.#stage === 'body') bytes = yield* this.#body(bytes);
      else if (this.#stage === 'checksum') bytes = this.#checksum(bytes);
      else if (this.#stage === 'header') bytes = this.#header(bytes);
      else {
        this.trailing += bytes.length;
        return;
      }
    }
  }

  end(): void {
    const isHeader = this.#stage === 'header' && (this.#isFirst || isGzip(this.#held));
    if (this.#stage === 'body' || this.#stage === 'checksum' || isHeader) this.damage ??= CUT;
    else this.trailing += this.#held.length;
  }

  close(): void {
    this.#inflate?.close();
  }

  #header(bytes: Uint8Array): Uint8Array {
    // Zeros fill up the last block of a tape.
    if (!this.#isFirst && bytes[0] === 0) return bytes.subarray(zeros(bytes));
    const length = headerLength(bytes);
    if (length === 0) {
      if (this.#isFirst) this.damage = 'its header is damaged';
      else this.#stage = 'trailing';
    } else if (length > bytes.length) {
      if (bytes.length > MAX_HEADER_BYTES) this.damage = 'its header does not end';
      this.#held = bytes;
      return bytes.subarray(bytes.length);
    } else {
      this.#stage = 'body';
      this.#isFirst = false;
      this.#inflate = new Inflate();
    }
    return bytes.subarray(length);
  }

  async *#body(bytes: Uint8Array): AsyncGenerator<Uint8Array, Uint8Array> {
    const inflate = this.#inflate!;
    const left = await inflate.push(bytes);
    yield* inflate.take();
    this.damage = inflate.failure;
    if (left > 0) this.#stage = 'checksum';
    return bytes.subarray(bytes.length - left);
  }

  #checksum(bytes: Uint8Array): Uint8Array {
    if (bytes.length < TRAILER_BYTES) {
      this.#held = bytes;
      return bytes.subarray(bytes.length);
    }
    const { crc, size } = this.#inflate!;
    const written = new DataView(bytes.buffer, bytes.byteOffset);
    if (written.getUint32(0, true) !== crc) this.damage = 'its checksum does not match';
    else if (written.getUint32(4, true) !== size % 2 ** 32) this.damage = 'its length does not match';
    this.close();
    this.#stage = 'header';
    return bytes.subarray(TRAILER_BYTES);
  }
}

function zeros(bytes: Uint8Array): number {
  const end = bytes.findIndex((byte) => byte !== 0);
  return end < 0 ? bytes.length : end;
}

const HAS_HEADER_CRC = 2;
const HAS_EXTRA = 4;
const HAS_NAME = 8;
const HAS_COMMENT = 16;

/**
 * Bytes of the header at the start of `bytes`. More than `bytes` has when the header is incomplete; 0 when there is no header.
 */
function headerLength(bytes: Uint8Array): number {
  const magic = [0x1f, 0x8b, 8];
  if (magic.some((byte, i) => i < bytes.length && bytes[i] !== byte)) return 0;
  const missing = bytes.length + 1;
  if (bytes.length < 12) return missing;
  const flags = bytes[3]!;
  let at = 10;
  if (flags & HAS_EXTRA) at += 2 + bytes[10]! + 256 * bytes[11]!;
  for (const text of [HAS_NAME, HAS_COMMENT]) {
    if (!(flags & text)) continue;
    const end = bytes.indexOf(0, at);
    if (end < 0) return missing;
    at = end + 1;
  }
  return flags & HAS_HEADER_CRC ? at + 2 : at;
}
