/** Records that compiled code takes apart (`src/wasm/assembly/records.ts`) are those of the plain way, whatever the log is. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { RecordWalk } from '../../src/logs/evtx/chunk.ts';
import type { EvtxEvent } from '../../src/logs/evtx/event.ts';
import type { EvtxRecord } from '../../src/logs/evtx/index.ts';
import { ChunkWriter, el, evtxLog, instance, sub, TICKS, template, v } from '../logs/evtx/support/evtx-writer.ts';
import { Random } from '../logs/evtx/support/mutate.ts';
import { evtxFiles } from '../logs/evtx/support/peers.ts';
import { PLAIN, RECOVER } from '../logs/evtx/support/read.ts';
import { sampleLogs } from '../logs/evtx/support/samples.ts';
import { describeShared, shared } from '../support/shared.ts';
import { loadReader, OpenLog, type Reader, type Reading } from './support-readers.ts';
import {
  ASKED,
  CHUNK,
  damage,
  type Facts,
  factsOf,
  HEADER,
  instancesOf,
  placeText,
  randomChunk,
  randomLog,
  withSlack,
} from './support-records.ts';

const plain = await loadReader(false);
/** Another one for each test: memory that readers have taken is theirs for good. */
let compiled: Reader;
let block: Buffer;

/** Records that the short way has read, and the readers that have one: tests that never get there prove nothing. */
let short = 0;
let long = 0;
const shortReaders = new Set<object>();

async function load(): Promise<void> {
  compiled = await loadReader(true);
  block = compiled.memory!.block(CHUNK)!;
  short = 0;
  long = 0;
  shortReaders.clear();
  const { read } = compiled.FastRecords.prototype;
  compiled.FastRecords.prototype.read = function (...place) {
    const layout = read.apply(this, place);
    if (layout === null) long++;
    else {
      short++;
      shortReaders.add(this);
    }
    return layout;
  };
}
beforeEach(load);

/** Everything is forgotten when the next chunk is opened. */
const MORE_NODES_THAN_ARE_KEPT = 300_000;
const forget = ({ keptWeight }: Reader): void => keptWeight.charge(MORE_NODES_THAN_ARE_KEPT);

/** Compared before it is asserted: an assertion for each of a hundred thousand records takes longer than all the rest. */
function same<T extends string | number>(actual: T, wanted: T, where: string): void {
  if (!Object.is(actual, wanted)) expect(actual, where).toBe(wanted);
}

/** Asks for some of what may be asked for, in any order. */
function ask(event: EvtxEvent, wanted: Facts, random: Random, where: string): void {
  for (let times = random.below(6); times > 0; times--) {
    const asked = random.pick(ASKED);
    same(event[asked], wanted[asked], `${asked} of ${where}`);
  }
}

/** Reads a log both ways at once; what is said of a record is not always asked for. */
function expectSame(log: Buffer, reading: Reading, random: Random, name = 'the log'): number {
  const fast = new OpenLog(compiled, log, reading);
  const slow = new OpenLog(plain, log, { options: reading.options });
  let events = 0;
  for (let event = fast.next(); event !== null; event = fast.next()) {
    const other = slow.next();
    if (other === null) expect.fail(`${name} has no ${events + 1} records`);
    const where = `the record at ${other.offset} of ${name}`;
    same(placeText(event), placeText(other), where);
    ask(event, factsOf(other), random, where);
    events++;
  }
  expect(slow.next(), name).toBeNull();
  expect(fast.diagnostics, name).toEqual(slow.diagnostics);
  expect(fast.stats, name).toEqual(slow.stats);
  return events;
}

function factsIn(log: Buffer): Facts[] {
  const facts: Facts[] = [];
  const reader = new OpenLog(plain, log);
  for (let event = reader.next(); event !== null; event = reader.next()) facts.push(factsOf(event));
  return facts;
}

describeShared('on the corpus, records', () => {
  // Not before a test runs: the corpus may be absent.
  const corpus = () => evtxFiles(shared('corpus'));

  test('are those of the plain way, also from slack', () => {
    const random = new Random(1);
    let events = 0;
    for (const [i, file] of corpus().entries()) {
      const options = i % 3 === 0 ? RECOVER : PLAIN;
      events += expectSame(readFileSync(file), { options, block: i % 2 === 0 ? block : null }, random, basename(file));
    }
    expect(events).toBeGreaterThan(10_000);
    expect(short).toBeGreaterThan(0.5 * events);
  });

  test('are those of the plain way when logs are read in turns', () => {
    const random = new Random(2);
    const logs = corpus()
      .filter((_, i) => i % 24 === 0)
      .map((file) => readFileSync(file));
    expectSameInTurns(logs, random, 4000);
    expect(shortReaders.size).toBeGreaterThan(3);
  });
});

/** A log in one of many hands: the next record, and what it is. */
interface Turn {
  readonly records: Iterator<EvtxRecord>;
  readonly wanted: readonly Facts[];
  at: number;
  event: EvtxEvent | null;
}

/** Reads logs at the same time, at most `moves` records of them; what is asked for comes late. */
function expectSameInTurns(logs: readonly Buffer[], random: Random, moves: number, forgetful = false): void {
  const facts = logs.map((log) => factsIn(log));
  const begin = (i: number): Turn => {
    return {
      records: compiled.openEvtx(logs[i]!, { name: 'test.evtx' })[Symbol.iterator](),
      wanted: facts[i]!,
      at: -1,
      event: null,
    };
  };
  const turns = logs.map((_, i) => begin(i));
  for (let move = 0; move < moves; move++) {
    const i = random.below(turns.length);
    const turn = turns[i]!;
    const { done, value } = turn.records.next();
    if (forgetful && random.below(100) === 0) forget(compiled);
    if (done === true) {
      same(turn.at + 1, turn.wanted.length, `records of log ${i}`);
      turns[i] = begin(i);
    } else {
      turn.at++;
      turn.event = value.event as EvtxEvent;
      same(placeText(turn.event), turn.wanted[turn.at]!.place, `record ${turn.at} of log ${i}`);
    }
    // Also of logs that were read long before.
    for (const j of [i, random.below(turns.length)]) {
      const { event, wanted, at } = turns[j]!;
      if (event === null) continue;
      // Whoever looks at values has the chunk copied to where they can.
      if (random.below(3) === 0) event.values.enter(compiled.memory!);
      ask(event, wanted[at]!, random, `record ${at} of log ${j}`);
    }
  }
  for (const { records } of turns) records.return!();
}

describe('records whose Channel, Computer and EventID change under one template', () => {
  test('are those of the plain way', () => {
    const random = new Random(3);
    let events = 0;
    for (let run = 0; run < 45; run++) {
      const reading = { options: random.pick([PLAIN, RECOVER]), block: random.pick([block, null]) };
      events += expectSame(randomLog(random, 1 + random.below(3), 80), reading, random, `log ${run}`);
    }
    expect(events).toBeGreaterThan(2000);
    expect(short).toBeGreaterThan(700);
    expect(long).toBeGreaterThan(500);
  });

  test('are known to be the same only for the last record of all readers that asked for them', () => {
    const event = template(
      el('Event', {}, el('System', {}, el('Channel', {}, sub(0)), el('Computer', {}, sub(1)), el('EventID', {}, sub(2)))),
    );
    const log = (...names: string[]) => {
      const chunk = new ChunkWriter();
      for (const [i, name] of names.entries()) chunk.record(instance(event, v.string(`C${name}`), v.string(name), v.uint16(i)));
      return evtxLog([chunk.finish()]);
    };
    const a = new OpenLog(compiled, log('A', 'A', 'A', 'A'));
    const b = new OpenLog(compiled, log('B', 'B', 'B', 'B'));
    for (const one of [a, b]) for (let i = 0; i < 2; i++) one.next();
    const first = a.next()!;
    b.next();
    // Of the layout, which the other log has moved on.
    expect([first.channel, first.computer]).toEqual(['CA', 'A']);
    const second = b.next()!;
    expect([second.channel, second.computer, second.eventId]).toEqual(['CB', 'B', 3]);
    expect([first.channel, first.computer, first.eventId]).toEqual(['CA', 'A', 2]);
    expect(short).toBeGreaterThan(4);
    for (const one of [a, b]) while (one.next() !== null);
  });
});

describe('logs that are read in turns', () => {
  test('are read from their own chunks, whichever was looked at last', () => {
    // Records of both lie at the same places, and have the same templates.
    const event = template(
      el('Event', {}, el('System', {}, el('Channel', {}, sub(0))), el('EventData', {}, el('X', {}, sub(1)))),
    );
    const log = (name: string) => {
      const chunk = new ChunkWriter();
      for (let i = 0; i < 60; i++) chunk.record(instance(event, v.string(name), i % 2 === 0 ? v.string(name) : v.uint16(i)));
      return evtxLog([chunk.finish()]);
    };
    const names = ['A', 'B', 'C'] as const;
    const logs = names.map((name) => new OpenLog(compiled, log(name), { block: name === 'C' ? block : null }));
    const events = logs.map((one) => one.next()!);
    const random = new Random(15);
    for (let move = 0; move < 100; move++) {
      const moved = random.below(3);
      if (events[moved]!.index < 59) logs[moved]!.next();
      for (const one of [moved, random.below(3)]) {
        const { index, channel, values } = events[one]!;
        expect([channel, events[one]!.value(1)]).toEqual([names[one], index % 2 === 0 ? names[one] : String(index)]);
        // As whoever looks at values or writes them does.
        values.enter(compiled.memory!);
      }
    }
    expect(short).toBeGreaterThan(50);
    for (const one of logs) while (one.next() !== null);
  });

  test('have the records that they have alone', () => {
    const random = new Random(4);
    for (let run = 0; run < 12; run++) {
      const logs = Array.from({ length: 2 + random.below(3) }, () => randomLog(random, 2, 60));
      expectSameInTurns(logs, random, 500);
    }
    expect(short).toBeGreaterThan(1000);
  });

  test('have them also when what is known is forgotten in between', () => {
    const random = new Random(5);
    const generation = compiled.catalog.generation;
    for (let run = 0; run < 9; run++) {
      const logs = Array.from({ length: 3 }, () => randomLog(random, 4, 40));
      expectSameInTurns(logs, random, 800, true);
    }
    expect(compiled.catalog.generation - generation).toBeGreaterThan(20);
    expect(short).toBeGreaterThan(1000);
  });

  test('have them also when there are more than there is room for', () => {
    const random = new Random(6);
    const logs = Array.from({ length: 14 }, () => randomLog(random, 2, 40));
    expectSameInTurns(logs, random, 4000);
    expect(short).toBeGreaterThan(300);
    expect(shortReaders.size).toBeGreaterThan(3);
    // The others have found no room.
    expect(shortReaders.size).toBeLessThan(12);
  });

  test('leave their room to the next, also when they are not read to their end', () => {
    const log = randomLog(new Random(7), 1, 60);
    for (let i = 0; i < 40; i++) {
      short = 0;
      for (const { index } of compiled.openEvtx(log)) if (index > 10) break;
      expect(short, `log ${i}`).toBeGreaterThan(0);
    }
  });

  const all = Array.from({ length: 20 }, (_, i) => i);
  test.each([
    ['first', all],
    ['last', all.toReversed()],
    ['in between', [...all.slice(10), ...all.slice(0, 10)]],
    // The eighth finds room for its values, and none for its templates.
    ['last, and the one with half of it behind three others', [...all.slice(8), 0, 1, 2, 7, 3, 4, 5, 6]],
  ])(
    'leave their room to the next, also when there were more than there is room for: those with room are done %s',
    (_, order) => {
      const log = randomLog(new Random(8), 1, 60);
      const logs = all.map(() => compiled.openEvtx(log)[Symbol.iterator]());
      for (const records of logs) records.next();
      for (const i of order) logs[i]!.return!();
      for (let i = 0; i < 3; i++) {
        short = 0;
        expect([...compiled.openEvtx(log)].length).toBeGreaterThan(5);
        expect(short, `log ${i} afterwards`).toBeGreaterThan(0);
      }
    },
  );
});

describe('what is known of templates', () => {
  test('is forgotten in the middle of chunks, by other readers', () => {
    const random = new Random(8);
    for (let run = 0; run < 30; run++) {
      const log = randomLog(random, 1, 100);
      const wanted = factsIn(log);
      const reader = new OpenLog(compiled, log, { block: random.pick([block, null]) });
      let records = 0;
      for (let event = reader.next(); event !== null; event = reader.next()) {
        same(placeText(event), wanted[records]!.place, `record ${records}`);
        if (random.below(10) === 0) {
          forget(compiled);
          // Their templates get the numbers of those that are forgotten.
          const other = new OpenLog(compiled, randomLog(random, 1, 6));
          while (other.next() !== null);
        }
        ask(event, wanted[records]!, random, `record ${records}`);
        records++;
      }
      expect(records).toBe(wanted.length);
    }
    expect(short).toBeGreaterThan(300);
  });

  test('is not what the table has room for: 10,000 templates and more', () => {
    const random = new Random(9);
    const structure = new compiled.Structure();
    const planOf = (i: number) => {
      structure.length = 0;
      structure.add2(1, 100 + i);
      return compiled.catalog.planOf(structure, []).id;
    };
    const fields = Array.from({ length: 12 }, (_, i) => {
      return template(el('Event', {}, el('System', {}, el('Channel', {}, sub(0))), el('EventData', {}, el(`X${i}`, {}, sub(1)))));
    });
    const chunk = () => {
      const made = new ChunkWriter();
      for (let i = 0; i < 36; i++) made.record(instance(fields[Math.floor(i / 3)]!, v.string('C'), v.uint32(i)));
      return made.finish();
    };
    const log = evtxLog([chunk(), chunk()]);
    const wanted = factsIn(log);
    // What lies behind the table must not be written to either: tables of readers, and the chunk.
    for (let numbers = 9985; numbers < 11_100; numbers += 11) {
      forget(compiled);
      const reader = new OpenLog(compiled, log, { block: random.pick([block, null]) });
      let event = reader.next();
      // The first chunk is open, and nothing is forgotten until the next.
      for (let i = 0; i < numbers; i++) planOf(i);
      let records = 0;
      for (; event !== null; event = reader.next()) {
        same(placeText(event), wanted[records]!.place, `record ${records} behind ${numbers} templates`);
        ask(event, wanted[records]!, random, `record ${records} behind ${numbers} templates`);
        records++;
      }
      expect(records).toBe(wanted.length);
    }
    expect(short).toBeGreaterThan(100);
  });

  test('is another one for every chunk', () => {
    // The same bytes with other templates at the same offsets.
    const made = (name: string) => {
      const data = template(el('EventData', {}, el('Data', { Name: name }, sub(0)), el('Data', { Name: 'B' }, sub(1))));
      const chunk = new ChunkWriter();
      for (let i = 0; i < 3; i++) chunk.record(instance(data, v.string('x'), v.filetime(TICKS)));
      return chunk.finish();
    };
    const log = evtxLog([made('A1'), made('A2'), made('A1'), made('A3'), made('A2')]);
    for (const one of [block, null]) expect(expectSame(log, { block: one }, new Random(10))).toBe(15);
    expect(short).toBeGreaterThan(10);
  });
});

/** One chunk read both ways. Records may be read again and again, in any order, and cut. */
class BothWays {
  readonly #fast = new compiled.BinXml();
  readonly #slow = new plain.BinXml();
  readonly #fastEvent = new compiled.EvtxEvent(this.#fast.values);
  readonly #slowEvent = new plain.EvtxEvent(this.#slow.values);
  faults = 0;
  reads = 0;

  open(bytes: Buffer, recovering: boolean): void {
    let inMemory = bytes;
    if (recovering) {
      // Both: where the chunk lies is another matter than whether slack is read.
      block.fill(0xee);
      bytes.copy(block);
      inMemory = block.subarray(0, bytes.length);
    }
    this.#fast.recovering = recovering;
    this.#slow.recovering = recovering;
    this.#fast.openChunk(inMemory);
    this.#slow.openChunk(bytes);
  }

  read(start: number, end: number, strict: boolean, random: Random, where: string): void {
    this.#fast.strict = strict;
    this.#slow.strict = strict;
    this.reads++;
    const fast = this.#fast.read(start, end);
    const slow = this.#slow.read(start, end);
    if (fast === null || slow === null) {
      this.faults++;
      same(faultText(fast, this.#fast), faultText(slow, this.#slow), where);
      return;
    }
    this.#fastEvent.moveTo(fast, this.reads, start);
    this.#slowEvent.moveTo(slow, this.reads, start);
    same(placeText(this.#fastEvent), placeText(this.#slowEvent), where);
    ask(this.#fastEvent, factsOf(this.#slowEvent), random, where);
  }

  get view(): DataView {
    return this.#slow.values.view;
  }
}

function faultText(layout: object | null, { values }: InstanceType<Reader['BinXml']>): string {
  return layout === null ? JSON.stringify(values.fault) : 'read';
}

/** Records in any order, some more than once and some cut, as long as they hold together at all. */
function readAll(both: BothWays, bytes: Buffer, starts: readonly number[], random: Random, where: string): void {
  const walk = new RecordWalk();
  walk.open(bytes, both.view, 512, bytes.length);
  const places: [number, number][] = [];
  while (walk.next()) places.push([walk.start + 24, walk.end]);
  for (const start of starts) {
    // Where records were before they were damaged.
    if (start + 28 < bytes.length) places.push([start + 24, Math.min(bytes.length, start + 28 + random.below(600))]);
  }
  for (let i = places.length; i > 0 && places.length > 0; i--) {
    const [start, end] = random.pick(places);
    // The short way leads to a layout that the last record with its templates had.
    for (let times = 1 + random.below(3); times > 0; times--) {
      const cut = random.below(4) === 0 ? Math.max(start, end - random.below(40)) : end;
      both.read(start, cut, random.below(4) === 0, random, `${start}-${cut} of ${where}`);
    }
  }
}

describe('chunks that are damaged', () => {
  const run = (samples: readonly { bytes: Buffer; records: readonly number[] }[], count: number, seed: number): BothWays => {
    const random = new Random(seed);
    const both = new BothWays();
    const whole = samples.map(({ bytes, records }) => ({ bytes, records, instances: instancesOf(bytes, records) }));
    const usable = whole.filter(({ instances }) => instances.length > 0);
    for (let i = 0; i < count; i++) {
      const { bytes, records, instances } = random.pick(usable);
      const copy = Buffer.from(bytes);
      damage(copy, records, instances, random);
      const chunk = random.below(20) === 0 ? copy.subarray(0, 512 + random.below(CHUNK - 512)) : copy;
      both.open(chunk, random.below(2) === 0);
      readAll(both, chunk, records, random, `chunk ${i} of seed ${seed}`);
    }
    return both;
  };

  test('are read as on the plain way', () => {
    const random = new Random(11);
    const samples = Array.from({ length: 40 }, () => {
      const chunk = randomChunk(random, 4 + random.below(30));
      return { bytes: chunk.finish(), records: chunk.records };
    });
    for (const log of sampleLogs()) samples.push({ bytes: log.subarray(HEADER, HEADER + CHUNK), records: [512] });
    const { faults, reads } = run(samples, 400, 12);
    expect(faults).toBeGreaterThan(1000);
    expect(reads - faults).toBeGreaterThan(5000);
    expect(short).toBeGreaterThan(2500);
  });

  describeShared('of the corpus', () => {
    test('are read as on the plain way', () => {
      const samples = evtxFiles(shared('corpus'))
        .filter((_, i) => i % 12 === 0)
        .map((file) => {
          const bytes = readFileSync(file).subarray(HEADER, HEADER + CHUNK);
          const walk = new RecordWalk();
          walk.open(bytes, new DataView(bytes.buffer, bytes.byteOffset, bytes.length), 512, bytes.length);
          const records: number[] = [];
          while (walk.next() && records.length < 12) records.push(walk.start);
          // The rest is not read: many chunks rather than long ones.
          return { bytes: bytes.subarray(0, walk.start), records: records.slice(0, -1) };
        })
        .filter(({ bytes }) => bytes.length > 2048)
        .map(({ bytes, records }) => ({ bytes: Buffer.concat([bytes], CHUNK), records }));
      const { faults, reads } = run(samples, 500, 13);
      expect(faults).toBeGreaterThan(1000);
      expect(reads - faults).toBeGreaterThan(2500);
      expect(short).toBeGreaterThan(1500);
    });
  });

  test('are read as on the plain way, with what is left in their slack', () => {
    const random = new Random(14);
    let events = 0;
    for (let i = 0; i < 150; i++) {
      const chunk = randomChunk(random, 10 + random.below(30));
      const bytes = chunk.finish();
      const instances = instancesOf(bytes, chunk.records);
      withSlack(bytes, chunk.records, random);
      if (random.below(3) > 0) damage(bytes, chunk.records, instances, random);
      // Records behind a bad stretch are stale when the header does not know their ids.
      if (random.below(3) === 0) bytes.writeUInt32LE(0, random.pick(chunk.records));
      // No chunk at all.
      if (random.below(10) === 0) bytes[0] = 0;
      events += expectSame(evtxLog([bytes]), { options: RECOVER, block: random.pick([block, null]) }, random, `log ${i}`);
    }
    expect(events).toBeGreaterThan(1000);
    expect(short).toBeGreaterThan(300);
  });
});
