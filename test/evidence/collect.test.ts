/** From an image to sources: each record once, the newest state first, and an account of all of it. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type CollectOptions, collectLogs } from '../../src/evidence/collect.ts';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { sealChunk } from '../logs/evtx/support/evtx-writer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { ewf, gptDisk } from './make-image.ts';
import { addShadow, volumeHeader } from './make-shadow.ts';
import { makeVolume } from './make-volume.ts';
import { madeLog, sha256, writeImage } from './support.ts';

const PATH = '\\Windows\\System32\\winevt\\Logs\\Security.evtx';
const FREE_AT = 2 << 20;
const HEADER = 4096;
const CHUNK = 65536;
const DEFAULTS: CollectOptions = { shadow: 'all', allFiles: false, carve: false, hash: false };

function written(disk: Buffer): string {
  const path = join(temporaryFolder(), 'disk');
  writeFileSync(path, disk);
  return path;
}

async function collect(path: string, options: Partial<CollectOptions> = {}) {
  const { sources, account, diagnostics, places } = await collectLogs([path], { ...DEFAULTS, ...options });
  const ranges = sources.map((source) => [source.path.slice(path.length), source.ranges ?? null]);
  return { ranges, account, places, diagnostics: diagnostics.map(formatDiagnostic) };
}

/** A volume whose first state is in a shadow copy. */
function withShadow(before: Buffer, now: Buffer): Buffer {
  const [then, live] = [before, now].map((data) => makeVolume([{ path: PATH, data }]).bytes) as [Buffer, Buffer];
  addShadow(live, then, { storage: live, freeAt: FREE_AT }, 1, Date.UTC(2026, 0, 1), FREE_AT);
  volumeHeader(live, FREE_AT, 1, 1);
  return live;
}

/** Chooses the four bytes at `at` so that the CRC-32 of all bytes is `wanted`. Each bit changes the CRC-32 by a pattern of its own. */
function setCrc(bytes: Buffer, at: number, wanted: number): void {
  const crcWith = (value: number): number => {
    bytes.writeUInt32LE(value >>> 0, at);
    return crc32(bytes);
  };
  const zero = crcWith(0);
  // Pattern with a highest bit that no other one has -> which bits of the value make it.
  const patterns = new Map<number, { pattern: number; bits: number }>();
  const reduced = (pattern: number, bits: number): { pattern: number; bits: number } => {
    let left = { pattern: pattern >>> 0, bits };
    for (let high = 31; high >= 0; high--) {
      const known = patterns.get(high);
      if (known === undefined || ((left.pattern >>> high) & 1) === 0) continue;
      left = { pattern: (left.pattern ^ known.pattern) >>> 0, bits: left.bits ^ known.bits };
    }
    return left;
  };
  for (let bit = 0; bit < 32; bit++) {
    const left = reduced(crcWith(1 << bit) ^ zero, 1 << bit);
    patterns.set(31 - Math.clz32(left.pattern), left);
  }
  crcWith(reduced(wanted ^ zero, 0).bits);
}

describe('each record is read once', () => {
  test('a shadow copy adds the chunks that the live log no longer has', async () => {
    const then = madeLog('then', 3);
    // Its first chunk was written over, the others are as they were.
    const now = Buffer.concat([madeLog('now').subarray(0, HEADER + CHUNK), then.subarray(HEADER + CHUNK)]);
    const { ranges, account } = await collect(written(withShadow(then, now)));
    expect(ranges).toEqual([
      [`:volume${PATH}`, null],
      [`:volume:vss1${PATH}`, [{ start: 0, end: HEADER + CHUNK }]],
    ]);
    expect(account.records).toEqual({ live: 30, shadow: 10, slack: 0, deleted: 0, carved: 0 });
    expect(account.logs.map(({ state, records, newRecords }) => [state, records, newRecords])).toEqual([
      ['live', 30, 30],
      ['shadow', 30, 10],
    ]);
  });

  test('a shadow copy of a log that has only grown is not read again', async () => {
    const then = madeLog('log', 2);
    const { ranges, account } = await collect(written(withShadow(then, madeLog('log', 3))));
    expect(ranges).toEqual([[`:volume${PATH}`, null]]);
    expect(account.records).toEqual({ live: 30, shadow: 0, slack: 0, deleted: 0, carved: 0 });
  });

  test('a record that was changed so that its CRC-32 stays the same is another record', async () => {
    const then = madeLog('then', 1);
    const now = Buffer.from(then);
    const text = now.indexOf(Buffer.from('then 5', 'utf16le'));
    const start = now.lastIndexOf(Buffer.from([0x2a, 0x2a, 0, 0]), text);
    const record = now.subarray(start, start + now.readUInt32LE(start + 4));
    const before = crc32(record);
    now.write('gone', text, 'utf16le');
    setCrc(record, text - start, before);
    sealChunk(now.subarray(HEADER));
    expect(crc32(record)).toBe(before);
    const { ranges } = await collect(written(withShadow(then, now)));
    expect(ranges).toEqual([
      [`:volume${PATH}`, null],
      [`:volume:vss1${PATH}`, null],
    ]);
  });

  test('a deleted copy of a live log is not read again, another deleted log is', async () => {
    const files = [
      { path: '\\gone.evtx', data: madeLog('gone'), deleted: true },
      { path: '\\copy.evtx', data: madeLog('live'), deleted: true },
      { path: PATH, data: madeLog('live') },
    ];
    const { ranges, account } = await collect(written(makeVolume(files).bytes));
    expect(ranges).toEqual([
      [`:volume${PATH}`, null],
      [':volume\\gone.evtx (deleted)', null],
    ]);
    expect(account.records).toEqual({ live: 10, shadow: 0, slack: 0, deleted: 10, carved: 0 });
  });
});

describe('carving', () => {
  const log = madeLog('carved', 2);
  const loose = log.subarray(HEADER);

  test('finds chunks in free clusters and outside of volumes, whole ones first', async () => {
    const { bytes } = makeVolume([{ path: PATH, data: madeLog('live') }]);
    // One of its records is then another one than that of the whole chunk.
    const damaged = Buffer.from(loose.subarray(0, CHUNK));
    damaged[600]! ^= 1;
    damaged.copy(bytes, 3 << 20);
    loose.copy(bytes, (3 << 20) + CHUNK + 512);
    const disk = gptDisk([bytes]);
    madeLog('outside').copy(disk, 64 << 10, HEADER);
    const { ranges, account, places } = await collect(written(disk), { carve: true });
    expect(ranges.map(([name]) => name)).toEqual([`:p1${PATH}`, ':p1\\$Carved.evtx', '\\$Carved.evtx']);
    expect(account.records).toEqual({ live: 10, shadow: 0, slack: 0, deleted: 0, carved: 31 });
    expect([...places.values()].map((place) => place(HEADER).state)).toEqual(['live', 'carved', 'carved']);
  });

  test('ends where the disk does, however far away a damaged table says that a volume is', async () => {
    const disk = gptDisk([makeVolume([{ path: PATH, data: log }]).bytes]);
    disk.writeBigUInt64LE(1n << 50n, 1024 + 32);
    disk.writeBigUInt64LE(1n << 51n, 1024 + 40);
    const { account } = await collect(written(disk), { carve: true });
    expect(account.records.carved).toBe(20);
  });

  test('does not count what a file or a deleted record has already', async () => {
    const { bytes } = makeVolume([{ path: PATH, data: log, deleted: true }]);
    const { account } = await collect(written(bytes), { carve: true });
    expect(account.records).toEqual({ live: 0, shadow: 0, slack: 0, deleted: 20, carved: 0 });
  });
});

describe('the account', () => {
  const disk = gptDisk([makeVolume([{ path: PATH, data: madeLog('live') }]).bytes, Buffer.alloc(1 << 20, 0x11)]);

  test('names files, volumes, hashes, and what was not read', async () => {
    const md5 = createHash('md5').update(disk).digest();
    const path = writeImage(temporaryFolder(), ewf(disk, 2, md5));
    const { account, diagnostics } = await collect(path, { hash: true });
    expect(account.images).toEqual([
      {
        image: path,
        format: 'E01',
        files: [path, path.replace('E01', 'E02')],
        size: disk.length,
        volumes: [
          { label: 'p1', fileSystem: 'NTFS', size: 4 << 20, read: true, snapshots: [] },
          { label: 'p2', fileSystem: 'unknown', size: 1 << 20, read: false, snapshots: [] },
        ],
        storedHashes: { md5: md5.toString('hex') },
        hashes: { md5: md5.toString('hex'), sha1: createHash('sha1').update(disk).digest('hex'), sha256: sha256(disk) },
      },
    ]);
    expect(diagnostics).toEqual([
      expect.stringContaining('volume p2 (1048576 bytes) has no file system that is known: NOT READ'),
    ]);
  });

  test('a stored hash that differs is an error', async () => {
    const { diagnostics } = await collect(writeImage(temporaryFolder(), ewf(disk)), { hash: true });
    expect(diagnostics).toContainEqual(
      expect.stringMatching(/error image\/hash: the MD5 of the disk is \w+, but the image says (ab){16}/),
    );
  });

  test('an image that cannot be read is told as such', async () => {
    const folder = temporaryFolder();
    const { diagnostics } = await collectLogs([folder], DEFAULTS);
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      expect.stringContaining(`image/unreadable: NOT READ: ${folder} cannot be read at 0x0 (EISDIR`),
    ]);
  });

  test('an image that cannot be opened does not keep others from being read', async () => {
    const good = written(disk);
    const bad = join(temporaryFolder(), 'x.Ex01');
    writeFileSync(bad, Buffer.from('EVF2\r\n\x81\0'.padEnd(512, '\0'), 'latin1'));
    const { account, diagnostics } = await collectLogs([bad, good, '/nowhere/x'], DEFAULTS);
    expect(account.records.live).toBe(10);
    expect(diagnostics.map(formatDiagnostic)).toEqual([
      expect.stringMatching(/x\.Ex01 error image\/unreadable: NOT READ: it is an Ex01 image/),
      expect.stringContaining('volume p2'),
      expect.stringMatching(/\/nowhere\/x error image\/unreadable/),
    ]);
  });
});
