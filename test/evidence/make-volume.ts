/**
 * Writes small NTFS volumes for tests, with every odd thing that Windows does to a file. In: files. Out: the bytes of a volume. Only
 * what a reader looks at is written: no indexes, no logs, no security.
 */

export interface MadeFile {
  /** `\Windows\System32\winevt\Logs\Security.evtx`; folders are made. */
  readonly path: string;
  readonly data: Buffer;
  /** Alternate data streams. */
  readonly streams?: Readonly<Record<string, Buffer>>;
  readonly deleted?: boolean;
  /** Of a deleted file: its clusters belong to another file by now. */
  readonly reused?: boolean;
  /** `list`: a run per cluster, in extension records. */
  readonly layout?: 'plain' | 'compressed' | 'sparse' | 'list';
  readonly encrypted?: boolean;
  /** A second name of the same file. */
  readonly alsoPath?: string;
}

export interface MadeVolume {
  readonly bytes: Buffer;
  /** Byte offsets of the MFT and of the record of each file. */
  readonly mftAt: number;
  readonly recordAt: (path: string) => number;
}

interface Options {
  readonly clusterBytes?: number;
  readonly recordBytes?: number;
  readonly sectorBytes?: number;
  readonly size?: number;
  /** Records of the MFT. */
  readonly records?: number;
}

const ROOT = 5;
const BITMAP = 6;
const FIRST_USER_RECORD = 24;
const RECORDS = 512;
/** Clusters of a compression unit. */
const UNIT = 16;
/** In an extension record. */
const RUNS_PER_RECORD = 20;
const HOLE = null;
type Runs = { lcn: number | typeof HOLE; length: number }[];

export function makeVolume(files: readonly MadeFile[], options: Options = {}): MadeVolume {
  const { clusterBytes = 4096, recordBytes = 1024, sectorBytes = 512, size = 4 << 20, records: mftRecords = RECORDS } = options;
  const bytes = Buffer.alloc(size);
  const clusters = Math.floor((size - sectorBytes) / clusterBytes);
  const used = new Uint8Array(Math.ceil(clusters / 8));
  let nextCluster = 0;
  const take = (count: number, inUse = true): number => {
    const first = nextCluster;
    nextCluster += count;
    if (nextCluster > clusters) throw new Error('the volume is too small');
    if (inUse) for (let i = first; i < nextCluster; i++) used[i >> 3]! |= 1 << (i & 7);
    return first;
  };
  take(Math.ceil(8192 / clusterBytes));
  const mirrorAt = take(Math.ceil((4 * recordBytes) / clusterBytes)) * clusterBytes;
  const mftClusters = Math.ceil((mftRecords * recordBytes) / clusterBytes);
  const mftCluster = take(mftClusters);
  const mftAt = mftCluster * clusterBytes;
  const bitmapClusters = Math.ceil(used.length / clusterBytes);
  const bitmapCluster = take(bitmapClusters);

  const put = (record: number, into: Buffer): number => into.copy(bytes, mftAt + record * recordBytes);
  const build = (attributes: readonly Buffer[], flags: number, sequence = 1, base = 0n): Buffer =>
    fileRecord(recordBytes, attributes, flags, sequence, base);
  let nextRecord = FIRST_USER_RECORD;
  const folders = new Map<string, number>([['', ROOT]]);
  const folderOf = (path: string): number => {
    const folder = path.slice(0, path.lastIndexOf('\\'));
    const known = folders.get(folder.toLowerCase());
    if (known !== undefined) return known;
    const record = nextRecord++;
    const parent = folderOf(folder);
    folders.set(folder.toLowerCase(), record);
    put(record, build([nameAttribute(parent, baseName(folder))], 3));
    return record;
  };
  const records = new Map<string, number>();

  for (const file of files) {
    const { path, data, streams = {}, deleted = false, reused = false, layout = 'plain', encrypted = false } = file;
    const names = [path, ...(file.alsoPath === undefined ? [] : [file.alsoPath])].map((name) =>
      nameAttribute(folderOf(name), baseName(name)),
    );
    const record = nextRecord++;
    records.set(path, record);
    const inUse = !deleted || reused;
    const room = recordBytes - 56 - 8 - names.reduce((sum, { length }) => sum + length, 0);
    const write = (content: Buffer): Runs => {
      const first = take(Math.ceil(content.length / clusterBytes), inUse);
      content.copy(bytes, first * clusterBytes);
      return [{ lcn: first, length: Math.ceil(content.length / clusterBytes) }];
    };
    const flags = deleted ? 0 : 1;
    const sequence = deleted ? 2 : 1;
    const attributeFlags = (layout === 'compressed' ? 1 : 0) | (layout === 'sparse' ? 0x8000 : 0) | (encrypted ? 0x4000 : 0);
    const named = Object.entries(streams).map(([name, content]) =>
      nonResident(0x80, name, write(content), content.length, clusterBytes, 0),
    );
    if (layout === 'list') {
      const whole = Math.ceil(data.length / clusterBytes);
      const start = take(2 * whole, inUse);
      const runs: Runs = Array.from({ length: whole }, (_, i) => ({ lcn: start + 2 * i, length: 1 }));
      for (let i = 0; i < whole; i++) data.copy(bytes, (start + 2 * i) * clusterBytes, i * clusterBytes, (i + 1) * clusterBytes);
      const parts = Array.from({ length: Math.ceil(whole / RUNS_PER_RECORD) }, (_, i) =>
        runs.slice(i * RUNS_PER_RECORD, (i + 1) * RUNS_PER_RECORD),
      );
      const extensions = parts.map((part, i) => {
        const extension = nextRecord++;
        const attribute = nonResident(0x80, '', part, data.length, clusterBytes, 0, i * RUNS_PER_RECORD);
        put(extension, build([attribute], flags, 1, BigInt(record) | (1n << 48n)));
        return { extension, vcn: i * RUNS_PER_RECORD };
      });
      const list = Buffer.concat(extensions.map(({ extension, vcn }) => listEntry(extension, vcn)));
      put(record, build([resident(0x20, '', list), ...names, ...named], flags, sequence));
      continue;
    }
    const fits = layout === 'plain' && data.length + 32 <= room && !encrypted;
    const runs = fits
      ? []
      : layout === 'compressed'
        ? pack(data, clusterBytes, write)
        : layout === 'sparse'
          ? withHoles(data, clusterBytes, write)
          : write(data);
    const unit = layout === 'compressed' ? 4 : 0;
    const main = fits
      ? resident(0x80, '', data)
      : nonResident(0x80, '', runs, data.length, clusterBytes, attributeFlags, 0, unit);
    put(record, build([...names, main, ...named], flags, sequence));
  }

  const system = (record: number, name: string, attributes: readonly Buffer[]): number =>
    put(record, build([nameAttribute(ROOT, name), ...attributes], 1));
  system(0, '$MFT', [
    nonResident(0x80, '', [{ lcn: mftCluster, length: mftClusters }], mftRecords * recordBytes, clusterBytes, 0),
  ]);
  put(ROOT, build([nameAttribute(ROOT, '.')], 3, 5));
  Buffer.from(used).copy(bytes, bitmapCluster * clusterBytes);
  system(BITMAP, '$Bitmap', [
    nonResident(0x80, '', [{ lcn: bitmapCluster, length: bitmapClusters }], used.length, clusterBytes, 0),
  ]);
  bytes.copy(bytes, mirrorAt, mftAt, mftAt + 4 * recordBytes);

  const boot = bytes.subarray(0, 512);
  boot.write('\xeb\x52\x90NTFS    ', 0, 'latin1');
  boot.writeUInt16LE(sectorBytes, 11);
  const perCluster = clusterBytes / sectorBytes;
  boot[13] = perCluster > 128 ? 256 - Math.log2(perCluster) : perCluster;
  boot.writeBigUInt64LE(BigInt(Math.floor(size / sectorBytes) - 1), 40);
  boot.writeBigUInt64LE(BigInt(mftCluster), 48);
  boot.writeBigUInt64LE(BigInt(mirrorAt / clusterBytes), 56);
  boot.writeInt8(recordBytes >= clusterBytes ? recordBytes / clusterBytes : -Math.log2(recordBytes), 64);
  boot.writeUInt16BE(0x55aa, 510);
  boot.copy(bytes, size - sectorBytes);
  return { bytes, mftAt, recordAt: (path) => mftAt + records.get(path)! * recordBytes };
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('\\') + 1);
}

function aligned(length: number): number {
  return Math.ceil(length / 8) * 8;
}

function fileRecord(recordBytes: number, attributes: readonly Buffer[], flags: number, sequence: number, base: bigint): Buffer {
  const record = Buffer.alloc(recordBytes);
  const sectors = recordBytes / 512;
  record.write('FILE', 0, 'latin1');
  record.writeUInt16LE(48, 4);
  record.writeUInt16LE(sectors + 1, 6);
  record.writeUInt16LE(sequence, 16);
  const first = aligned(48 + 2 * (sectors + 1));
  record.writeUInt16LE(first, 20);
  record.writeUInt16LE(flags, 22);
  record.writeBigUInt64LE(base, 32);
  let at = first;
  for (const attribute of attributes) at += attribute.copy(record, at);
  record.writeUInt32LE(0xffffffff, at);
  // The update sequence: the last two bytes of each sector are kept at the front.
  record.writeUInt16LE(7, 48);
  for (let i = 1; i <= sectors; i++) {
    record.copy(record, 48 + 2 * i, i * 512 - 2, i * 512);
    record.writeUInt16LE(7, i * 512 - 2);
  }
  return record;
}

function resident(type: number, name: string, value: Buffer): Buffer {
  const valueAt = aligned(24 + 2 * name.length);
  const attribute = Buffer.alloc(aligned(valueAt + value.length));
  attribute.writeUInt32LE(type, 0);
  attribute.writeUInt32LE(attribute.length, 4);
  attribute[9] = name.length;
  attribute.writeUInt16LE(24, 10);
  attribute.writeUInt32LE(value.length, 16);
  attribute.writeUInt16LE(valueAt, 20);
  attribute.write(name, 24, 'utf16le');
  value.copy(attribute, valueAt);
  return attribute;
}

function nonResident(
  type: number,
  name: string,
  runs: Runs,
  size: number,
  clusterBytes: number,
  flags: number,
  vcn = 0,
  unitShift = 0,
): Buffer {
  const list = encodeRuns(runs);
  const runsAt = aligned(64 + 2 * name.length);
  const attribute = Buffer.alloc(aligned(runsAt + list.length));
  const clusters = runs.reduce((sum, { length }) => sum + length, 0);
  attribute.writeUInt32LE(type, 0);
  attribute.writeUInt32LE(attribute.length, 4);
  attribute[8] = 1;
  attribute[9] = name.length;
  attribute.writeUInt16LE(64, 10);
  attribute.writeUInt16LE(flags, 12);
  attribute.writeBigUInt64LE(BigInt(vcn), 16);
  attribute.writeBigUInt64LE(BigInt(vcn + clusters - 1), 24);
  attribute.writeUInt16LE(runsAt, 32);
  attribute.writeUInt16LE(unitShift, 34);
  if (vcn === 0) {
    attribute.writeBigUInt64LE(BigInt(clusters * clusterBytes), 40);
    attribute.writeBigUInt64LE(BigInt(size), 48);
    attribute.writeBigUInt64LE(BigInt(size), 56);
  }
  attribute.write(name, 64, 'utf16le');
  list.copy(attribute, runsAt);
  return attribute;
}

function encodeRuns(runs: Runs): Buffer {
  const bytes: number[] = [];
  let last = 0;
  for (const { lcn, length } of merged(runs)) {
    const of = (value: number, count: number): number[] => Array.from({ length: count }, (_, i) => (value >> (8 * i)) & 255);
    if (lcn === HOLE) bytes.push(0x03, ...of(length, 3));
    else {
      bytes.push(0x33, ...of(length, 3), ...of(lcn - last, 3));
      last = lcn;
    }
  }
  return Buffer.from([...bytes, 0]);
}

/** Neighbours are one run. */
function merged(runs: Runs): Runs {
  const all: Runs = [];
  for (const run of runs) {
    const last = all.at(-1);
    const follows =
      last !== undefined && (run.lcn === HOLE ? last.lcn === HOLE : last.lcn !== HOLE && last.lcn + last.length === run.lcn);
    if (follows) last.length += run.length;
    else all.push({ ...run });
  }
  return all;
}

function nameAttribute(parent: number, name: string): Buffer {
  const value = Buffer.alloc(66 + 2 * name.length);
  value.writeUIntLE(parent, 0, 6);
  value.writeUInt16LE(parent === ROOT ? 5 : 1, 6);
  value[64] = name.length;
  value[65] = 1;
  value.write(name, 66, 'utf16le');
  return resident(0x30, '', value);
}

function listEntry(record: number, vcn: number): Buffer {
  const entry = Buffer.alloc(32);
  entry.writeUInt32LE(0x80, 0);
  entry.writeUInt16LE(32, 4);
  entry[7] = 26;
  entry.writeBigUInt64LE(BigInt(vcn), 8);
  entry.writeUIntLE(record, 16, 6);
  entry.writeUInt16LE(1, 22);
  return entry;
}

/** Clusters of zeros are holes. */
function withHoles(data: Buffer, clusterBytes: number, write: (content: Buffer) => Runs): Runs {
  const runs: Runs = [];
  for (let at = 0; at < data.length; at += clusterBytes) {
    const part = data.subarray(at, at + clusterBytes);
    runs.push(...(part.every((byte) => byte === 0) ? [{ lcn: HOLE, length: 1 }] : write(part)));
  }
  return runs;
}

/** A unit that becomes smaller is packed and ends with a hole; one of zeros is a hole; any other stays as it is. */
function pack(data: Buffer, clusterBytes: number, write: (content: Buffer) => Runs): Runs {
  const unitBytes = UNIT * clusterBytes;
  const runs: Runs = [];
  for (let at = 0; at < data.length; at += unitBytes) {
    const plain = Buffer.alloc(unitBytes);
    data.copy(plain, 0, at, at + unitBytes);
    const packed = compress(plain);
    const clusters = Math.ceil(packed.length / clusterBytes);
    if (plain.every((byte) => byte === 0)) runs.push({ lcn: HOLE, length: UNIT });
    else if (clusters >= UNIT) runs.push(...write(plain));
    else runs.push(...write(packed), { lcn: HOLE, length: UNIT - clusters });
  }
  return runs;
}

/** LZNT1, the slow way: the longest match by trying all. */
export function compress(plain: Buffer): Buffer {
  const chunks: Buffer[] = [];
  for (let start = 0; start < plain.length; start += 4096) {
    const chunk = plain.subarray(start, start + 4096);
    const packed = compressChunk(chunk);
    const header = Buffer.alloc(2);
    const stays = packed.length >= chunk.length;
    header.writeUInt16LE(stays ? 0x3000 | (chunk.length - 1) : 0xb000 | (packed.length - 1));
    chunks.push(header, stays ? chunk : packed);
  }
  return Buffer.concat([...chunks, Buffer.alloc(2)]);
}

function compressChunk(chunk: Buffer): Buffer {
  const out: number[] = [];
  let flagsAt = 0;
  const last = new Map<number, number>();
  for (let at = 0, item = 0; at < chunk.length; item++) {
    if (item % 8 === 0) flagsAt = out.push(0) - 1;
    let lengthBits = 12;
    for (let done = at - 1; done >= 16; done >>= 1) lengthBits--;
    const most = Math.min(chunk.length - at, (1 << lengthBits) + 2);
    const key = at + 3 <= chunk.length ? chunk.readUIntLE(at, 3) : -1;
    const from = last.get(key);
    let length = 0;
    if (from !== undefined) while (length < most && chunk[from + length] === chunk[at + length]) length++;
    last.set(key, at);
    if (from === undefined || length < 3) {
      out.push(chunk[at++]!);
      continue;
    }
    const token = ((at - from - 1) << lengthBits) | (length - 3);
    out[flagsAt]! |= 1 << (item % 8);
    out.push(token & 255, token >> 8);
    at += length;
  }
  return Buffer.from(out);
}
