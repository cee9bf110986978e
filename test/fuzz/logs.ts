/**
 * Fuzzes tables and archives: damaged copies of small ones. Every event is read; nothing may throw, hang or stay in memory. In: a count
 * and a seed. Out: how many inputs there were, what was read of them, and the slowest.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { closeArchives } from '../../src/logs/archives/archive-cursor.ts';
import { format as csv } from '../../src/logs/csv/format.ts';
import { listLogs, openSource, readSource } from '../../src/logs/open/open.ts';
import { snapshotEvent } from '../../src/model/event.ts';
import { thread } from '../../src/thread.ts';
import { paxEntry, tar, zip } from '../logs/archives/make-archives.ts';
import { SEVEN_ZIP } from '../logs/archives/seven-zip-samples.ts';
import { Random } from '../logs/evtx/support/mutate.ts';

const READ = { recover: false, verify: false };
/** No input may take longer, on a machine that does other things too. */
const HANG_MS = 5000;

export interface LogsFuzzed {
  readonly inputs: number;
  readonly events: number;
  readonly faults: number;
  readonly slowestMs: number;
}

function flip(sample: Buffer, random: Random): Buffer {
  let bytes: Buffer = Buffer.from(sample);
  for (let changes = 1 + random.below(6); changes > 0; changes--) {
    const at = random.below(bytes.length);
    const kind = random.below(6);
    if (kind === 0) bytes[at] = random.below(256);
    else if (kind === 1) bytes[at] = bytes[at]! ^ (1 << random.below(8));
    else if (kind === 2)
      bytes.fill(random.pick([0, 0xff, 0x22, 0x0a, 0x2c]), at, Math.min(bytes.length, at + 1 + random.below(8)));
    else if (kind === 3) bytes = bytes.subarray(0, Math.max(1, at));
    else if (kind === 4) bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random.below(at + 1))]);
    else
      bytes = Buffer.concat([
        bytes.subarray(0, at),
        Buffer.from(random.pick(['"', '""', '\n', ',', '\r\n"', 'PK\x01\x02'])),
        bytes.subarray(at),
      ]);
  }
  return bytes;
}

const LINE = '{"EventID":1,"Channel":"Security","Computer":"PC1","Image":"C:\\\\a.exe"}\n';
const MESSAGE = '"Process Create:\r\nImage: C:\\a.exe\r\nCommandLine: x ""y"", z\r\n"';
const TABLES = [
  `EventRecordId,TimeCreated,EventId,Provider,Channel,Computer,Payload\n${'1,2024-03-05 09:06:22,1,P,Security,PC1,"{""EventData"":{""Data"":[{""@Name"":""Image"",""#text"":""a""}]}}"\n'.repeat(4)}`,
  `Level,Date and Time,Source,Event ID,Task\r\n${`Information,3/5/2024 9:06:22 AM,Microsoft-Windows-Sysmon,1,x,${MESSAGE}\r\n`.repeat(4)}`,
  `EventID;Channel;Computer;Image\n${'1;Security;PC1;"a;b"\n'.repeat(6)}`,
].map((text) => Buffer.from(text));

function archives(): Buffer[] {
  const entries = [
    { path: 'a.jsonl', content: LINE.repeat(20) },
    { path: 'b/c.csv', content: TABLES[0]!, stored: true },
  ];
  const plain = zip(entries);
  const packed = tar([...entries, paxEntry({ path: 'long' }), { path: 'x', content: LINE }]);
  return [
    plain,
    packed,
    gzipSync(packed),
    ...[SEVEN_ZIP.lzma2, SEVEN_ZIP.lzma].map((base64) => Buffer.from(base64, 'base64')),
    zip([
      { path: 'i.zip', content: plain },
      { path: 'i.tgz', content: gzipSync(packed) },
    ]),
  ];
}

export function fuzzTables(count: number, seed: number): LogsFuzzed {
  const random = new Random(seed);
  const total = { inputs: 0, events: 0, faults: 0, slowestMs: 0 };
  const sink = {
    event: (event: Parameters<typeof snapshotEvent>[0]) => void (snapshotEvent(event, '') && total.events++),
    diagnostic: () => void total.faults++,
  };
  for (; total.inputs < count; total.inputs++) {
    const bytes = flip(random.pick(TABLES), random);
    const started = performance.now();
    const decoder = csv.decoder('log', sink, READ, thread);
    const length = 1 + random.below(bytes.length);
    for (let at = 0; at < bytes.length; at += length) decoder.push(bytes.subarray(at, at + length));
    decoder.end();
    total.slowestMs = Math.max(total.slowestMs, performance.now() - started);
    if (total.slowestMs > HANG_MS) throw new Error(`seed ${seed}, input ${total.inputs} hangs: ${bytes.toString('base64')}`);
  }
  return total;
}

export async function fuzzArchives(count: number, seed: number): Promise<LogsFuzzed> {
  const random = new Random(seed);
  const samples = archives();
  const folder = mkdtempSync(join(tmpdir(), 'winnow-fuzz-'));
  const path = join(folder, 'x');
  const total = { inputs: 0, events: 0, faults: 0, slowestMs: 0 };
  const sink = {
    event: (event: Parameters<typeof snapshotEvent>[0]) => void (snapshotEvent(event, '') && total.events++),
    diagnostic: () => void total.faults++,
  };
  try {
    for (; total.inputs < count; total.inputs++) {
      const bytes = flip(random.pick(samples), random);
      writeFileSync(path, bytes);
      const started = performance.now();
      for (const source of await listLogs([path], sink.diagnostic)) {
        const opened = await openSource(source, sink.diagnostic);
        if (opened !== null) await readSource(opened, sink, READ);
      }
      total.slowestMs = Math.max(total.slowestMs, performance.now() - started);
      if (total.slowestMs > HANG_MS) throw new Error(`seed ${seed}, input ${total.inputs} hangs: ${bytes.toString('base64')}`);
    }
    return total;
  } finally {
    await closeArchives();
    rmSync(folder, { recursive: true, force: true });
  }
}
