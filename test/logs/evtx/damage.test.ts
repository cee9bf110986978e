import { describe, expect, it } from 'vitest';
import { format } from '../../../src/logs/evtx/format.ts';
import { openEvtx } from '../../../src/logs/evtx/index.ts';
import type { Diagnostic } from '../../../src/model/diagnostic.ts';
import { thread } from '../../../src/thread.ts';
import {
  CHUNK,
  ChunkWriter,
  EVENT,
  el,
  eventRecord,
  evtxLog,
  HEADER,
  instance,
  type PartSpec,
  sealChunk,
  sub,
  TICKS,
  template,
  v,
} from './support/evtx-writer.ts';
import { instancesOf } from './support/instances.ts';
import { decodeBytes, PLAIN, RECOVER, VERIFY } from './support/read.ts';
import { chunkOf, numbered as record } from './support/samples.ts';
import { readEvents } from './support/snapshots.ts';

/** Makes what stands behind the record with id `lastId` slack. */
function endAt(bytes: Buffer, freeSpace: number, lastId: number): void {
  bytes.writeBigUInt64LE(BigInt(lastId), 16);
  bytes.writeBigUInt64LE(BigInt(lastId), 32);
  bytes.writeUInt32LE(freeSpace, 48);
  sealChunk(bytes);
}

const values = (log: Buffer, options = PLAIN) => readEvents(log, options).events.map((event) => Number(event.data.n));
const codes = (diagnostics: readonly Diagnostic[]) => diagnostics.map(({ code, place }) => [code, place.offset]);

describe('a definition whose names are referred to by another place', () => {
  it('is read as it stands, whatever definitions were read before', () => {
    const own = template(el('EventData', {}, el('Data', { Name: 'ofTheFirst' }, sub(0))));
    const other = template(el('UserData', {}, el('Padding', {}, sub(0))));
    const whole = new ChunkWriter();
    whole.record(eventRecord(1, instance(own, v.uint32(1)), 1n));
    const moved = new ChunkWriter();
    moved.record(eventRecord(1, instance(other, v.uint32(2)), 2n)).record(eventRecord(1, instance(own, v.uint32(3)), 3n));
    const first = whole.finish();
    const second = moved.finish();
    const [, from] = instancesOf(first, whole.records);
    const to = instancesOf(second, moved.records).at(-1)!;
    // The same bytes: its names are said to stand where they stood in the other chunk.
    first.copy(second, to.token + 10, from!.token + 10, from!.counted);
    const behind = readEvents(evtxLog([first, second]));
    const alone = readEvents(evtxLog([second]));
    expect(alone.diagnostics.map(({ code }) => code)).toEqual(['evtx/template']);
    // It is damaged, and is said to be: the same template in the first chunk stands in for it.
    expect(behind.events.slice(1).map(({ data }) => data)).toEqual([
      ...alone.events.map(({ data }) => data),
      { ofTheFirst: '3' },
    ]);
    expect(behind.diagnostics.map(({ code }) => code)).toEqual(['evtx/template-elsewhere']);
    expect(alone.events.map(({ data }) => data.ofTheFirst)).not.toContain('3');
  });
});

describe('a log with a bad header', () => {
  it('is read by its chunks when the file signature is gone', () => {
    const log = evtxLog([chunkOf(3).finish()]);
    log.fill(0, 0, 8);
    expect(format.sniff(log.subarray(0, CHUNK))).toBe(true);
    const { stats, diagnostics } = readEvents(log);
    expect(stats).toMatchObject({ records: 3, damaged: 0, chunks: 1 });
    expect(diagnostics).toEqual([
      {
        code: 'evtx/file-signature',
        severity: 'warning',
        message: 'expected "ElfFile\\0", found 00 00 00 00 00 00 00 00',
        hint: 'The chunks are read without it.',
        place: { file: 'test.evtx', offset: 0 },
      },
    ]);
  });

  it('is no EVTX log when neither signature is there', () => {
    const log = evtxLog([]);
    log.fill(0, 0, 8);
    expect(format.sniff(log)).toBe(false);
    expect(() => openEvtx(log, { name: 'x.evtx' })).toThrow('x.evtx is no EVTX log');
  });

  it('is read beyond the number of chunks that the header knows, and said to be dirty', () => {
    const log = evtxLog([chunkOf(1).finish(), chunkOf(1, 2).finish(), chunkOf(1, 3).finish()], { chunks: 1, flags: 1 });
    const { stats, diagnostics } = readEvents(log);
    expect(stats).toMatchObject({ records: 3, chunks: 3 });
    expect(codes(diagnostics)).toEqual([
      ['evtx/dirty', 0],
      ['evtx/stale-header', 42],
    ]);
    expect(diagnostics.every(({ severity }) => severity === 'info')).toBe(true);
  });

  it('is not said to be stale when the 16-bit number of chunks has wrapped', () => {
    // 65,537 chunks: the header says 1. Only units at the start and behind the wrap are pushed, by range.
    const start = HEADER + 0x10000 * CHUNK;
    const chunk = chunkOf(2).finish();
    const log = Buffer.concat([evtxLog([], { chunks: 0x10001 })]);
    const diagnostics: Diagnostic[] = [];
    const offsets: number[] = [];
    const sink = {
      event: (event: { offset: number }) => offsets.push(event.offset),
      diagnostic: (d: Diagnostic) => diagnostics.push(d),
    };
    const head = format.decoder('big.evtx', sink, PLAIN, thread, { start: 0, end: HEADER + 2 * CHUNK });
    head.push(Buffer.concat([log, chunk, chunk]));
    head.end();
    expect(offsets.splice(0)).toHaveLength(4);
    const tail = format.decoder('big.evtx', sink, PLAIN, thread, { start, end: start + CHUNK });
    tail.push(chunk);
    tail.end();
    expect(offsets).toEqual([start + 512, start + 512 + chunk.readUInt32LE(516)]);
    expect(start).toBeGreaterThan(2 ** 32);
    expect(diagnostics).toEqual([]);
  });

  it('is reported for its checksum only when asked to verify', () => {
    const log = evtxLog([chunkOf(1).finish()]);
    log[124]! ^= 1;
    expect(readEvents(log).diagnostics).toEqual([]);
    const { stats, diagnostics } = readEvents(log, VERIFY);
    expect(stats.records).toBe(1);
    expect(codes(diagnostics)).toEqual([['evtx/file-checksum', 124]]);
  });
});

describe('a record whose two sizes differ', () => {
  it('is not taken for a record, and costs no other', () => {
    const writer = chunkOf(4);
    const chunk = writer.finish();
    const second = writer.records[1]!;
    const end = second + chunk.readUInt32LE(second + 4);
    chunk.writeUInt32LE(chunk.readUInt32LE(end - 4) + 8, end - 4);
    sealChunk(chunk);
    expect(values(evtxLog([chunk]))).toEqual([1, 3, 4]);
    expect(readEvents(evtxLog([chunk])).stats).toMatchObject({ records: 3, damaged: 1 });
  });
});

describe('a bad chunk', () => {
  it('is counted as unused when nothing was ever written to it', () => {
    const { stats, diagnostics } = readEvents(evtxLog([chunkOf(1).finish(), Buffer.alloc(CHUNK)], { chunks: 1 }));
    expect(stats).toMatchObject({ records: 1, chunks: 1, unusedChunks: 1, damagedChunks: 0 });
    expect(diagnostics).toEqual([]);
  });

  it('gives its records, marked, when its header is gone in part or as a whole', () => {
    for (const [value, end, seen] of [
      [0x58, 1, '58 6c 66 43 68 6e 6b 00'],
      [0, 512, '00 00 00 00 00 00 00 00'],
      [0xff, 512, 'ff ff ff ff ff ff ff ff'],
    ] as const) {
      const broken = chunkOf(2, 2).finish();
      broken.fill(value, 0, end);
      const log = evtxLog([chunkOf(1).finish(), broken, chunkOf(1, 4).finish()]);
      const { events, stats, diagnostics } = readEvents(log);
      expect(events.map((event) => [event.data.n, event.recovered])).toEqual([
        ['1', false],
        ['2', true],
        ['3', true],
        ['4', false],
      ]);
      expect(stats).toMatchObject({ records: 2, recovered: 2, chunks: 2, unusedChunks: 0, damagedChunks: 1 });
      expect(diagnostics).toEqual([
        {
          code: 'evtx/chunk-signature',
          severity: 'warning',
          message: `chunk 1: expected "ElfChnk\\0", found ${seen}`,
          hint: '2 records in it are read, marked as recovered.',
          place: { file: 'test.evtx', offset: HEADER + CHUNK },
        },
      ]);
    }
  });

  it('gives its records, marked, when asked to recover', () => {
    const broken = chunkOf(2, 2).finish();
    broken.fill(0xff, 0, 512);
    const { events, stats } = readEvents(evtxLog([chunkOf(1).finish(), broken, chunkOf(1, 4).finish()]), RECOVER);
    expect(events.map((event) => [event.data.n, event.recovered, event.index])).toEqual([
      ['1', false, 0],
      ['2', true, 1],
      ['3', true, 1],
      ['4', false, 1],
    ]);
    expect(stats).toMatchObject({ records: 2, recovered: 2, damagedChunks: 1 });
  });

  it('is searched whole when its free space lies outside of it', () => {
    const chunk = chunkOf(3).finish();
    chunk.writeUInt32LE(0xffff_fff0, 48);
    const { stats, diagnostics } = readEvents(evtxLog([chunk]));
    expect(stats).toMatchObject({ records: 3, damaged: 0 });
    expect(codes(diagnostics)).toEqual([['evtx/free-space', HEADER + 48]]);
  });

  it('is read and reported when its checksums do not match and it is asked to verify', () => {
    const chunk = chunkOf(2).finish();
    chunk[124]! ^= 0xff;
    chunk[52]! ^= 0xff;
    const log = evtxLog([chunk]);
    expect(readEvents(log).diagnostics).toEqual([]);
    const { stats, diagnostics } = readEvents(log, VERIFY);
    expect(stats).toMatchObject({ records: 2, damaged: 0, damagedChunks: 0 });
    expect(codes(diagnostics)).toEqual([
      ['evtx/chunk-checksum', HEADER + 124],
      ['evtx/records-checksum', HEADER + 52],
    ]);
  });

  it('does not fill the report: a few of a kind in full, then a count', () => {
    const bad = Buffer.alloc(CHUNK, 0x41);
    const { stats, diagnostics } = readEvents(evtxLog(Array.from({ length: 25 }, () => bad)));
    expect(stats.damagedChunks).toBe(25);
    expect(diagnostics).toHaveLength(21);
    expect(diagnostics.at(-1)).toEqual({
      code: 'evtx/chunk-signature',
      severity: 'warning',
      message: '5 more of the same kind.',
      place: { file: 'test.evtx' },
    });
  });
});

describe('a bad record', () => {
  it('costs only itself: the walk goes on at the next record header', () => {
    const chunk = chunkOf(5);
    const bytes = chunk.finish();
    bytes.fill(0xee, chunk.records[2]!, chunk.records[2]! + 16);
    const log = evtxLog([bytes]);
    expect(values(log)).toEqual([1, 2, 4, 5]);
    const { stats, diagnostics } = readEvents(log);
    expect(stats).toMatchObject({ records: 4, damaged: 1 });
    expect(diagnostics).toEqual([
      {
        code: 'evtx/record-header',
        severity: 'warning',
        message: `chunk 0: expected a record, found ee ee ee ee ee ee ee ee; the next ${chunk.records[3]! - chunk.records[2]!} bytes are skipped`,
        place: { file: 'test.evtx', offset: HEADER + chunk.records[2]! },
      },
    ]);
  });

  it.each([
    ['too small', 8],
    ['past the chunk', 0x7fff_fff0],
    ['negative', 0xffff_ffff],
  ])('is skipped when its size is %s', (_name, size) => {
    const chunk = chunkOf(3);
    const bytes = chunk.finish();
    bytes.writeUInt32LE(size, chunk.records[1]! + 4);
    expect(values(evtxLog([bytes]))).toEqual([1, 3]);
  });

  it('does not bring records of an earlier use of the chunk to life', () => {
    // Behind the bad record stand records whose ids the chunk header does not know.
    const chunk = chunkOf(4, 100);
    const bytes = chunk.finish();
    bytes.writeBigUInt64LE(3n, chunk.records[3]! + 8);
    bytes.fill(0, chunk.records[1]!, chunk.records[1]! + 24);
    sealChunk(bytes);
    const log = evtxLog([bytes]);
    expect(values(log)).toEqual([100, 102]);
    expect(readEvents(log, RECOVER).events.map(({ data: { n }, recovered }) => [n, recovered])).toEqual([
      ['100', false],
      ['102', false],
      ['103', true],
    ]);
  });

  it('is reported with what is wrong in it', () => {
    const bad: [string, (bytes: Buffer, start: number) => void][] = [
      ['evtx/template-offset', (bytes, start) => bytes.writeUInt32LE(0xffff_0000, start + 24 + 4 + 6)],
      // What stands 20 bytes behind is text: two characters as a size.
      [
        'evtx/template-size',
        (bytes, start) => bytes.writeUInt32LE(bytes.indexOf(Buffer.from('http', 'utf16le')) - 20, start + 24 + 4 + 6),
      ],
      ['evtx/record-values', (bytes, start) => bytes.writeUInt32LE(0x3fff_ffff, start + 24 + 4 + 10)],
      ['evtx/token', (bytes, start) => bytes.writeUInt8(0x33, start + 24 + 4)],
    ];
    for (const [code, damage] of bad) {
      const chunk = chunkOf(3);
      const bytes = chunk.finish();
      damage(bytes, chunk.records[1]!);
      const { stats, diagnostics } = readEvents(evtxLog([bytes]));
      expect([code, stats.records, stats.damaged, diagnostics.map((d) => d.code)]).toEqual([code, 2, 1, [code]]);
      expect(diagnostics[0]?.message).toContain(`record at 0x${(HEADER + chunk.records[1]!).toString(16)} cannot be read: `);
    }
  });
});

describe('a log that is cut off', () => {
  it('gives the records that are whole, wherever it ends', () => {
    const chunk = chunkOf(3);
    const log = evtxLog([chunkOf(2, 10).finish(), chunk.finish()]);
    const second = HEADER + CHUNK;
    for (let end = 0; end <= second + chunk.at; end += 37) {
      const { stats, diagnostics, events } = readEvents(log.subarray(0, end));
      const whole = chunk.records.filter((_, i) => second + (chunk.records[i + 1] ?? chunk.at) <= end).length;
      if (end >= second) expect([end, events.length]).toEqual([end, 2 + whole]);
      expect(stats.records).toBe(events.length);
      if (end > 0 && end !== second && end !== HEADER) expect(diagnostics.map(({ code }) => code)).toContain('evtx/truncated');
    }
  });
});

describe('slack space', () => {
  /** A chunk with five records whose header knows only two. */
  function withSlack(): ChunkWriter {
    const chunk = chunkOf(5);
    const bytes = chunk.finish();
    endAt(bytes, chunk.records[2]!, 2);
    return chunk;
  }

  it('holds no live records', () => {
    const { stats, diagnostics } = readEvents(evtxLog([withSlack().bytes]));
    expect(stats).toMatchObject({ records: 2, damaged: 0, recovered: 0 });
    expect(diagnostics).toEqual([]);
  });

  it('gives marked records when asked to recover', () => {
    const { events, stats } = readEvents(evtxLog([withSlack().bytes]), RECOVER);
    expect(events.map(({ data: { n }, recovered }) => [n, recovered])).toEqual([
      ['1', false],
      ['2', false],
      ['3', true],
      ['4', true],
      ['5', true],
    ]);
    expect(stats).toMatchObject({ records: 2, recovered: 3 });
  });

  it('gives a record whose template definition is gone if another record of the chunk has that template', () => {
    const chunk = withSlack();
    // The last two records point at definitions in the first record; now they point nowhere.
    chunk.bytes.writeUInt32LE(0x9000, chunk.records[4]! + 24 + 4 + 6);
    const { events } = readEvents(evtxLog([chunk.bytes]), RECOVER);
    expect(events.map(({ data: { n } }) => n)).toEqual(['1', '2', '3', '4', '5']);
  });

  it('gives the values without their names when the definition of the data is gone', () => {
    const chunk = chunkOf(2);
    const other = template(el('EventData', {}, el('Data', { Name: 'a' }, sub(0)), el('Data', { Name: 'b' }, sub(1))));
    chunk.record(eventRecord(5, instance(other, v.string('one'), v.uint32(2)), 3n));
    const bytes = chunk.finish();
    endAt(bytes, chunk.records[2]!, 2);
    // Where the definition stood there is another one now.
    bytes.writeUInt32LE(0xdead_beef, bytes.indexOf(other.guid));
    const { events } = readEvents(evtxLog([bytes]), RECOVER);
    expect(events.at(-1)).toMatchObject({
      recovered: true,
      EventID: 5,
      Channel: 'Test/Operational',
      data: { Data: ['one', '2'] },
    });
  });

  it('gives nothing for a record whose definition has been overwritten', () => {
    const chunk = new ChunkWriter();
    chunk.record(record(1));
    const bytes = chunk.finish();
    // The same bytes as slack of a chunk that has another definition at the same place.
    const other = new ChunkWriter();
    other.record(instance(template(el('Event', {}, el('Other', {}, sub(0)))), v.uint32(9)));
    const size = bytes.readUInt32LE(516);
    const later = Buffer.from(other.finish());
    bytes.copy(later, other.at, 512, 512 + size);
    const { events } = readEvents(evtxLog([later]), RECOVER);
    expect(events.filter(({ recovered }) => recovered)).toEqual([]);
  });
});

describe('a hostile log', () => {
  const read = (...records: PartSpec[]) => {
    const chunk = new ChunkWriter();
    for (const each of records) chunk.record(each);
    return readEvents(evtxLog([chunk.finish()]));
  };

  it('may nest elements only so deep', () => {
    let deep = el('x', {}, 'y');
    for (let i = 0; i < 200; i++) deep = el('x', {}, deep);
    const { stats, diagnostics } = read(eventRecord(1, deep), record(2));
    expect(stats).toMatchObject({ records: 1, damaged: 1 });
    expect(diagnostics.map(({ code }) => code)).toEqual(['evtx/too-deep']);
  });

  it('may not multiply templates into a tree without end', () => {
    // Each level uses its value ten times: 10^8 leaves from a few hundred bytes.
    const fan = template(el('f', {}, ...Array.from({ length: 10 }, () => sub(0))));
    let value = v.string('leaf');
    for (let i = 0; i < 8; i++) value = v.binxml(instance(fan, value));
    const { stats, diagnostics } = read(eventRecord(1, el('EventData', {}, instance(fan, value))), record(2));
    expect(stats).toMatchObject({ records: 1, damaged: 1 });
    expect(diagnostics.map(({ code }) => code)).toEqual(['evtx/too-complex']);
  });

  it('may not point a definition into itself', () => {
    const chunk = chunkOf(2);
    const bytes = chunk.finish();
    // The second record's template is the middle of the first record.
    bytes.writeUInt32LE(chunk.records[0]! + 30, chunk.records[1]! + 24 + 4 + 6);
    const { stats } = readEvents(evtxLog([bytes]));
    expect(stats).toMatchObject({ records: 1, damaged: 1 });
  });

  it('may not render without bounds', () => {
    const many = template(el('EventData', {}, ...Array.from({ length: 2000 }, () => el('d', {}, sub(0)))));
    const chunk = new ChunkWriter();
    chunk.record(
      instance(
        EVENT,
        v.uint16(1),
        v.nothing(),
        v.filetime(TICKS),
        v.uint64(1n),
        v.binxml(instance(many, v.string('x'.repeat(10_000)))),
      ),
    );
    const [only] = openEvtx(evtxLog([chunk.finish()]));
    const { length } = only!.json();
    expect(length).toBeGreaterThan(10_000_000);
    expect(length).toBeLessThan(70_000_000);
  });
});

describe('ranges', () => {
  it('give the same events together as the whole log, for any size', () => {
    const chunks = Array.from({ length: 9 }, (_, i) => chunkOf(3, 1 + 3 * i).finish());
    const log = evtxLog(chunks);
    const whole = readEvents(log).events.map(({ offset, data: { n } }) => [offset, n]);
    for (const target of [1, CHUNK, 2 * CHUNK, 5 * CHUNK, 100 * CHUNK]) {
      const ranges = format.ranges(log.length, target, log);
      expect(ranges[0]?.start).toBe(0);
      expect(ranges.at(-1)?.end).toBe(log.length);
      const parts: unknown[] = [];
      for (const range of ranges)
        decodeBytes(
          log,
          PLAIN,
          (event) => parts.push([event.offset, event.value([...event.shape.dataFields.values()][0]![0]!)]),
          50_000,
          range,
        );
      expect(parts).toEqual(whole);
    }
  });

  it('that are cut anywhere still read each chunk once', () => {
    const log = evtxLog(Array.from({ length: 4 }, (_, i) => chunkOf(2, 1 + 2 * i).finish()));
    const seen: number[] = [];
    const cuts = [0, 100_000, 150_000, 200_001, log.length];
    for (const [i, start] of cuts.slice(0, -1).entries()) {
      const range = { start, end: cuts[i + 1]! };
      const sink = { event: (event: { offset: number }) => seen.push(event.offset), diagnostic: () => {} };
      const decoder = format.decoder('x', sink, PLAIN, thread, range);
      let at = start;
      decoder.push(log.subarray(at, range.end));
      for (at = range.end; decoder.wantsMore() && at < log.length; at += 1000)
        decoder.push(log.subarray(at, Math.min(at + 1000, log.length)));
      decoder.end();
    }
    expect(seen).toEqual(readEvents(log).events.map(({ offset }) => offset));
  });
});
