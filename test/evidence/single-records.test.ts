/** Records outside of chunks: what is left of a log whose clusters were partly used again. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import '../../src/evidence/opener.ts';
import { plainThread } from '../../src/engine/thread-context.ts';
import { CarvedRecords } from '../../src/evidence/carving/carved-records.ts';
import { chunksOf, type LooseRecord, looseRecordAt } from '../../src/evidence/carving/loose-records.ts';
import { type CollectOptions, collectLogs } from '../../src/evidence/collect.ts';
import { RECORD_MARK } from '../../src/logs/evtx/chunk.ts';
import { format } from '../../src/logs/evtx-records/format.ts';
import { MemorySource } from '../../src/logs/open/byte-source.ts';
import { readLogs } from '../../src/logs/open/read-logs.ts';
import { formatDiagnostic } from '../../src/model/diagnostic.ts';
import { type EventRecord, fieldValue } from '../../src/model/event.ts';
import {
  ChunkWriter,
  el,
  eventRecord,
  evtxLog,
  instance,
  opt,
  type TemplateSpec,
  template,
  v,
} from '../logs/evtx/support/evtx-writer.ts';
import { temporaryFolder } from '../support/folder.ts';
import { randomOf, tries } from '../support/random.ts';
import { makeVolume } from './make-volume.ts';

const PATH = '\\Windows\\System32\\winevt\\Logs\\Test.evtx';
const CHUNK = 65536;
const FREE = 3 << 20;
const CARVE: CollectOptions = { shadow: 'all', allFiles: false, carve: true, hash: false };

/** Event data by a template, as Windows writes it. */
function dataTemplate(name: string): TemplateSpec {
  return template(el('EventData', {}, el('Data', { Name: name }, opt(0))));
}

interface Chunk {
  readonly bytes: Buffer;
  /** Where each record begins, and where the last one ends. */
  readonly starts: readonly number[];
}

/** A chunk whose records say `text 0`, `text 1` ... in the template's field. */
function chunkOf(firstId: number, count: number, text: string, data: TemplateSpec): Chunk {
  const writer = new ChunkWriter(firstId);
  for (let i = 0; i < count; i++) {
    writer.record(eventRecord(1, instance(data, v.string(`${text} ${i}`)), BigInt(firstId + i)));
  }
  const end = writer.at;
  return { bytes: writer.finish(), starts: [...writer.records, end] };
}

/** Puts the records [from, to) of a chunk on a disk where they stood, and nothing else of it. */
function leave(disk: Buffer, chunkAt: number, { bytes, starts }: Chunk, from: number, to = starts.length - 1): void {
  bytes.copy(disk, chunkAt + starts[from]!, starts[from]!, starts[to]!);
}

async function carved(disk: Buffer, options: Partial<CollectOptions> = {}) {
  const path = join(temporaryFolder(), 'disk');
  writeFileSync(path, disk);
  const found = await collectLogs([path], { ...CARVE, ...options });
  const texts: string[] = [];
  const offsets: (number | null)[] = [];
  const read = await readLogs(
    [],
    (event, file) => {
      const place = found.places.get(file)!(event.offset);
      if (place.state !== 'carved') return true;
      const data = ['Text', 'Other'].map((name) => fieldValue(event, name)).find((value) => value !== undefined);
      texts.push(`${event.recovered ? 'recovered ' : ''}${fieldValue(event, 'EventRecordID')} ${data}`);
      offsets.push(place.diskOffset);
      return true;
    },
    new AbortController().signal,
    { found: { sources: found.sources, diagnostics: [] } },
  );
  const diagnostics = [...found.diagnostics, ...read.diagnostics].map(formatDiagnostic);
  return { texts, offsets, account: found.account, diagnostics };
}

describe('single records', () => {
  const text = dataTemplate('Text');
  const other = dataTemplate('Other');
  /** Its first record defines both templates. */
  const gone = chunkOf(100, 6, 'gone', text);
  const empty = makeVolume([{ path: PATH, data: evtxLog([chunkOf(1, 2, 'live', other).bytes]) }]).bytes;

  test('with their definitions in one of them are read, at their places on the disk', async () => {
    const disk = Buffer.from(empty);
    leave(disk, FREE, gone, 0, 2);
    leave(disk, FREE, gone, 4);
    const { texts, offsets, account, diagnostics } = await carved(disk);
    expect(texts).toEqual(['100 gone 0', '101 gone 1', '104 gone 4', '105 gone 5']);
    expect(offsets).toEqual([0, 1, 4, 5].map((i) => FREE + gone.starts[i]!));
    expect(account.records).toEqual({ live: 2, shadow: 0, slack: 0, deleted: 0, carved: 4 });
    expect(account.logs.at(-1)).toMatchObject({ state: 'carved', records: 4, newRecords: 4 });
    expect(diagnostics).toEqual([]);
  });

  test('without a definition are read by that of a log of the image', async () => {
    const live = evtxLog([chunkOf(1, 2, 'live', text).bytes]);
    const disk = Buffer.from(makeVolume([{ path: PATH, data: live }]).bytes);
    leave(disk, FREE, gone, 2);
    const { texts, account, diagnostics } = await carved(disk);
    expect(texts).toEqual(['102 gone 2', '103 gone 3', '104 gone 4', '105 gone 5']);
    expect(account.records).toMatchObject({ live: 2, carved: 4 });
    expect(diagnostics).toEqual([]);
  });

  test('without a definition are read by that of a carved chunk, or of another single record', async () => {
    const disk = Buffer.from(empty);
    leave(disk, FREE, gone, 2);
    chunkOf(200, 1, 'whole', text).bytes.copy(disk, FREE - CHUNK);
    expect((await carved(disk)).texts).toEqual(['200 whole 0', '102 gone 2', '103 gone 3', '104 gone 4', '105 gone 5']);
    const more = chunkOf(300, 1, 'more', text);
    disk.fill(0, FREE - CHUNK, FREE);
    leave(disk, FREE + CHUNK, more, 0);
    // Chunks whose place is known come first.
    expect((await carved(disk)).texts.sort()).toEqual(['102 gone 2', '103 gone 3', '104 gone 4', '105 gone 5', '300 more 0']);
  });

  test('of which no definition is in the image are counted and said', async () => {
    const disk = Buffer.from(empty);
    leave(disk, FREE, gone, 2);
    const { texts, account, diagnostics } = await carved(disk);
    expect(texts).toEqual([]);
    expect(account.records).toMatchObject({ live: 2, carved: 0 });
    expect(diagnostics).toEqual([expect.stringMatching(/evidence\/no-template: 4 single records in volume volume: .* NOT READ/)]);
  });

  test('that a log, a carved chunk or its slack has are not read again', async () => {
    const disk = Buffer.from(makeVolume([{ path: PATH, data: evtxLog([gone.bytes]) }]).bytes);
    leave(disk, FREE, gone, 0);
    leave(disk, FREE + CHUNK, gone, 0);
    const { texts, account } = await carved(disk);
    expect(texts).toEqual([]);
    expect(account.records).toMatchObject({ live: 6, carved: 0 });
    const chunk = Buffer.from(empty);
    gone.bytes.copy(chunk, FREE);
    leave(chunk, FREE + CHUNK, gone, 0);
    expect((await carved(chunk)).account.records).toMatchObject({ live: 2, carved: 6 });
  });

  test('in clusters of a live file are left to that file', async () => {
    const data = Buffer.alloc(CHUNK);
    gone.bytes.copy(data, 512, 512);
    const disk = makeVolume([{ path: '\\pagefile.sys', data }]).bytes;
    expect((await carved(disk)).account.records).toMatchObject({ carved: 0 });
  });

  test('without a time are records all the same, as some are in real logs', async () => {
    const disk = Buffer.from(empty);
    leave(disk, FREE, gone, 0, 2);
    disk.fill(0, FREE + gone.starts[1]! + 16, FREE + gone.starts[1]! + 24);
    expect((await carved(disk)).texts).toEqual(['100 gone 0', '101 gone 1']);
  });

  test.each<[string, (record: Buffer) => void]>([
    ['a size that differs from that at its end', (record) => record.writeUInt32LE(record.length - 8, record.length - 4)],
    ['a time of the year 1700', (record) => record.writeBigUInt64LE(31_000_000_000_000_000n, 16)],
    ['an impossible id', (record) => record.writeBigUInt64LE(1n << 50n, 8)],
    ['no BinXML', (record) => record.writeUInt32LE(0, 24)],
  ])('with %s are none', async (_, spoil) => {
    const disk = Buffer.from(empty);
    leave(disk, FREE, gone, 0, 2);
    spoil(disk.subarray(FREE + gone.starts[1]!, FREE + gone.starts[2]!));
    expect((await carved(disk)).texts).toEqual(['100 gone 0']);
  });

  test('whose values are damaged are told as such, and cost nothing else', async () => {
    const disk = Buffer.from(empty);
    leave(disk, FREE, gone, 0, 4);
    // The number of values of the outer template.
    disk.fill(0xff, FREE + gone.starts[2]! + 24 + 4 + 10, FREE + gone.starts[2]! + 24 + 4 + 14);
    const { texts, diagnostics } = await carved(disk);
    expect(texts).toEqual(['100 gone 0', '101 gone 1', '103 gone 3']);
    expect(diagnostics).toEqual([expect.stringMatching(/Carved records\.evtx.* cannot be read/)]);
  });

  test('that are damaged in any way cost only themselves', () => {
    const random = randomOf(20261201);
    for (let run = 0; run < tries(800); run++) {
      const disk = Buffer.from(gone.bytes);
      disk.fill(0, 0, 512);
      const hurt = Math.floor(random() * 6);
      const [start, end] = [gone.starts[hurt]!, gone.starts[hurt + 1]!];
      for (let i = 0; i < 1 + 3 * random(); i++) disk[start + Math.floor(random() * (end - start))] = Math.floor(256 * random());
      const records: LooseRecord[] = [];
      for (let at = disk.indexOf(RECORD_MARK); at >= 0; at = disk.indexOf(RECORD_MARK, at + 1)) {
        const record = looseRecordAt(disk, at, 0);
        if (record !== null) records.push(record);
      }
      const source = new CarvedRecords('x', new MemorySource('disk', disk), [], chunksOf(records));
      const bytes = Buffer.alloc(source.size);
      source.read(bytes, 0);
      const texts: string[] = [];
      const sink = {
        event: (event: EventRecord) => texts.push(`${fieldValue(event, 'EventRecordID')} ${fieldValue(event, 'Text')}`),
        diagnostic: () => {},
      };
      const decoder = format.decoder('x', sink, { recover: true, verify: false }, plainThread);
      decoder.push(bytes);
      decoder.end();
      // The first one has the definitions of the others.
      const others = [0, 1, 2, 3, 4, 5].filter((i) => i !== hurt).map((i) => `${100 + i} gone ${i}`);
      if (hurt > 0) expect(texts.filter((one) => others.includes(one)).sort(), `run ${run}`).toEqual(others);
    }
  });
});
