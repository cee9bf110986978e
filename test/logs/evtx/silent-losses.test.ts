/** What somebody has taken out of a log, or what damage has: it is read where it is still there, and said where it is not. */
import { crc32 } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { format } from '../../../src/logs/evtx/format.ts';
import type { ReadStats } from '../../../src/model/match.ts';
import type { PartStats } from '../../../src/model/reader.ts';
import {
  CHUNK,
  ChunkWriter,
  EVENT,
  el,
  eventRecord,
  evtxLog,
  HEADER,
  instance,
  sealChunk,
  sub,
  template,
  v,
} from './support/evtx-writer.ts';
import { decodeBytes, PLAIN, RECOVER } from './support/read.ts';
import { chunkOf, NUMBERED as data } from './support/samples.ts';
import { readEvents } from './support/snapshots.ts';

function logOf(chunks: readonly Buffer[], { chunks: count = chunks.length, nextId = 0 } = {}): Buffer {
  const log = evtxLog(chunks, { chunks: count });
  log.writeBigUInt64LE(BigInt(nextId), 24);
  log.writeUInt32LE(crc32(log.subarray(0, 120)), 124);
  return log;
}

function read(log: Buffer, options = PLAIN) {
  const { events, stats, diagnostics } = readEvents(log, options);
  return {
    live: events.filter(({ recovered }) => !recovered).map((event) => Number(event.data.n)),
    recovered: events.filter(({ recovered }) => recovered).map((event) => Number(event.data.n)),
    told: { damaged: stats.damaged, missing: stats.missing ?? 0 },
    said: diagnostics.map(({ code, severity, message }) => `${severity} ${code}: ${message}`),
  };
}

describe('a record that another one has been made to swallow', () => {
  /** Record `at` takes in the `count` records behind it, as tools do that remove single events. */
  function swallow(chunk: ChunkWriter, at: number, count: number): void {
    const { bytes, records } = chunk;
    const start = records[at]!;
    const end = records[at + count + 1] ?? chunk.at;
    bytes.writeUInt32LE(end - start, start + 4);
    bytes.writeUInt32LE(end - start, end - 4);
  }

  it('is read, since the chunk header still names it', () => {
    const chunk = chunkOf(6);
    swallow(chunk, 1, 2);
    sealChunk(chunk.bytes);
    expect(read(logOf([chunk.bytes]))).toEqual({
      live: [1, 2, 5, 6, 3, 4],
      recovered: [],
      told: { damaged: 0, missing: 0 },
      said: ['warning evtx/hidden-records: chunk 0: record 2 has been made larger, records 3 to 4 are inside of it'],
    });
  });

  it('is said and recovered when the records behind it were numbered anew', () => {
    const chunk = chunkOf(5);
    const { bytes, records } = chunk;
    swallow(chunk, 1, 1);
    for (const start of records.slice(3)) bytes.writeBigUInt64LE(bytes.readBigUInt64LE(start + 8) - 1n, start + 8);
    for (const at of [16, 32]) bytes.writeBigUInt64LE(4n, at);
    sealChunk(bytes);
    const log = logOf([bytes]);
    expect(read(log)).toMatchObject({ live: [1, 2, 4, 5], recovered: [] });
    expect(read(log, RECOVER)).toEqual({
      live: [1, 2, 4, 5],
      recovered: [3],
      told: { damaged: 0, missing: 0 },
      said: ['warning evtx/hidden-records: chunk 0: record 2 has been made larger, record 3 is inside of it'],
    });
  });
});

describe('a chunk header that contradicts its records', () => {
  it('has records behind its free space: they are read', () => {
    const { bytes } = chunkOf(4);
    bytes.writeUInt32LE(512, 48);
    sealChunk(bytes);
    expect(read(logOf([bytes]))).toEqual({
      live: [1, 2, 3, 4],
      recovered: [],
      told: { damaged: 0, missing: 0 },
      said: ['warning evtx/free-space: chunk 0: free space at 0x200, but records 1 to 4 are behind it, which the header names'],
    });
  });

  it('names none of them: they are read, also behind a bad one', () => {
    const { bytes, records } = chunkOf(4);
    bytes[records[0]!] = 0;
    for (const at of [24, 32]) bytes.writeBigUInt64LE(999_999n, at);
    const { live, told, said } = read(logOf([bytes]));
    expect([live, told]).toEqual([[2, 3, 4], { damaged: 1, missing: 0 }]);
    expect(said[1]).toBe('warning evtx/chunk-ids: chunk 0: the header names record 999999, the chunk has records 2 to 4');
  });

  it('names more than there are: the others are missing', () => {
    const { bytes, records } = chunkOf(5);
    // Record 3 becomes part of nothing: 4 and 5 move up.
    bytes.copyWithin(records[2]!, records[3]!);
    bytes.writeUInt32LE(bytes.readUInt32LE(48) - (records[3]! - records[2]!), 48);
    expect(read(logOf([bytes]))).toEqual({
      live: [1, 2, 4, 5],
      recovered: [],
      told: { damaged: 0, missing: 1 },
      said: ['warning evtx/record-gap: chunk 0: record 3 is missing (1 in all), the header names 1 to 5'],
    });
  });

  it('counts each record of a torn page as damaged', () => {
    const chunk = chunkOf(10);
    chunk.bytes.fill(0, chunk.records[3]! + 40, chunk.at);
    const { live, told } = read(logOf([chunk.bytes]));
    expect([live, told]).toEqual([[1, 2, 3], { damaged: 7, missing: 0 }]);
  });
});

describe('a log without some of its chunks', () => {
  const chunks = [1, 4, 7].map((first) => chunkOf(3, first).bytes);

  it('that ends between two chunks', () => {
    expect(read(logOf(chunks, { nextId: 10 }).subarray(0, HEADER + CHUNK))).toEqual({
      live: [1, 2, 3],
      recovered: [],
      told: { damaged: 0, missing: 6 },
      said: [
        'warning evtx/missing-chunk: the header counts 3 chunks, chunks 1 to 2 are not in the file',
        "warning evtx/missing-records: records 4 to 9 (6) are in no chunk: the header's next record is 10",
      ],
    });
  });

  it('in which one is zero, or from which it was taken', () => {
    for (const middle of [[Buffer.alloc(CHUNK)], []]) {
      const { live, told, said } = read(logOf([chunks[0]!, ...middle, chunks[2]!], { chunks: 3, nextId: 10 }));
      expect([live, told]).toEqual([[1, 2, 3, 7, 8, 9], { damaged: 0, missing: 3 }]);
      expect(said[1]).toMatch(/^warning evtx\/missing-records: records 4 to 6 \(3\) are in no chunk: chunk [12] begins with 7$/);
    }
  });

  it('is told by all ranges together as by the whole', () => {
    const log = logOf([chunks[0]!, Buffer.alloc(CHUNK), chunks[2]!], { chunks: 3, nextId: 10 });
    const parts: ReadStats[] = [];
    for (const range of format.ranges(log.length, CHUNK, log)) parts.push(decodeBytes(log, PLAIN, () => {}, 50_000, range).stats);
    expect(parts).toHaveLength(3);
    const whole = decodeBytes(log, PLAIN, () => {});
    expect(format.missing!('test.evtx', parts as PartStats[])).toEqual({ records: 3, diagnostics: whole.diagnostics });
  });

  it.each([
    ['a ring whose oldest chunk is in the middle', logOf([chunks[1]!, chunks[2]!, chunks[0]!], { nextId: 10 })],
    ['a header older than the chunks', logOf(chunks, { chunks: 1, nextId: 4 })],
    [
      'a chunk of an earlier log behind those that are counted',
      logOf([...chunks, chunkOf(2, 900).bytes], { chunks: 3, nextId: 10 }),
    ],
    ['space that was reserved', logOf([...chunks, Buffer.alloc(CHUNK)], { chunks: 3, nextId: 10 })],
    ['a chunk without records', logOf([...chunks, new ChunkWriter(10).finish()], { nextId: 10 })],
  ])('says nothing of %s', (_name, log) => {
    const { told, said } = read(log);
    expect(told).toEqual({ damaged: 0, missing: 0 });
    expect(said.filter((line) => line.startsWith('warning'))).toEqual([]);
  });
});

describe('a damaged template definition', () => {
  const two = [1, 4].map((first) => chunkOf(3, first));
  const [first, second] = two.map(({ bytes }) => bytes) as [Buffer, Buffer];
  const wiped = (chunk: Buffer): Buffer => {
    const bytes = Buffer.from(chunk);
    const body = bytes.indexOf(data.guid) + 20;
    bytes.fill(0, body + 10, body + 40);
    return bytes;
  };

  it('is taken from another chunk, before or behind, and that is said', () => {
    expect(read(logOf([first, wiped(second)]))).toMatchObject({ live: [1, 2, 3, 4, 5, 6], told: { damaged: 0 } });
    const { live, told, said } = read(logOf([wiped(first), second]));
    expect([live.sort(), told.damaged]).toEqual([[1, 2, 3, 4, 5, 6], 0]);
    expect(said).toEqual([
      'warning evtx/template-elsewhere: chunk 0: the template definition is damaged, that of another chunk (same GUID and size) is used',
    ]);
  });

  it('makes damaged records where no other chunk has it', () => {
    const { live, told, said } = read(logOf([wiped(first)]));
    expect([live, told]).toEqual([[], { damaged: 3, missing: 0 }]);
    expect(said).toHaveLength(3);
    expect(said[0]).toMatch(/^warning evtx\/\S+: record at 0x1200 cannot be read: /);
  });

  it('is not taken when its size is another', () => {
    const bytes = wiped(second);
    bytes.writeUInt32LE(bytes.readUInt32LE(bytes.indexOf(data.guid) + 16) - 4, bytes.indexOf(data.guid) + 16);
    expect(read(logOf([first, bytes]))).toMatchObject({ live: [1, 2, 3], told: { damaged: 3 } });
  });
});

describe('copies of live records in slack', () => {
  it('are counted, not reported again; a record with another value is no copy', () => {
    const { bytes, records, at } = chunkOf(3);
    bytes.copy(bytes, at, records[1]!, at);
    const { live, recovered, said } = read(logOf([bytes]), RECOVER);
    expect([live, recovered]).toEqual([[1, 2, 3], []]);
    expect(said).toEqual(['info evtx/copies: 2 records in slack space are copies of records that were read before']);
    bytes.writeUInt32LE(77, bytes.lastIndexOf(Buffer.from([3, 0, 0, 0])));
    expect(read(logOf([bytes]), RECOVER).recovered).toEqual([77]);
  });
});

describe('times that are none', () => {
  it.each([
    ['FILETIME 0', 0n],
    ['the year 30828', 9_223_372_036_854_775_807n],
  ])('%s', (_name, ticks) => {
    const chunk = new ChunkWriter();
    chunk.record(
      instance(EVENT, v.uint16(1), v.nothing(), v.filetime(ticks), v.uint64(1n), v.binxml(instance(data, v.uint32(1)))),
    );
    const { events } = readEvents(evtxLog([chunk.finish()]));
    expect(events.map(({ TimeCreated, timeUs }) => [TimeCreated, timeUs])).toEqual([[null, Number.NaN]]);
  });
});

describe('new kinds of records without end', () => {
  it('are refused from some number of nodes on, and the next chunk is read again', () => {
    const big = (n: number) =>
      template(el('EventData', {}, ...Array.from({ length: 400 }, (_, i) => el(`a${n}`, {}, i === 0 ? sub(0) : 'x'))));
    let id = 1;
    const chunks = Array.from({ length: 150 }, (_, n) => {
      const chunk = new ChunkWriter(id++);
      // A definition that is used many times over.
      const spec = big(n);
      const inner = v.binxml(instance(spec, v.uint32(1)));
      const fan = template(el('EventData', {}, ...Array.from({ length: 20 }, () => sub(0))));
      return chunk.record(eventRecord(1, instance(fan, inner))).finish();
    });
    const { told, said, live } = read(logOf([...chunks, chunkOf(2, id).bytes]));
    expect(told.damaged).toBeGreaterThan(20);
    expect(said.some((line) => line.includes('evtx/too-complex'))).toBe(true);
    expect(live.slice(-2)).toEqual([id, id + 1]);
  });
});
