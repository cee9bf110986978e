/**
 * Fuzzes the EVTX reader: mutated samples, truncations, random bytes. Every field is read and every event rendered; nothing may
 * throw, hang or keep memory.
 *
 *   npx esbuild test/fuzz/evtx.ts --bundle --platform=node --format=esm --outfile=dist/fuzz-evtx.mjs
 *   node dist/fuzz-evtx.mjs [--count N] [--seconds N] [--seed N] [--samples FOLDER]
 */
import { readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { EvtxDecoder } from '../../src/logs/evtx/decoder.ts';
import { openEvtx } from '../../src/logs/evtx/index.ts';
import { snapshotEvent } from '../../src/model/event.ts';
import type { ReadOptions } from '../../src/model/reader.ts';
import { thread } from '../../src/thread.ts';
import { mutate, Random } from '../logs/evtx/support/mutate.ts';
import { evtxFiles } from '../logs/evtx/support/peers.ts';
import { sampleLogs, smallLog } from '../logs/evtx/support/samples.ts';

export interface FuzzOptions {
  readonly count: number;
  readonly seconds: number;
  readonly seed: number;
  /** A folder of logs to mutate besides the hand-made ones. */
  readonly samples?: string | undefined;
}

export interface FuzzResult {
  readonly inputs: number;
  readonly events: number;
  readonly damaged: number;
  /** The input that took longest. */
  readonly slowestMs: number;
  /** Resident memory after the first tenth of the inputs and at the end. */
  readonly earlyBytes: number;
  readonly lastBytes: number;
}

/** Chunks of real logs are cut to this many bytes of records: many inputs rather than long ones. */
const SAMPLE_BYTES = 6000;
/** No input of 64 KiB may take longer, on a machine that does other things too. */
const HANG_MS = 5000;

function realSamples(folder: string): Buffer[] {
  return evtxFiles(folder).map((file) => {
    const log = readFileSync(file).subarray(0, 4096 + 0x10000);
    const copy = Buffer.from(log);
    if (copy.length < 4096 + 512) return copy;
    // As if the chunk ended early: the free space starts behind the first records.
    let end = 512;
    while (end < SAMPLE_BYTES && copy.length > 4096 + end + 8 && copy.readUInt32LE(4096 + end) === 0x2a2a)
      end += copy.readUInt32LE(4096 + end + 4);
    if (copy.readUInt32LE(4096 + 48) > end) copy.writeUInt32LE(end, 4096 + 48);
    return copy.subarray(0, Math.min(copy.length, 4096 + end + 1024));
  });
}

/** Reads a log with everything that the reader can do. Throws when it breaks a promise. */
export function readFully(log: Buffer, options: ReadOptions, blockBytes: number): { events: number; damaged: number } {
  let events = 0;
  const decoder = new EvtxDecoder(
    'fuzz',
    {
      event(event) {
        events++;
        const { channel, provider, computer, eventId, timeUs, shape } = event;
        if (typeof channel !== 'string' || typeof provider !== 'string' || typeof computer !== 'string')
          throw new Error('no text');
        if (!Number.isInteger(eventId) || typeof timeUs !== 'number') throw new Error('no number');
        for (const slots of shape.fields.values()) {
          for (const slot of slots) {
            const value = event.value(slot);
            const atom = event.atom(slot);
            if ((value === undefined) !== (atom === undefined)) throw new Error('value and atom disagree');
            if (typeof value === 'string' && (atom as { text: string }).text !== value) throw new Error('atom of another text');
          }
        }
        JSON.stringify(snapshotEvent(event, 'fuzz'));
      },
      diagnostic(diagnostic) {
        if (!diagnostic.code.startsWith('evtx/')) throw new Error(`no code: ${diagnostic.code}`);
      },
    },
    options,
    thread,
  );
  for (let at = 0; at < log.length; at += blockBytes) decoder.push(log.subarray(at, at + blockBytes));
  decoder.end();
  return { events, damaged: decoder.stats.damaged };
}

function render(log: Buffer): void {
  let opened: ReturnType<typeof openEvtx>;
  try {
    opened = openEvtx(log, { recover: true });
  } catch {
    return; // Not a log any more: the signatures are gone.
  }
  for (const record of opened) {
    JSON.parse(record.json());
    record.xml();
  }
}

export function fuzz({ count, seconds, seed, samples }: FuzzOptions): FuzzResult {
  const random = new Random(seed);
  const handMade = sampleLogs();
  const all = samples === undefined ? handMade : [...handMade, ...handMade, ...realSamples(samples)];
  // Processor time: on a busy machine as much is tried as on a quiet one.
  const began = process.cpuUsage();
  const isTime = (): boolean => {
    const { user, system } = process.cpuUsage(began);
    return user + system < seconds * 1e6;
  };
  let inputs = 0;
  let events = 0;
  let damaged = 0;
  let slowestMs = 0;
  let earlyBytes = 0;
  const one = (log: Buffer) => {
    const start = performance.now();
    const options = { recover: random.below(2) === 0, verify: random.below(8) === 0 };
    const result = readFully(log, options, 1 + random.below(2 * log.length + 1));
    if (random.below(3) === 0) render(log);
    const took = performance.now() - start;
    slowestMs = Math.max(slowestMs, took);
    if (took > HANG_MS) throw new Error(`input took ${took.toFixed(0)} ms`);
    events += result.events;
    damaged += result.damaged;
    inputs++;
    if (inputs === Math.ceil(count / 10) || earlyBytes === 0) earlyBytes = process.memoryUsage.rss();
  };
  const small = smallLog();
  const smallEnd = 4096 + small.readUInt32LE(4096 + 48);
  for (let end = 0; end <= smallEnd && inputs < count && isTime(); end++) one(small.subarray(0, end));
  while (inputs < count && isTime()) {
    const log = random.below(50) === 0 ? randomLog(random) : mutate(random.pick(all), all, random);
    try {
      one(log);
    } catch (cause) {
      throw new Error(`input ${inputs} of seed ${seed}: ${log.subarray(0, 4096 + 0x2000).toString('base64')}`, { cause });
    }
  }
  return { inputs, events, damaged, slowestMs, earlyBytes, lastBytes: process.memoryUsage.rss() };
}

/** Signatures, then noise that looks a little like tokens. */
function randomLog(random: Random): Buffer {
  const log = Buffer.alloc(4096 + 512 + random.below(2048));
  for (let i = 4096 + 512; i < log.length; i++) log[i] = random.below(3) === 0 ? random.below(16) : random.below(256);
  log.write('ElfFile\0', 0, 'latin1');
  log.write('ElfChnk\0', 4096, 'latin1');
  log.writeUInt32LE(0x10000, 4096 + 48);
  const size = log.length - 4096 - 512;
  if (size < 64) return log;
  log.write('**\0\0', 4096 + 512, 'latin1');
  log.writeUInt32LE(size, 4096 + 512 + 4);
  log.writeUInt32LE(size, log.length - 4);
  log[4096 + 512 + 24] = random.pick([0x0f, 0x01, 0x41, 0x0c]);
  return log;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: {
      count: { type: 'string', default: '100000' },
      seconds: { type: 'string', default: '3600' },
      seed: { type: 'string', default: '1' },
      samples: { type: 'string' },
    },
  });
  const result = fuzz({
    count: Number(values.count),
    seconds: Number(values.seconds),
    seed: Number(values.seed),
    samples: values.samples,
  });
  console.log(JSON.stringify(result));
}
