/**
 * Damaged images: bits flipped, numbers replaced by absurd ones, structures copied over others, files cut. Whatever happens, a
 * triage ends soon, without a throw and without growing, and what is not read is told.
 * `WINNOW_DAMAGED=1000000 npx vitest run test/evidence/damaged.test.ts` tries more of them; WINNOW_SEED another sequence.
 */
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { collectLogs } from '../../src/evidence/collect.ts';
import { adler32 } from '../../src/evidence/containers/ewf.ts';
import { temporaryFolder } from '../support/folder.ts';
import { randomOf } from '../support/random.ts';
import { ewf, flatVmdk, gptDisk, type MadeImage, mbrDisk, qcow2, splitRaw, vhd, vhdx, vmdk } from './make-image.ts';
import { addShadow, volumeHeader } from './make-shadow.ts';
import { type MadeFile, makeVolume } from './make-volume.ts';
import { madeLog, writeImage } from './support.ts';

const RUNS = Number(process.env.WINNOW_DAMAGED ?? 400);
const SEED = Number(process.env.WINNOW_SEED ?? 20261130);
/** No damage may cost more than this; an undamaged image costs some milliseconds. */
const MAX_SECONDS = 1;
const MAX_GROWTH = 200 << 20;

/** Small, since the time of a run is that of reading everything in the image. */
const VOLUME_BYTES = 512 << 10;
const SHADOW_AT = 256 << 10;
const LOGS = '\\Windows\\System32\\winevt\\Logs\\';
const [one, two] = [madeLog('one'), madeLog('two')];
/** Damage is in what leads to a log, so that one whole chunk is enough: the other logs end after some records. */
const [shortOne, shortTwo] = [one.subarray(0, 16 << 10), two.subarray(0, 16 << 10)];
const files = (security: Buffer): MadeFile[] => [
  { path: `${LOGS}Security.evtx`, data: security },
  { path: `${LOGS}List.evtx`, data: shortOne, layout: 'list' },
  { path: `${LOGS}Packed.evtx`, data: shortOne, layout: 'compressed', streams: { 'copy.evtx': shortTwo } },
  { path: `${LOGS}Sparse.evtx`, data: Buffer.concat([shortOne, Buffer.alloc(16 << 10)]), layout: 'sparse' },
  { path: `${LOGS}Deleted.evtx`, data: shortTwo, deleted: true },
];

function volume(): Buffer {
  const options = { size: VOLUME_BYTES, records: 56 };
  const [then, now] = [makeVolume(files(one), options).bytes, makeVolume(files(two), options).bytes];
  addShadow(now, then, { storage: now, freeAt: SHADOW_AT }, 1, Date.UTC(2026, 0, 1), SHADOW_AT);
  volumeHeader(now, SHADOW_AT, 1, 1);
  return now;
}

/** Where damage tells most: from, to. */
type Hot = readonly (readonly [number, number])[];

interface Target {
  readonly name: string;
  readonly image: MadeImage;
  /** The file of the image that is damaged. */
  readonly file?: number;
  readonly hot: Hot;
  /** Corrects the checksums of what was changed, so that damage reaches the code behind them. */
  readonly repair?: (bytes: Buffer) => void;
}

const bare = volume();
const bareHot: Hot = [
  [0, 96],
  [0x1e00, 0x1e80],
  [SHADOW_AT, SHADOW_AT + 512],
  [SHADOW_AT + 0x4000, SHADOW_AT + 0x4000 + 1024],
  // The MFT.
  [12 << 10, (16 << 10) + (56 << 10)],
];
const disk = gptDisk([bare]);
const START = 1 << 20;

const alone = (bytes: Buffer): MadeImage => [['disk', bytes]];
const sectionsAt = (bytes: Buffer, type: string): number[] => {
  const found: number[] = [];
  for (let at = bytes.indexOf(`${type}\0`); at >= 0; at = bytes.indexOf(`${type}\0`, at + 1)) found.push(at);
  return found;
};
/** A segment of an E01 is damaged where its sections begin. */
function expertWitness(name: string, image: MadeImage, file: number): Target {
  const bytes = image[file]![1];
  const sections = ['volume', 'sectors', 'table', 'table2', 'hash', 'done', 'next'].flatMap((type) => sectionsAt(bytes, type));
  const tables = ['table', 'table2'].flatMap((type) => sectionsAt(bytes, type));
  return {
    name,
    image,
    file,
    hot: sections.map((at) => [at, at + 140] as const),
    repair(damaged) {
      for (const at of sections) damaged.writeUInt32LE(adler32(damaged.subarray(at, at + 72)), at + 72);
      for (const at of tables) damaged.writeUInt32LE(adler32(damaged.subarray(at + 76, at + 96)), at + 96);
    },
  };
}

const TARGETS: readonly Target[] = [
  { name: 'volume', image: alone(bare), hot: bareHot },
  {
    name: 'GPT',
    image: alone(disk),
    hot: [[512, 604], [1024, 1152], [disk.length - 512, disk.length], ...bareHot.map(([a, b]) => [a + START, b + START] as const)],
  },
  { name: 'MBR', image: alone(mbrDisk([bare, bare])), hot: [[446, 512], [START + bare.length + 446, START + bare.length + 512]] },
  { name: 'parts of a disk', image: splitRaw(disk, 1 << 20), hot: [[512, 604], [1024, 1152]] },
  expertWitness('E01', ewf(disk), 0),
  expertWitness('second segment of an E01', ewf(disk, 3), 1),
  { name: 'QCOW2', image: qcow2(disk, false), hot: [[0, 112], [65536, 65560], [131072, 131072 + 300]] },
  { name: 'packed QCOW2', image: qcow2(disk, true), hot: [[0, 112], [65536, 65560], [131072, 131072 + 300]] },
  { name: 'VMDK', image: vmdk(disk, false), hot: [[0, 90]] },
  { name: 'packed VMDK', image: vmdk(disk, true), hot: [[0, 90]] },
  { name: 'VMDK descriptor', image: flatVmdk(disk), hot: [[0, 200]] },
  { name: 'fixed VHD', image: vhd(disk, 2), hot: [[disk.length, disk.length + 512]] },
  { name: 'VHD', image: vhd(disk, 3), hot: [[0, 2600]] },
  { name: 'VHDX', image: vhdx(disk), hot: [[65536, 65620], [131072, 131160], [196608, 196700], [1 << 20, (1 << 20) + 64], [2 << 20, (2 << 20) + 140], [(2 << 20) + 65536, (2 << 20) + 65560]] },
]; // biome-ignore format: tables

const NUMBERS = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x7fffn, 0xffffn, 0x7fffffffn, 0x80000000n, 0xffffffffn, 1n << 40n, 1n << 52n, 1n << 60n, (1n << 63n) - 1n, (1n << 64n) - 1n]; // biome-ignore format: a list

/** What was changed, and its name for the message of a failure. */
interface Damage {
  readonly what: string;
  readonly from: number;
  readonly end: number;
}

function damage(bytes: Buffer, hot: Hot, random: () => number): Damage {
  const below = (limit: number): number => Math.floor(random() * limit);
  const place = (): number => {
    if (random() < 0.1) return below(bytes.length);
    const [from, to] = hot[below(hot.length)]!;
    return Math.min(from + below(to - from), bytes.length - 1);
  };
  const at = place();
  switch (below(5)) {
    case 0:
      bytes[at]! ^= 1 << below(8);
      return { what: `bit at ${at}`, from: at, end: at + 1 };
    case 1:
      bytes[at] = below(256);
      return { what: `byte at ${at}`, from: at, end: at + 1 };
    case 2: {
      const length = Math.min(8 + below(120), bytes.length - at);
      const from = Math.min(place(), bytes.length - length);
      bytes.copyWithin(at, from, from + length);
      return { what: `${length} bytes of ${from} at ${at}`, from: at, end: at + length };
    }
    case 3: {
      const value = below(3) === 0 ? 0xff : 0;
      const end = Math.min(at + 1 + below(512), bytes.length);
      bytes.fill(value, at, end);
      return { what: `filled at ${at}`, from: at, end };
    }
    default: {
      const width = [1, 2, 4, 8][below(4)]!;
      const aligned = at - (at % width);
      if (aligned + width > bytes.length) return { what: 'nothing', from: at, end: at };
      // A number of the image itself is how structures come to lead back to themselves.
      const number = below(3) === 0 ? BigInt(place()) : below(3) === 0 ? BigInt(below(300)) : NUMBERS[below(NUMBERS.length)]!;
      const written = Buffer.alloc(8);
      if (random() < 0.5) written.writeBigUInt64LE(number);
      else written.writeBigUInt64BE((number << BigInt(64 - 8 * width)) & 0xffffffffffffffffn);
      written.copy(bytes, aligned, 0, width);
      return { what: `${number} at ${aligned}`, from: aligned, end: aligned + width };
    }
  }
}

test(`${RUNS} damaged images end with a diagnostic, soon and without growing`, async () => {
  const folder = temporaryFolder();
  const open = TARGETS.map(({ image, file = 0 }, i) => {
    const own = join(folder, String(i));
    mkdirSync(own);
    const path = writeImage(own, image);
    const [name, bytes] = image[file]!;
    return { path, bytes, fd: openSync(join(own, name), 'r+'), copy: Buffer.from(bytes) };
  });
  const random = randomOf(SEED);
  let [slowest, slowestIs, settled] = [0, '', 0];
  for (let run = 0; run < RUNS; run++) {
    const number = Math.floor(random() * TARGETS.length);
    const { name, hot, repair } = TARGETS[number]!;
    const { path, bytes, fd, copy } = open[number]!;
    const kinds = Array.from({ length: 1 + Math.floor(random() * 3) }, () => damage(copy, hot, random));
    if (repair !== undefined && random() < 0.7) {
      repair(copy);
      kinds.push({ what: 'checksums corrected', from: 0, end: bytes.length });
    }
    const length = random() < 0.03 ? Math.floor(random() * bytes.length) : bytes.length;
    for (const { from, end } of kinds) writeSync(fd, copy, from, end - from, from);
    if (length < bytes.length) ftruncateSync(fd, length);
    const what = `seed ${SEED}, run ${run}: ${name}, ${kinds.map((kind) => kind.what).join(', ')}, ${length} bytes`;
    const before = process.cpuUsage();
    const found = await collectLogs([path], {
      shadow: 'all',
      allFiles: random() < 0.2,
      carve: random() < 0.3,
      hash: false,
    }).catch((cause: unknown) => {
      throw new Error(what, { cause });
    });
    const { user, system } = process.cpuUsage(before);
    if (user + system > slowest) [slowest, slowestIs] = [user + system, what];
    if (found.sources.length === 0 && found.diagnostics.length === 0) throw new Error(`nothing read and nothing told: ${what}`);
    if (length < bytes.length) writeSync(fd, bytes, length, bytes.length - length, length);
    for (const { from, end } of kinds) {
      bytes.copy(copy, from, from, end);
      writeSync(fd, bytes, from, end - from, from);
    }
    if (run === Math.floor(RUNS / 10)) settled = process.memoryUsage().rss;
  }
  for (const { fd } of open) closeSync(fd);
  const growth = process.memoryUsage().rss - settled;
  if (process.env.WINNOW_DAMAGED !== undefined)
    console.log({ runs: RUNS, seed: SEED, slowest: slowest / 1e6, slowestIs, growth, maxRss: process.resourceUsage().maxRSS });
  expect(slowest / 1e6, slowestIs).toBeLessThan(MAX_SECONDS);
  expect(growth).toBeLessThan(MAX_GROWTH);
}, 1e8);
