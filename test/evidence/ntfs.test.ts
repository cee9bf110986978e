/** From the bytes of a disk to the logs on its volumes. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { decompressUnit } from '../../src/evidence/ntfs/lznt1.ts';
import { temporaryFolder } from '../support/folder.ts';
import { gptDisk, mbrDisk } from './make-image.ts';
import { compress, type MadeFile, type MadeVolume, makeVolume } from './make-volume.ts';
import { find, madeLog, sha256 } from './support.ts';

const LOGS = '\\Windows\\System32\\winevt\\Logs';
const one = madeLog('one', 2);
const two = madeLog('two', 3);
const withZeros = Buffer.concat([madeLog('zeros'), Buffer.alloc(3 * 65536)]);

const FILES: readonly MadeFile[] = [
  { path: `${LOGS}\\Security.evtx`, data: one },
  { path: '\\WINDOWS.OLD\\System32\\WINEVT\\LOGS\\SYSTEM.EVTX', data: two, layout: 'compressed' },
  { path: `${LOGS}\\Sparse.evtx`, data: withZeros, layout: 'sparse' },
  { path: `${LOGS}\\Fragments.evtx`, data: one, layout: 'list' },
  { path: `${LOGS}\\Журнал 😀.evtx`, data: two, alsoPath: '\\Users\\link.evtx' },
  { path: '\\Users\\notes.txt', data: Buffer.from('nothing'), streams: { 'hidden.evtx': one } },
  { path: '\\$Recycle.Bin\\S-1-5-21\\$RABC.evtx', data: two },
  { path: `${LOGS}\\Gone.evtx`, data: two, deleted: true },
  { path: `${LOGS}\\Security.evtx.bak`, data: two },
];

const EXPECTED = new Map([
  [`live ${LOGS}\\Security.evtx`, sha256(one)],
  ['live \\WINDOWS.OLD\\System32\\WINEVT\\LOGS\\SYSTEM.EVTX', sha256(two)],
  [`live ${LOGS}\\Sparse.evtx`, sha256(withZeros)],
  [`live ${LOGS}\\Fragments.evtx`, sha256(one)],
  [`live ${LOGS}\\Журнал 😀.evtx`, sha256(two)],
  ['live \\Users\\link.evtx', sha256(two)],
  ['live \\Users\\notes.txt:hidden.evtx', sha256(one)],
  ['live \\$Recycle.Bin\\S-1-5-21\\$RABC.evtx', sha256(two)],
  [`live ${LOGS}\\Security.evtx.bak`, sha256(two)],
  [`deleted ${LOGS}\\Gone.evtx`, sha256(two)],
]);

function findIn(disk: Buffer, options?: Parameters<typeof find>[1]) {
  const path = join(temporaryFolder(), 'disk');
  writeFileSync(path, disk);
  return find(path, options);
}

describe('every log is found, whatever NTFS did to it', () => {
  test.each([
    ['clusters of 512 bytes', { clusterBytes: 512 }],
    ['clusters of 4 KiB', {}],
    ['records of 4 KiB', { recordBytes: 4096 }],
    ['sectors of 4 KiB', { recordBytes: 4096, sectorBytes: 4096 }],
  ])('%s', (_, options) => {
    expect(findIn(makeVolume(FILES, options).bytes)).toEqual({ logs: EXPECTED, diagnostics: [] });
  });

  test.each([
    [64 << 10, 8 << 20],
    [2 << 20, 64 << 20],
  ])('clusters of %i bytes', (clusterBytes, size) => {
    // Windows packs clusters of 4 KiB and smaller only.
    const files = FILES.map((file) => (file.layout === 'compressed' ? { ...file, layout: 'plain' as const } : file));
    expect(findIn(makeVolume(files, { clusterBytes, size }).bytes)).toEqual({ logs: EXPECTED, diagnostics: [] });
  });

  test('LZNT1 gives back what was packed', () => {
    const plain = Buffer.concat([one.subarray(0, 20_000), Buffer.alloc(20_000), two.subarray(0, 25_536)]);
    const into = Buffer.alloc(plain.length);
    expect(decompressUnit(compress(plain), into)).toBe(true);
    expect(into.equals(plain)).toBe(true);
  });
});

describe('volumes', () => {
  const small = makeVolume(FILES.slice(0, 1), { size: 2 << 20 }).bytes;
  const other = makeVolume([{ path: '\\other.evtx', data: two }], { size: 2 << 20 }).bytes;
  const both = new Map([
    [`live ${LOGS}\\Security.evtx`, sha256(one)],
    ['live \\other.evtx', sha256(two)],
  ]);
  const named = (at: number, bytes: string): Buffer => {
    const volume = Buffer.alloc(1 << 20);
    volume.write(bytes, at, 'latin1');
    return volume;
  };

  test('of a GPT', () => expect(findIn(gptDisk([small, other]))).toEqual({ logs: both, diagnostics: [] }));
  test('of a GPT with sectors of 4 KiB', () => expect(findIn(gptDisk([small, other], 4096)).logs).toEqual(both));
  test('of an MBR with logical drives', () => {
    const { logs, diagnostics } = findIn(mbrDisk([small, named(3, '-FVE-FS-'), other]));
    expect(logs).toEqual(both);
    expect(diagnostics).toEqual([
      'disk at 0x400000 warning volume/not-read: volume p5 (1048576 bytes) is BitLocker: NOT READ. Unlock it first (dislocker, or Windows with the recovery key), and take an image of what is then there.',
    ]);
  });

  test('of the copy of a GPT when the first is damaged', () => {
    const disk = gptDisk([small, other]);
    disk.fill(0, 512, 1024);
    const { logs, diagnostics } = findIn(disk);
    expect(logs).toEqual(both);
    expect(diagnostics).toEqual([
      'disk at 0x200 warning image/partition-table: the GPT header is damaged: its copy at the end of the disk is used.',
    ]);
  });

  test('a chain of logical drives that leads back to itself ends', () => {
    const disk = mbrDisk([small, other, other]);
    const table = (4 << 20) + (1 << 20) - (2 << 20) + 446 + 16 + 8;
    disk.writeUInt32LE(0, table);
    expect(findIn(disk).diagnostics).toEqual([expect.stringContaining('leads back to itself')]);
  });

  test.each([
    ['ReFS', named(3, 'ReFS\0\0\0\0')],
    ['BitLocker', named(3, '-FVE-FS-')],
    ['FAT', named(82, 'FAT32   ')],
    ['exFAT', named(3, 'EXFAT   ')],
    ['ext', named(1024 + 56, '\x53\xef')],
  ])('%s is said not to have been read, with its size', (name, volume) => {
    const { logs, diagnostics } = findIn(gptDisk([volume, small]));
    expect(logs.size).toBe(1);
    expect(diagnostics).toEqual([expect.stringContaining(`volume p1 (1048576 bytes) is ${name}: NOT READ`)]);
  });

  test('a volume that the image has only in part is said to be cut', () => {
    const disk = gptDisk([small]);
    const { logs, diagnostics } = findIn(disk.subarray(0, disk.length - (1 << 20)));
    expect(logs.size).toBe(1);
    expect(diagnostics).toContainEqual(
      expect.stringMatching(/volume\/cut: the image ends \d+ bytes before the end of volume p1/),
    );
  });

  test('a disk without volumes says so', () => {
    expect(findIn(Buffer.alloc(1 << 20)).diagnostics).toEqual([
      expect.stringContaining('no volume was found on this disk of 1048576 bytes: NOT READ'),
    ]);
  });
});

describe('what was deleted', () => {
  test('clusters that belong to another file by now are not taken for the deleted one', () => {
    const files = [...FILES, { path: `${LOGS}\\Ghost.evtx`, data: one, deleted: true, reused: true }];
    const { logs, diagnostics } = findIn(makeVolume(files).bytes);
    expect(logs).toEqual(EXPECTED);
    expect(diagnostics).toEqual([
      expect.stringMatching(/Ghost\.evtx was deleted, and its clusters belong to other files by now: not read/),
    ]);
  });

  test('an encrypted log is told', () => {
    const { diagnostics } = findIn(
      makeVolume([{ path: '\\secret.evtx', data: Buffer.alloc(70_000, 0x5a), encrypted: true }]).bytes,
    );
    expect(diagnostics).toEqual([expect.stringContaining('\\secret.evtx is encrypted (EFS): NOT READ')]);
  });
});

describe('damage costs itself', () => {
  function spoilt(spoil: (made: MadeVolume) => void) {
    const made = makeVolume(FILES);
    spoil(made);
    return findIn(made.bytes);
  }

  test('of the boot sector: its copy is used', () => {
    const { logs, diagnostics } = spoilt(({ bytes }) => bytes.fill(0, 0, 512));
    expect(logs).toEqual(EXPECTED);
    expect(diagnostics).toEqual([
      expect.stringMatching(/the boot sector does not say "NTFS": the copy at the end of the volume is used/),
    ]);
  });

  test('of the first record of the MFT: its copy is used', () => {
    const { logs, diagnostics } = spoilt(({ bytes, mftAt }) => bytes.fill(0, mftAt, mftAt + 1024));
    expect(logs).toEqual(EXPECTED);
    expect(diagnostics).toEqual([expect.stringMatching(/its copy is used/)]);
  });

  test('of a file record: its file is not read, and that is told', () => {
    const { logs, diagnostics } = spoilt(({ bytes, recordAt }) =>
      bytes.writeUInt16LE(9, recordAt(`${LOGS}\\Security.evtx`) + 510),
    );
    expect(logs.size).toBe(EXPECTED.size - 1);
    expect(diagnostics).toEqual([
      expect.stringMatching(/record \d+ of the MFT is damaged \(its sectors are not of one write\): its file is not read/),
    ]);
  });

  test('of an extension record: what it describes reads as zeros', () => {
    const { logs, diagnostics } = spoilt(({ bytes, recordAt }) =>
      bytes.fill(0, recordAt(`${LOGS}\\Fragments.evtx`) + 2048, recordAt(`${LOGS}\\Fragments.evtx`) + 3072),
    );
    expect(logs.size).toBe(EXPECTED.size);
    expect(diagnostics).toEqual([
      expect.stringMatching(/record \d+ of the MFT goes on in record \d+, which is damaged or belongs to another file/),
      expect.stringMatching(/Fragments\.evtx: what is behind byte \d+ of \d+ is described nowhere; it is read as zeros/),
    ]);
  });

  test('a size of 2^60 ends', () => {
    const { diagnostics } = spoilt(({ bytes, recordAt }) => {
      const at = bytes.indexOf(Buffer.from(new BigUint64Array([BigInt(one.length)]).buffer), recordAt(`${LOGS}\\Security.evtx`));
      // The allocated size is the same, and before it.
      bytes.writeBigUInt64LE(1n << 60n, at + 8);
    });
    expect(diagnostics).toContainEqual(
      expect.stringMatching(/Security\.evtx: it claims 1152921504606847000 bytes, of which only \d+ can be there/),
    );
  });

  test('clusters beyond the volume are told', () => {
    const { bytes } = makeVolume(FILES);
    const cut = bytes.subarray(0, 1 << 20);
    const { diagnostics } = findIn(cut);
    expect(diagnostics).toContainEqual(expect.stringMatching(/lie beyond the end of the volume/));
  });
});
