/** Writes disks and the containers of disk images for tests. In: the bytes of volumes or of a disk. Out: a disk, or files by name. */
import { deflateRawSync, deflateSync } from 'node:zlib';
import { adler32 } from '../../src/evidence/containers/ewf.ts';

const SECTOR = 512;
const START = 2048 * SECTOR;

/** A disk with a GPT, its volumes from 1 MiB on. */
export function gptDisk(volumes: readonly Buffer[], sector = SECTOR): Buffer {
  const tail = 34 * sector;
  const disk = Buffer.concat([Buffer.alloc(START), ...volumes, Buffer.alloc(tail)]);
  const header = Buffer.alloc(sector);
  header.write('EFI PART', 'latin1');
  header.writeUInt32LE(128, 80);
  header.writeUInt32LE(128, 84);
  const entries = Buffer.alloc(128 * 128);
  let at = START;
  for (const [i, volume] of volumes.entries()) {
    entries.fill(i + 1, 128 * i, 128 * i + 32);
    entries.writeBigUInt64LE(BigInt(at / sector), 128 * i + 32);
    entries.writeBigUInt64LE(BigInt((at + volume.length) / sector - 1), 128 * i + 40);
    at += volume.length;
  }
  const put = (headerAt: number, entriesAt: number): void => {
    header.writeBigUInt64LE(BigInt(entriesAt / sector), 72);
    header.copy(disk, headerAt);
    entries.copy(disk, entriesAt);
  };
  put(sector, 2 * sector);
  put(disk.length - sector, disk.length - 33 * sector);
  writeMbrEntry(disk, 0, 0, 0xee, 1, disk.length / sector - 1);
  return disk;
}

function writeMbrEntry(disk: Buffer, tableAt: number, i: number, type: number, start: number, count: number): void {
  disk[tableAt + 446 + 16 * i + 4] = type;
  disk.writeUInt32LE(start, tableAt + 446 + 16 * i + 8);
  disk.writeUInt32LE(count, tableAt + 446 + 16 * i + 12);
  disk.writeUInt16BE(0x55aa, tableAt + 510);
}

/** A disk with an MBR: the first volume primary, the others logical drives. */
export function mbrDisk(volumes: readonly Buffer[]): Buffer {
  const [first, ...logical] = volumes as [Buffer, ...Buffer[]];
  const disk = Buffer.concat([Buffer.alloc(START), first, ...logical.flatMap((volume) => [Buffer.alloc(START), volume])]);
  writeMbrEntry(disk, 0, 0, 7, START / SECTOR, first.length / SECTOR);
  const extended = START + first.length;
  if (logical.length > 0) writeMbrEntry(disk, 0, 1, 0x0f, extended / SECTOR, (disk.length - extended) / SECTOR);
  let at = extended;
  for (const [i, volume] of logical.entries()) {
    writeMbrEntry(disk, at, 0, 7, START / SECTOR, volume.length / SECTOR);
    const next = at + START + volume.length;
    if (i + 1 < logical.length) writeMbrEntry(disk, at, 1, 5, (next - extended) / SECTOR, 1);
    at = next;
  }
  return disk;
}

/** Files by name; the first is the one to open. */
export type MadeImage = readonly (readonly [name: string, bytes: Buffer])[];

export function splitRaw(disk: Buffer, partBytes: number): MadeImage {
  const count = Math.ceil(disk.length / partBytes);
  return Array.from({ length: count }, (_, i) => [
    `disk.${String(i + 1).padStart(3, '0')}`,
    disk.subarray(i * partBytes, (i + 1) * partBytes),
  ]);
}

const EWF_CHUNK = 32768;

function ewfSection(type: string, body: Buffer, at: number, last = false): Buffer {
  const descriptor = Buffer.alloc(76);
  descriptor.write(type, 'latin1');
  descriptor.writeBigUInt64LE(BigInt(last ? at : at + 76 + body.length), 16);
  descriptor.writeBigUInt64LE(BigInt(76 + body.length), 24);
  descriptor.writeUInt32LE(adler32(descriptor.subarray(0, 72)), 72);
  return Buffer.concat([descriptor, body]);
}

/** Chunks that become smaller are packed. With `smart` as SMART writes them: the chunks follow their table in the same section. */
export function ewf(disk: Buffer, segments = 1, md5 = Buffer.alloc(16, 0xab), smart = false): MadeImage {
  const all = Array.from({ length: Math.ceil(disk.length / EWF_CHUNK) }, (_, i) =>
    disk.subarray(i * EWF_CHUNK, (i + 1) * EWF_CHUNK),
  );
  const perSegment = Math.ceil(all.length / segments);
  return Array.from({ length: segments }, (_, number): MadeImage[0] => {
    const chunks = all.slice(number * perSegment, (number + 1) * perSegment);
    const header = Buffer.from('EVF\t\r\n\xff\0\x01\0\0\0\0', 'latin1');
    header.writeUInt16LE(number + 1, 9);
    const parts: Buffer[] = [header];
    let at = header.length;
    const add = (type: string, body: Buffer, last = false): void => {
      parts.push(ewfSection(type, body, at, last));
      at += 76 + body.length;
    };
    if (number === 0) {
      const volume = Buffer.alloc(94);
      volume.writeUInt32LE(all.length, 4);
      volume.writeUInt32LE(EWF_CHUNK / SECTOR, 8);
      volume.writeUInt32LE(SECTOR, 12);
      volume.writeBigUInt64LE(BigInt(disk.length / SECTOR), 16);
      add('volume', volume);
    }
    const base = at + 76 + (smart ? 24 + 4 * chunks.length : 0);
    let offset = 0;
    const entries = Buffer.alloc(4 * chunks.length);
    const bodies = chunks.map((chunk, i) => {
      const packed = deflateSync(chunk);
      const isPacked = packed.length < chunk.length;
      entries.writeUInt32LE((offset + (isPacked ? 0x80000000 : 0)) >>> 0, 4 * i);
      const checksum = Buffer.alloc(4);
      checksum.writeUInt32LE(adler32(chunk));
      const body = isPacked ? packed : Buffer.concat([chunk, checksum]);
      offset += body.length;
      return body;
    });
    if (!smart) add('sectors', Buffer.concat(bodies));
    const head = Buffer.alloc(24);
    head.writeUInt32LE(chunks.length, 0);
    head.writeBigUInt64LE(BigInt(base), 8);
    head.writeUInt32LE(adler32(head.subarray(0, 20)), 20);
    const table = Buffer.concat([head, entries, ...(smart ? bodies : [Buffer.alloc(4)])]);
    add('table', table);
    if (!smart) add('table2', table);
    if (number === segments - 1) {
      add('hash', Buffer.concat([md5, Buffer.alloc(20)]));
      add('done', Buffer.alloc(0), true);
    } else add('next', Buffer.alloc(0), true);
    return [`disk.${smart ? 's' : 'E'}${String(number + 1).padStart(2, '0')}`, Buffer.concat(parts)];
  });
}

export function qcow2(disk: Buffer, packed: boolean): MadeImage {
  const bits = 16;
  const cluster = 1 << bits;
  const count = Math.ceil(disk.length / cluster);
  const perTable = cluster / 8;
  const tables = Math.ceil(count / perTable);
  const header = Buffer.alloc(cluster);
  header.write('QFI\xfb', 'latin1');
  header.writeUInt32BE(3, 4);
  header.writeUInt32BE(bits, 20);
  header.writeBigUInt64BE(BigInt(disk.length), 24);
  header.writeUInt32BE(tables, 36);
  header.writeBigUInt64BE(BigInt(cluster), 40);
  header.writeUInt32BE(104, 100);
  const l1 = Buffer.alloc(cluster);
  const l2 = Buffer.alloc(tables * cluster);
  for (let i = 0; i < tables; i++) l1.writeBigUInt64BE(BigInt((2 + i) * cluster), 8 * i);
  const parts: Buffer[] = [];
  let at = (2 + tables) * cluster;
  for (let i = 0; i < count; i++) {
    const plain = Buffer.alloc(cluster);
    disk.copy(plain, 0, i * cluster, (i + 1) * cluster);
    if (plain.every((byte) => byte === 0)) continue;
    const small = packed ? deflateRawSync(plain) : plain;
    const body = packed ? Buffer.concat([small, Buffer.alloc((512 - (small.length % 512)) % 512)]) : plain;
    const sectors = BigInt(Math.ceil(small.length / 512) - 1);
    l2.writeBigUInt64BE(packed ? BigInt(at) | (sectors << BigInt(62 - (bits - 8))) | (1n << 62n) : BigInt(at), 8 * i);
    parts.push(body);
    at += body.length;
  }
  return [[packed ? 'packed.qcow2' : 'disk.qcow2', Buffer.concat([header, l1, l2, ...parts])]];
}

const GRAIN = 65536;

/** Sparse, or stream-optimised with its directory named at the end. */
export function vmdk(disk: Buffer, stream: boolean): MadeImage {
  const perTable = 512;
  const grains = Math.ceil(disk.length / GRAIN);
  const tables = Math.ceil(grains / perTable);
  const header = Buffer.alloc(SECTOR);
  header.write('KDMV', 'latin1');
  header.writeUInt32LE(3, 4);
  header.writeBigUInt64LE(BigInt(disk.length / SECTOR), 12);
  header.writeBigUInt64LE(BigInt(GRAIN / SECTOR), 20);
  header.writeUInt32LE(perTable, 44);
  header.writeUInt16LE(stream ? 1 : 0, 77);
  // Room for the descriptor: sector 1 as a place of a grain would mean zeros.
  const parts: Buffer[] = [header, Buffer.alloc(20 * SECTOR)];
  let at = 21 * SECTOR;
  const add = (body: Buffer): number => {
    const place = at / SECTOR;
    const padded = Buffer.concat([body, Buffer.alloc((SECTOR - (body.length % SECTOR)) % SECTOR)]);
    parts.push(padded);
    at += padded.length;
    return place;
  };
  const entries = Buffer.alloc(4 * perTable * tables);
  for (let i = 0; i < grains; i++) {
    const plain = Buffer.alloc(GRAIN);
    disk.copy(plain, 0, i * GRAIN, (i + 1) * GRAIN);
    if (plain.every((byte) => byte === 0)) continue;
    const small = deflateSync(plain);
    const marker = Buffer.alloc(12);
    marker.writeBigUInt64LE(BigInt((i * GRAIN) / SECTOR));
    marker.writeUInt32LE(small.length, 8);
    entries.writeUInt32LE(add(stream ? Buffer.concat([marker, small]) : plain), 4 * i);
  }
  const directory = Buffer.alloc(4 * tables);
  for (let i = 0; i < tables; i++)
    directory.writeUInt32LE(add(entries.subarray(4 * perTable * i, 4 * perTable * (i + 1))), 4 * i);
  const directoryAt = BigInt(add(directory));
  header.writeBigUInt64LE(stream ? 0xffffffffffffffffn : directoryAt, 56);
  if (stream) {
    const footer = Buffer.from(header);
    footer.writeBigUInt64LE(directoryAt, 56);
    parts.push(footer, Buffer.alloc(SECTOR));
  }
  return [[stream ? 'stream.vmdk' : 'disk.vmdk', Buffer.concat(parts)]];
}

/** A descriptor and two flat extents. */
export function flatVmdk(disk: Buffer, parent = 'ffffffff'): MadeImage {
  const half = Math.floor(disk.length / 2 / SECTOR) * SECTOR;
  const text = [
    '# Disk DescriptorFile',
    `parentCID=${parent}`,
    `RW ${half / SECTOR} FLAT "disk-f001.vmdk" 0`,
    `RW ${(disk.length - half) / SECTOR} FLAT "C:\\vm\\disk-f002.vmdk" 0`,
    '',
  ].join('\n');
  return [
    ['flat.vmdk', Buffer.from(text)],
    ['disk-f001.vmdk', disk.subarray(0, half)],
    ['disk-f002.vmdk', disk.subarray(half)],
  ];
}

export function vhd(disk: Buffer, type: 2 | 3 | 4): MadeImage {
  const footer = Buffer.alloc(SECTOR);
  footer.write('conectix', 'latin1');
  footer.writeBigUInt64BE(BigInt(disk.length), 48);
  footer.writeUInt32BE(type, 60);
  if (type === 2) return [['fixed.vhd', Buffer.concat([disk, footer])]];
  const block = 2 << 20;
  const count = Math.ceil(disk.length / block);
  footer.writeBigUInt64BE(512n, 16);
  const header = Buffer.alloc(1024);
  header.write('cxsparse', 'latin1');
  header.writeBigUInt64BE(1536n, 16);
  header.writeUInt32BE(count, 28);
  header.writeUInt32BE(block, 32);
  const table = Buffer.alloc(Math.ceil((4 * count) / SECTOR) * SECTOR, 0xff);
  const parts = [footer, header, table];
  let at = 1536 + table.length;
  for (let i = 0; i < count; i++) {
    const plain = Buffer.alloc(block);
    disk.copy(plain, 0, i * block, (i + 1) * block);
    if (plain.every((byte) => byte === 0)) continue;
    table.writeUInt32BE(at / SECTOR, 4 * i);
    parts.push(Buffer.alloc(SECTOR, 0xff), plain);
    at += SECTOR + block;
  }
  return [['dynamic.vhd', Buffer.concat([...parts, footer])]];
}

interface VhdxFaults {
  readonly parent?: boolean;
  readonly log?: boolean;
}

export function vhdx(disk: Buffer, { parent = false, log = false }: VhdxFaults = {}): MadeImage {
  const MIB = 1 << 20;
  const count = Math.ceil(disk.length / MIB);
  const bytes = Buffer.alloc(3 * MIB + count * MIB);
  bytes.write('vhdxfile', 'latin1');
  for (const [i, at] of [64 << 10, 128 << 10].entries()) {
    bytes.write('head', at, 'latin1');
    bytes.writeBigUInt64LE(BigInt(i), at + 8);
    if (log) bytes.fill(1, at + 48, at + 64);
  }
  const region = 192 << 10;
  bytes.write('regi', region, 'latin1');
  bytes.writeUInt32LE(2, region + 8);
  const entry = (i: number, guid: string, at: number, length: number): void => {
    bytes.write(guid, region + 16 + 32 * i, 'hex');
    bytes.writeBigUInt64LE(BigInt(at), region + 32 + 32 * i);
    bytes.writeUInt32LE(length, region + 40 + 32 * i);
  };
  entry(0, '6677c22d23f600429d64115e9bfd4a08', MIB, MIB);
  entry(1, '06a27c8b90479a4bb8fe575f050f886e', 2 * MIB, MIB);
  const item = (i: number, guid: string, offset: number): number => {
    bytes.write(guid, 2 * MIB + 32 + 32 * i, 'hex');
    bytes.writeUInt32LE(offset, 2 * MIB + 48 + 32 * i);
    return 2 * MIB + offset;
  };
  bytes.write('metadata', 2 * MIB, 'latin1');
  bytes.writeUInt16LE(3, 2 * MIB + 10);
  const parameters = item(0, '3767a1ca36fa434db3b633f0aa44e76b', 65536);
  bytes.writeUInt32LE(MIB, parameters);
  bytes.writeUInt32LE(parent ? 2 : 0, parameters + 4);
  bytes.writeBigUInt64LE(BigInt(disk.length), item(1, '2442a52f1bcd7648b2115dbed83bf4b8', 65544));
  bytes.writeUInt32LE(512, item(2, '1dbf41816fa90947ba47f233a8faab5f', 65552));
  for (let i = 0; i < count; i++) {
    bytes.writeBigUInt64LE((BigInt(3 + i) << 20n) | 6n, MIB + 8 * i);
    disk.copy(bytes, (3 + i) * MIB, i * MIB, (i + 1) * MIB);
  }
  return [['disk.vhdx', bytes]];
}
