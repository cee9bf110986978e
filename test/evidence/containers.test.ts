/** From the file of an image to the bytes of its disk. */
import { readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { segmentName } from '../../src/evidence/containers/ewf.ts';
import { openImage } from '../../src/evidence/open-image.ts';
import { Reports } from '../../src/logs/reports.ts';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { temporaryFolder } from '../support/folder.ts';
import { describeShared, shared } from '../support/shared.ts';
import { ewf, flatVmdk, type MadeImage, qcow2, splitRaw, vhd, vhdx, vmdk } from './make-image.ts';
import { sha256, writeImage } from './support.ts';

/** Not a multiple of the units of any container; with zeros and with bytes that cannot be packed. */
const disk = Buffer.alloc((5 << 20) + 3 * 512);
for (let i = 0; i < disk.length; i++) disk[i] = i < 1 << 20 ? (i * 2654435761) >>> 13 : i < 3 << 20 ? 0 : i >> 9;

function open(image: MadeImage, spoil: (folder: string) => void = () => {}) {
  const folder = temporaryFolder();
  const path = writeImage(folder, image);
  spoil(folder);
  const diagnostics: string[] = [];
  const reports = new Reports('image', { diagnostic: (diagnostic) => diagnostics.push(formatDiagnostic(diagnostic)) });
  const opened = openImage(path, reports);
  const hash = sha256(opened.disk);
  opened.disk.close();
  return { format: opened.format, files: opened.files.length, size: opened.disk.size, hash, hashes: opened.hashes, diagnostics };
}

describe('every container gives the bytes of the disk', () => {
  test.each<[string, number, MadeImage]>([
    ['raw', 1, [['disk.raw', disk]]],
    ['raw (split)', 3, splitRaw(disk, 2 << 20)],
    ['E01', 1, ewf(disk)],
    ['E01', 3, ewf(disk, 3)],
    ['E01', 2, ewf(disk, 2, undefined, true)],
    ['QCOW2', 1, qcow2(disk, false)],
    ['QCOW2', 1, qcow2(disk, true)],
    ['VMDK (sparse)', 1, vmdk(disk, false)],
    ['VMDK (stream-optimised)', 1, vmdk(disk, true)],
    ['VMDK', 3, flatVmdk(disk)],
    ['VHD (fixed)', 1, vhd(disk, 2)],
    ['VHD (dynamic)', 1, vhd(disk, 3)],
    ['VHDX', 1, vhdx(disk)],
  ])('%s of %i files', (format, files, image) => {
    expect(open(image)).toMatchObject({ format, files, size: disk.length, hash: sha256(disk), diagnostics: [] });
  });

  test.each<[string, MadeImage]>([
    ['QCOW2', qcow2(disk, false)],
    ['packed QCOW2', qcow2(disk, true)],
    ['VMDK', vmdk(disk, false)],
    ['VHD', vhd(Buffer.concat([disk, Buffer.alloc(16 << 20), disk]), 3)],
    ['VHDX', vhdx(disk)],
  ])('%s: nothing but zeros is passed over', (_, image) => {
    const opened = openImage(writeImage(temporaryFolder(), image), new Reports('image', { diagnostic: () => {} }));
    const { disk: source } = opened;
    let passed = 0;
    for (let at = 0; at < source.size; at += 512) {
      const next = source.dataFrom!(at);
      const block = Buffer.alloc(Math.min(next, source.size) - at);
      source.read(block, at);
      expect(block.every((byte) => byte === 0)).toBe(true);
      passed += block.length;
      at = Math.max(at, next - 512);
    }
    // The writer of VHDX stores every block.
    if (opened.format !== 'VHDX') expect(passed).toBeGreaterThan(1 << 20);
  });

  test('an E01 names the hash that it was taken with', () => {
    expect(open(ewf(disk)).hashes.md5).toBe('ab'.repeat(16));
  });

  test('names of E01 segments go from numbers to letters', () => {
    const names = [2, 99, 100, 101, 775, 776].map((number) => segmentName('x.E01', number));
    expect(names).toEqual(['x.E02', 'x.E99', 'x.EAA', 'x.EAB', 'x.EZZ', 'x.FAA']);
    expect(segmentName('x.e01', 100)).toBe('x.eaa');
  });
});

describe('what cannot be read whole is refused with its reason', () => {
  const changed = (image: MadeImage, change: (bytes: Buffer) => void): MadeImage => {
    const [[name, bytes], ...rest] = image as [MadeImage[0], ...MadeImage[0][]];
    const copy = Buffer.from(bytes!);
    change(copy);
    return [[name!, copy], ...rest];
  };
  test.each<[string, MadeImage, RegExp]>([
    ['a differencing VHD', vhd(disk, 4), /differencing VHD, which needs its parent/],
    ['a differencing VHDX', vhdx(disk, { parent: true }), /differencing VHDX \(a checkpoint\), which needs its parent/],
    ['a VHDX that was not closed', vhdx(disk, { log: true }), /its log has to be replayed first/],
    ['a VMDK snapshot', flatVmdk(disk, '1234abcd'), /VMDK snapshot that needs its parent/],
    ['a QCOW2 with a backing file', changed(qcow2(disk, false), (bytes) => bytes.writeBigUInt64BE(200n, 8)), /backing file/],
    ['an encrypted QCOW2', changed(qcow2(disk, false), (bytes) => bytes.writeUInt32BE(1, 32)), /encrypted QCOW2/],
    ['a QCOW2 with Zstandard', changed(qcow2(disk, false), (bytes) => bytes.fill(8, 79, 80).fill(1, 104, 105)), /Zstandard/],
    [
      'an Ex01',
      [['x.Ex01', Buffer.from('EVF2\r\n\x81\0'.padEnd(512, '\0'), 'latin1')]],
      /Ex01 image \(EWF version 2\), which is not read/,
    ],
    [
      'a VDI',
      [['x.vdi', Buffer.from(`${'<<< Oracle VM VirtualBox Disk Image >>>\n'.padEnd(64, '\0')}\x7f\x10\xda\xbe`, 'latin1')]],
      /VDI of VirtualBox/,
    ],
    [
      'a QED',
      [['x.qed', Buffer.from('QED\0'.padEnd(512, '\0'), 'latin1')]],
      /QED of QEMU, which is not read. Convert it: qemu-img/,
    ],
    ['a disk of Parallels', [['x.hdd', Buffer.from('WithoutFreeSpace'.padEnd(512, '\0'), 'latin1')]], /disk of Parallels/],
    [
      'a sparse extent of ESX',
      [['x.vmdk', Buffer.from('COWD\x01'.padEnd(512, '\0'), 'latin1')]],
      /ESX, which is not read. Clone the disk/,
    ],
    [
      'an AFF',
      [['x.aff', Buffer.from('AFF10\r\n'.padEnd(512, '\0'), 'latin1')]],
      /AFF image, which is not read. Export it as E01 or raw/,
    ],
    ['a WIM', [['x.wim', Buffer.from('MSWIM'.padEnd(512, '\0'), 'latin1')]], /WIM, which is not read. It holds files/],
    ['an L01', [['x.L01', Buffer.from('LVF\t\r\n\xff\0'.padEnd(512, '\0'), 'latin1')]], /logical evidence file/],
    [
      'a later part of a split image',
      [
        ['disk.002', disk],
        ['disk.001', disk],
      ],
      /name the first, disk\.001/,
    ],
    [
      'a QCOW2 of 2^60 bytes',
      changed(qcow2(disk, false), (bytes) => bytes.writeBigUInt64BE(1n << 60n, 24)),
      /claims a disk of 1152921504606847000 bytes/,
    ],
    ['a VMDK of 2^60 sectors', changed(vmdk(disk, false), (bytes) => bytes.writeBigUInt64LE(1n << 60n, 12)), /claims a disk/],
    [
      'a VMDK whose grain directory is anything but one',
      changed(vmdk(disk, false), (bytes) => bytes.writeBigUInt64LE(1n << 30n, 12) + bytes.writeBigUInt64LE(0n, 56)),
      /tables do not fit into \d+ bytes/,
    ],
    [
      'a VHDX of 2^60 bytes',
      changed(vhdx(disk), (bytes) => bytes.writeBigUInt64LE(1n << 60n, (2 << 20) + 65544)),
      /block table is too small/,
    ],
  ])('%s', (_, image, reason) => {
    expect(() => open(image)).toThrow(reason);
  });

  test('a VMDK whose extent is missing', () => {
    expect(() => open(flatVmdk(disk), (folder) => rmSync(join(folder, 'disk-f002.vmdk')))).toThrow(
      'its extent "disk-f002.vmdk" is missing',
    );
  });

  // A reader that went on would read what lies behind at the wrong place.
  test.each<[string, string, MadeImage]>([
    ['its segment disk.E02 is missing', 'disk.E02', ewf(disk, 3)],
    ['its segment disk.E03 is missing', 'disk.E03', ewf(disk, 3)],
    ['its part disk.003 is missing', 'disk.003', splitRaw(disk, 1 << 20)],
  ])('%s', (reason, name, image) => {
    expect(() => open(image, (folder) => rmSync(join(folder, name)))).toThrow(`${reason}. Copy all`);
  });
});

describe('damage costs itself and is told', () => {
  test('an E01 that was cut is read up to there', () => {
    const { size, diagnostics } = open(ewf(disk, 3), (folder) => truncateSync(join(folder, 'disk.E03'), 100));
    expect(size).toBe(108 * 32768);
    expect(diagnostics).toEqual([
      expect.stringMatching(/^image error image\/missing-chunks: 53 of 161 chunks stand in no table: NOT READ\./),
    ]);
  });

  test('a damaged chunk of an E01 is zeros, and the rest is read', () => {
    const folder = temporaryFolder();
    const path = writeImage(folder, ewf(disk));
    const bytes = readFileSync(path);
    const at = bytes.indexOf(deflateSync(Buffer.alloc(32768)));
    bytes.fill(0xff, at + 4, at + 12);
    writeFileSync(path, bytes);
    const diagnostics: string[] = [];
    const opened = openImage(path, new Reports('image', { diagnostic: ({ code }) => diagnostics.push(code) }));
    expect(opened.disk.size).toBe(disk.length);
    const end = Buffer.alloc(1 << 20);
    sha256(opened.disk);
    opened.disk.read(end, disk.length - end.length);
    expect(end.equals(disk.subarray(disk.length - end.length))).toBe(true);
    expect(diagnostics).toEqual(['image/chunk-damaged']);
  });

  test('the second chunk table of an E01 serves when the first is damaged', () => {
    const folder = temporaryFolder();
    const path = writeImage(folder, ewf(disk));
    const bytes = readFileSync(path);
    bytes[bytes.indexOf('table\0') + 76 + 3]! ^= 1;
    writeFileSync(path, bytes);
    const opened = openImage(
      path,
      new Reports('image', { diagnostic: (diagnostic) => expect.unreachable(formatDiagnostic(diagnostic)) }),
    );
    expect(sha256(opened.disk)).toBe(sha256(disk));
  });
});

describeShared('real images', () => {
  test.each([
    ['image-split.E01', 'E01'],
    ['image.qcow2', 'QCOW2'],
    ['image.vhd', 'VHD (dynamic)'],
    ['windows_volume.qcow2', 'QCOW2'],
    ['test.ntfs.dd.E01', 'E01'],
    ['partition_image.E01', 'E01'],
  ])('%s is opened as %s, its bytes have the hash that it names', async (name, format) => {
    const { createHash } = await import('node:crypto');
    const opened = openImage(
      shared('corpus/images', name),
      new Reports('image', { diagnostic: (diagnostic) => expect.unreachable(formatDiagnostic(diagnostic)) }),
    );
    expect(opened.format).toBe(format);
    const md5 = createHash('md5');
    const block = Buffer.alloc(1 << 20);
    for (let at = 0, got = -1; got !== 0; at += got) {
      got = opened.disk.read(block, at);
      md5.update(block.subarray(0, got));
    }
    if (format === 'E01') expect(md5.digest('hex')).toBe(opened.hashes.md5);
  });

  test('a differencing VHD is refused', () => {
    expect(() => openImage(shared('corpus/images/fat-differential.vhd'), new Reports('image', { diagnostic: () => {} }))).toThrow(
      /differencing/,
    );
  });
});
