/**
 * The header of a 7-Zip archive, following the format's description in the LZMA SDK (7zFormat.txt, public domain). In: bytes of
 * a header. Out: folders (which say how streams were packed) and the files in them. Refuses headers with impossible counts and
 * sizes.
 */
import { InputError } from '../../model/errors.ts';
import { MAX_MEMBERS } from './archive.ts';

/** Numbers of properties. */
const END = 0x00;
const HEADER = 0x01;
const ARCHIVE_PROPERTIES = 0x02;
const MAIN_STREAMS = 0x04;
const FILES = 0x05;
const PACK = 0x06;
const UNPACK = 0x07;
const SUB_STREAMS = 0x08;
const SIZE = 0x09;
const CRC = 0x0a;
const FOLDER = 0x0b;
const UNPACK_SIZE = 0x0c;
const STREAM_COUNT = 0x0d;
const EMPTY_STREAM = 0x0e;
const NAMES = 0x11;
export const ENCODED_HEADER = 0x17;

const MAX_CODERS = 32;
const DAMAGED = 'the header of the 7-Zip archive is damaged';

export interface Coder {
  /** In hexadecimal, such as `030101`. */
  readonly method: string;
  readonly properties: Buffer;
  readonly size: number;
}

/** Files that were packed together. */
export interface Folder {
  /** In the order in which they unpack the data. Null when they do not form a chain, as with BCJ2, a filter for programs. */
  readonly coders: readonly Coder[] | null;
  /** Counted from the end of the first 32 bytes of the archive. */
  readonly start: number;
  readonly packed: number;
  readonly size: number;
  readonly crc: number | null;
  readonly files: readonly { readonly size: number; readonly crc: number | null }[];
}

export interface SevenZipHeader {
  readonly folders: readonly Folder[];
  /** Names of the files that have bytes, in the order of those bytes. */
  readonly names: readonly string[];
}

/** Reads the bytes of a header one after the other. */
class Fields {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  take(length: number): Buffer {
    if (!(length <= this.#bytes.length - this.#at)) throw new InputError(`${DAMAGED}: it ends early.`);
    this.#at += length;
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  byte(): number {
    return this.take(1)[0]!;
  }

  /** The number of leading one bits of the first byte is the number of bytes that follow it. */
  number(): number {
    const first = this.byte();
    let value = 0;
    for (let i = 0, mask = 0x80; i < 8; i++, mask >>= 1) {
      if ((first & mask) === 0) return value + (first & (mask - 1)) * 2 ** (8 * i);
      value += this.byte() * 2 ** (8 * i);
    }
    return value;
  }

  /** Reads a count. Refuses one that no archive needs, before anything of that size is allocated. */
  count(): number {
    const count = this.number();
    if (count > MAX_MEMBERS * 2) throw new InputError(`${DAMAGED}: ${count} of a kind.`);
    return count;
  }

  bits(count: number): boolean[] {
    const bytes = this.take(Math.ceil(count / 8));
    return Array.from({ length: count }, (_, i) => (bytes[i >> 3]! & (0x80 >> (i & 7))) !== 0);
  }

  /** A checksum for each item; null for an item that has none. */
  crcs(count: number): (number | null)[] {
    const defined = this.byte() === 0 ? this.bits(count) : new Array<boolean>(count).fill(true);
    return defined.map((has) => (has ? this.take(4).readUInt32LE() : null));
  }

  expect(property: number): void {
    const found = this.byte();
    if (found !== property) throw new InputError(`${DAMAGED}: property ${found} instead of ${property}.`);
  }
}

interface PackInfo {
  readonly start: number;
  readonly sizes: readonly number[];
}

function packInfo(fields: Fields): PackInfo {
  const start = fields.number();
  const count = fields.count();
  let sizes: number[] = [];
  for (let property = fields.byte(); property !== END; property = fields.byte()) {
    if (property === SIZE) sizes = Array.from({ length: count }, () => fields.number());
    else if (property === CRC) fields.crcs(count);
    else throw new InputError(`${DAMAGED}: property ${property} of packed streams.`);
  }
  return { start, sizes };
}

interface FolderPlan {
  readonly coders: readonly { readonly method: string; readonly properties: Buffer }[];
  /** The order in which the coders unpack; null when they do not form a chain. */
  readonly order: readonly number[] | null;
  readonly packedStreams: number;
  readonly outStreams: number;
}

function folderPlan(fields: Fields): FolderPlan {
  const count = fields.count();
  if (count === 0 || count > MAX_CODERS) throw new InputError(`${DAMAGED}: a folder of ${count} coders.`);
  const coders: { method: string; properties: Buffer }[] = [];
  let ins = 0;
  let outs = 0;
  for (let i = 0; i < count; i++) {
    const flags = fields.byte();
    const method = fields.take(flags & 0x0f).toString('hex');
    const isComplex = (flags & 0x10) !== 0;
    const [inCount, outCount] = isComplex ? [fields.count(), fields.count()] : [1, 1];
    if (inCount > MAX_CODERS || outCount > MAX_CODERS) throw new InputError(`${DAMAGED}: a coder of ${inCount} streams.`);
    ins += inCount;
    outs += outCount;
    coders.push({ method, properties: (flags & 0x20) === 0 ? Buffer.alloc(0) : fields.take(fields.number()) });
  }
  const next = new Map<number, number>();
  for (let i = 0; i < outs - 1; i++) {
    const into = fields.number();
    next.set(fields.number(), into);
  }
  const packedStreams = ins - (outs - 1);
  let first = 0;
  if (packedStreams === 1) {
    const bound = new Set(next.values());
    while (bound.has(first) && first < ins) first++;
  } else for (let i = 0; i < packedStreams; i++) fields.number();
  const isChain = packedStreams === 1 && ins === count && outs === count;
  return { coders, order: isChain ? chain(first, next, count) : null, packedStreams, outStreams: outs };
}

function chain(first: number, next: ReadonlyMap<number, number>, count: number): number[] | null {
  const order: number[] = [];
  for (let at: number | undefined = first; at !== undefined && order.length < count; at = next.get(at)) order.push(at);
  return order.length === count && order.every((at) => at < count) ? order : null;
}

interface Unpacked extends FolderPlan {
  readonly sizes: readonly number[];
  crc: number | null;
}

const sizeOf = ({ order, sizes }: Unpacked): number => sizes[order === null ? sizes.length - 1 : order.at(-1)!] ?? 0;

function unpackInfo(fields: Fields): Unpacked[] {
  fields.expect(FOLDER);
  const count = fields.count();
  if (fields.byte() !== 0) throw new InputError(`${DAMAGED}: its folders are elsewhere.`);
  const plans = Array.from({ length: count }, () => folderPlan(fields));
  fields.expect(UNPACK_SIZE);
  const folders: Unpacked[] = plans.map((plan) => {
    return { ...plan, sizes: Array.from({ length: plan.outStreams }, () => fields.number()), crc: null };
  });
  for (let property = fields.byte(); property !== END; property = fields.byte()) {
    if (property !== CRC) throw new InputError(`${DAMAGED}: property ${property} of folders.`);
    for (const [i, crc] of fields.crcs(count).entries()) folders[i]!.crc = crc;
  }
  return folders;
}

/** By folder: sizes and checksums of its files. */
function subStreams(fields: Fields | null, folders: readonly Unpacked[]): Folder['files'][] {
  let counts = folders.map(() => 1);
  let property = fields?.byte() ?? END;
  if (fields !== null && property === STREAM_COUNT) {
    counts = folders.map(() => fields.count());
    property = fields.byte();
  }
  const hasSizes = property === SIZE;
  const sizes = folders.map((folder, i) => {
    const own: number[] = [];
    let left = sizeOf(folder);
    for (let stream = 1; stream < counts[i]!; stream++) {
      const size = hasSizes && fields !== null ? fields.number() : 0;
      own.push(size);
      left -= size;
    }
    if (left < 0) throw new InputError(`${DAMAGED}: files are larger than what they are in.`);
    return counts[i] === 0 ? [] : [...own, left];
  });
  if (hasSizes) property = fields?.byte() ?? END;
  const isKnown = (i: number): boolean => counts[i] === 1 && folders[i]!.crc !== null;
  let crcs: (number | null)[] = [];
  for (; fields !== null && property !== END; property = fields.byte()) {
    if (property !== CRC) throw new InputError(`${DAMAGED}: property ${property} of files.`);
    crcs = fields.crcs(counts.reduce((sum, count, i) => sum + (isKnown(i) ? 0 : count), 0));
  }
  let next = 0;
  return sizes.map((own, i) => own.map((size) => ({ size, crc: isKnown(i) ? folders[i]!.crc : (crcs[next++] ?? null) })));
}

/** How the streams of an archive, or of its header, are packed. */
export function streamsInfo(fields: Fields): Folder[] {
  let pack: PackInfo = { start: 0, sizes: [] };
  let folders: Unpacked[] = [];
  let files: Folder['files'][] | null = null;
  for (let property = fields.byte(); property !== END; property = fields.byte()) {
    if (property === PACK) pack = packInfo(fields);
    else if (property === UNPACK) folders = unpackInfo(fields);
    else if (property === SUB_STREAMS) files = subStreams(fields, folders);
    else throw new InputError(`${DAMAGED}: property ${property} of streams.`);
  }
  files ??= subStreams(null, folders);
  let stream = 0;
  let start = pack.start;
  return folders.map((folder, i) => {
    const packed = pack.sizes.slice(stream, stream + folder.packedStreams).reduce((sum, size) => sum + size, 0);
    stream += folder.packedStreams;
    start += packed;
    const coders = folder.order?.map((at) => ({ ...folder.coders[at]!, size: folder.sizes[at]! })) ?? null;
    return { coders, start: start - packed, packed, size: sizeOf(folder), crc: folder.crc, files: files[i]! };
  });
}

/** The names of the files that have bytes. */
function fileNames(fields: Fields): string[] {
  const count = fields.count();
  let names: string[] = [];
  let isEmpty: boolean[] = [];
  for (let property = fields.byte(); property !== END; property = fields.byte()) {
    const own = new Fields(fields.take(fields.number()));
    if (property === EMPTY_STREAM) isEmpty = own.bits(count);
    else if (property === NAMES && own.byte() === 0) names = utf16Names(own, count);
  }
  return names.filter((_, i) => isEmpty[i] !== true);
}

function utf16Names(fields: Fields, count: number): string[] {
  return Array.from({ length: count }, () => {
    const units: number[] = [];
    for (let unit = fields.take(2).readUInt16LE(); unit !== 0; unit = fields.take(2).readUInt16LE()) units.push(unit);
    return Buffer.from(Uint16Array.from(units).buffer).toString('utf16le');
  });
}

/** Reads a header. The result is either the header itself, or the folder in which the real header is packed. */
export function readHeader(bytes: Buffer): SevenZipHeader | Folder {
  const fields = new Fields(bytes);
  const kind = fields.byte();
  if (kind === ENCODED_HEADER) {
    const [folder] = streamsInfo(fields);
    if (folder === undefined) throw new InputError(`${DAMAGED}: it is packed, but nowhere.`);
    return folder;
  }
  if (kind !== HEADER) throw new InputError(`${DAMAGED}: it begins with ${kind}.`);
  let folders: Folder[] = [];
  let names: string[] = [];
  for (let property = fields.byte(); property !== END; property = fields.byte()) {
    if (property === MAIN_STREAMS) folders = streamsInfo(fields);
    else if (property === FILES) names = fileNames(fields);
    else if (property === ARCHIVE_PROPERTIES)
      for (let own = fields.byte(); own !== END; own = fields.byte()) fields.take(fields.number());
    else throw new InputError(`${DAMAGED}: property ${property}.`);
  }
  return { folders, names };
}
