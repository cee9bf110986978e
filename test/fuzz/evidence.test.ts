/**
 * Damaged images: bits flipped and numbers replaced where structures are, in every container. Nothing is thrown, nothing takes long,
 * every log that is found can be read to its end. WINNOW_FUZZ says how many; the default is a sample.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { collectLogs } from '../../src/evidence/collect.ts';
import { ewf, flatVmdk, gptDisk, type MadeImage, mbrDisk, qcow2, splitRaw, vhd, vhdx, vmdk } from '../evidence/make-image.ts';
import { addShadow, volumeHeader } from '../evidence/make-shadow.ts';
import { type MadeFile, makeVolume } from '../evidence/make-volume.ts';
import { madeLog } from '../evidence/support.ts';

const COUNT = Number(process.env.WINNOW_FUZZ ?? 600);
/** Processor time of one image: others may be busy on the machine. */
const MAX_MS = 1000;
const FREE_AT = 1 << 20;

const folder = mkdtempSync(join(tmpdir(), 'winnow-fuzz-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** Numbers from 0 to 1, the same in every run. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) | 0;
    return ((state ^ (state >>> 13)) >>> 0) / 2 ** 32;
  };
}

const log = madeLog('log');
const FILES: readonly MadeFile[] = [
  { path: '\\Windows\\System32\\winevt\\Logs\\Security.evtx', data: madeLog('security', 2) },
  { path: '\\a\\packed.evtx', data: log, layout: 'compressed' },
  { path: '\\a\\sparse.evtx', data: Buffer.concat([log, Buffer.alloc(65536)]), layout: 'sparse' },
  { path: '\\a\\list.evtx', data: log, layout: 'list' },
  { path: '\\a\\gone.evtx', data: log, deleted: true },
  { path: '\\a\\notes.txt', data: Buffer.from('x'), streams: { 'hidden.evtx': log } },
];

function volume(): { readonly bytes: Buffer; readonly targets: readonly (readonly [number, number])[] } {
  const made = makeVolume(FILES, { size: 3 << 20 });
  const before = makeVolume([{ ...FILES[0]!, data: madeLog('before', 2) }], { size: 3 << 20 }).bytes;
  const end = addShadow(made.bytes, before, { storage: made.bytes, freeAt: 2 << 20 }, 1, Date.UTC(2026, 0, 1), 2 << 20);
  volumeHeader(made.bytes, 2 << 20, 1, 1);
  const records = FILES.map(({ path }) => made.recordAt(path));
  const first = Math.min(...records);
  return {
    bytes: made.bytes,
    targets: [
      [0, 96], // boot sector
      [0x1e00, 128], // header of shadow copies
      [made.mftAt, 512], // the MFT's own record
      [made.mftAt + 6 * 1024, 512], // $Bitmap
      [first, 24 * 1024], // file records, with run and attribute lists
      [first, 24 * 1024],
      [2 << 20, 1024], // catalog
      [(2 << 20) + 0x4000, Math.min(0x8000, end - (2 << 20) - 0x4000)], // block lists
    ],
  };
}

const VALUES = [0n, 1n, 0xffn, 0x7fffffffn, 0xffffffffn, 1n << 40n, 1n << 60n, (1n << 63n) - 1n, (1n << 64n) - 1n];

function damage(bytes: Buffer, [start, length]: readonly [number, number], random: () => number): void {
  const from = Math.min(start, bytes.length - 16);
  const at = from + Math.floor(random() * Math.min(length, bytes.length - from - 8));
  const kind = random();
  if (kind < 0.6) bytes[at]! ^= 1 << Math.floor(random() * 8);
  else if (kind < 0.8) bytes[at] = Math.floor(random() * 256);
  else if (kind < 0.9) bytes.writeUInt32LE(Number(VALUES[Math.floor(random() * VALUES.length)]! & 0xffffffffn), at);
  else bytes.writeBigUInt64LE(VALUES[Math.floor(random() * VALUES.length)]!, at);
}

interface Outcome {
  readonly seed: number;
  readonly what: string;
}

/** Reads everything that can be found in the image; what was wrong with that, if anything was. */
async function faultOf(image: MadeImage, seed: number): Promise<Outcome | null> {
  for (const [name, bytes] of image) writeFileSync(join(folder, name), bytes);
  const started = process.cpuUsage();
  try {
    await collectLogs([join(folder, image[0]![0])], {
      shadow: 'all',
      allFiles: seed % 7 === 0,
      carve: seed % 3 === 0,
      hash: false,
    });
  } catch (error) {
    return { seed, what: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  }
  const { user, system } = process.cpuUsage(started);
  const ms = (user + system) / 1000;
  return ms > MAX_MS ? { seed, what: `${Math.round(ms)} ms` } : null;
}

async function faults(count: number, make: (random: () => number) => MadeImage): Promise<Outcome[]> {
  const found: Outcome[] = [];
  for (let seed = 1; seed <= count && found.length < 5; seed++) {
    const fault = await faultOf(make(randomFrom(seed)), seed);
    if (fault !== null) found.push(fault);
  }
  return found;
}

describe(`${COUNT} damaged images`, () => {
  const limit = { timeout: 60_000 + COUNT * 200 };

  test('structures of the volume', limit, async () => {
    const { bytes, targets } = volume();
    const make = (random: () => number): MadeImage => {
      const disk = Buffer.from(bytes);
      for (let left = 1 + Math.floor(random() * 4); left > 0; left--)
        damage(disk, targets[Math.floor(random() * targets.length)]!, random);
      return [['disk', disk]];
    };
    expect(await faults(Math.ceil(COUNT * 0.7), make)).toEqual([]);
  });

  test('partition tables', limit, async () => {
    const small = makeVolume(FILES.slice(0, 1), { size: 1 << 20 }).bytes;
    const disks = [gptDisk([small, small]), mbrDisk([small, small, small])];
    const make = (random: () => number): MadeImage => {
      const disk = Buffer.from(disks[Math.floor(random() * 2)]!);
      for (let left = 1 + Math.floor(random() * 3); left > 0; left--) {
        const at = [0, 512, 1024, 2 << 20, 4 << 20][Math.floor(random() * 5)]!;
        damage(disk, at < FREE_AT ? [at, 512] : [at + 440, 72], random);
      }
      return [['disk', disk]];
    };
    expect(await faults(Math.ceil(COUNT * 0.1), make)).toEqual([]);
  });

  test('containers', limit, async () => {
    const disk = makeVolume(FILES.slice(0, 3), { size: 3 << 20 }).bytes;
    const images = [
      ewf(disk),
      ewf(disk, 3),
      qcow2(disk, false),
      qcow2(disk, true),
      vmdk(disk, false),
      vmdk(disk, true),
      flatVmdk(disk),
    ];
    images.push(vhd(disk, 2), vhd(disk, 3), vhdx(disk), splitRaw(disk, 1 << 20));
    const make = (random: () => number): MadeImage => {
      const image = images[Math.floor(random() * images.length)]!.map(([name, bytes]) => [name, Buffer.from(bytes)] as const);
      const bytes = image[Math.floor(random() * image.length)]![1];
      // Structures are at the beginning, at the end, and in a VHDX at its regions.
      const places = [
        0,
        0,
        13,
        76,
        512,
        65536,
        131072,
        192 << 10,
        1 << 20,
        2 << 20,
        (2 << 20) + 65536,
        bytes.length - 1024,
        bytes.length - 4096,
      ];
      for (let left = 1 + Math.floor(random() * 3); left > 0; left--) {
        const at = Math.max(0, Math.min(places[Math.floor(random() * places.length)]!, bytes.length - 600));
        if (bytes.length > 16) damage(bytes, [at, 512], random);
      }
      if (random() < 0.1)
        return image.map(([name, all], i) =>
          i === 0 ? [name, all.subarray(0, Math.floor(random() * all.length))] : [name, all],
        );
      return image;
    };
    expect(await faults(Math.ceil(COUNT * 0.2), make)).toEqual([]);
  });
});
