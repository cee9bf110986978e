/** What compiled code writes of events that match (`src/wasm/assembly/json.ts`) is what a snapshot says, plainly. */
import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { harmlessJson } from '../../src/bytes/json-text.ts';
import type { EventJson } from '../../src/findings/store/event-json.ts';
import type { EvtxEvent } from '../../src/logs/evtx/event.ts';
import { ARRAY_FLAG } from '../../src/logs/evtx/values/value-types.ts';
import { arrayTexts, valueText } from '../../src/logs/evtx/values/values.ts';
import {
  CHUNK,
  ChunkWriter,
  el,
  empty,
  eventRecord,
  evtxLog,
  inline,
  instance,
  opt,
  type PartSpec,
  sub,
  type TemplateSpec,
  TICKS,
  template,
  type ValueSpec,
  v,
} from '../logs/evtx/support/evtx-writer.ts';
import { Random } from '../logs/evtx/support/mutate.ts';
import { loadReader, OpenLog, type Reader } from './support-readers.ts';
import { overlappingNames } from './support-records.ts';

const plain = await loadReader(false);
/** Another one for each test, with a memory of its own. */
let compiled: Reader;
let writer: InstanceType<Reader['EventJsonWriter']>;
let out: InstanceType<Reader['JsonWriter']>;
/** Fields that compiled code has written (or passed over): tests that never get there prove nothing. */
let fields = 0;
let calls = 0;
/** Runs in front of every call. */
let before = (): void => {};

async function load(): Promise<void> {
  compiled = await loadReader(true);
  writer = new compiled.EventJsonWriter();
  out = new compiled.JsonWriter(1);
  const { write } = compiled.JsonFields.prototype;
  compiled.JsonFields.prototype.write = function (layout, slots, keys, from, to) {
    before();
    const next = write.call(this, layout, slots, keys, from, to);
    calls++;
    fields += next - from;
    return next;
  };
}

beforeEach(async () => {
  await load();
  fields = 0;
  calls = 0;
  before = () => {};
});

/** Runs, and says how often everything was forgotten. */
function forgetsDuring(run: () => void): number {
  const generation = compiled.memory!.generation;
  run();
  return compiled.memory!.generation - generation;
}

/** Compared as bytes, and asserted only when they are others: that takes longer than all the rest. */
function expectBytes(actual: Buffer, wanted: string, where: string): void {
  if (actual.equals(Buffer.from(wanted))) return;
  expect(actual.toString(), where).toBe(wanted);
  expect.fail(`${where}: bytes that are not UTF-8`);
}

function expectWritten(event: EvtxEvent, { head, tail }: EventJson, where: string): void {
  const start = out.at;
  const middle = writer.write(event, out);
  expectBytes(out.buffer.subarray(start, middle), head, `${where}, head`);
  expectBytes(out.buffer.subarray(middle, out.at), tail, `${where}, tail`);
  out.at = out.at > 2_000_000 ? 0 : out.at;
}

function plainly(event: EvtxEvent, { snapshotJson, snapshotEvent }: Reader): EventJson {
  return snapshotJson(snapshotEvent(event, 'log'));
}

/** A value as JSON; undefined where there is none. */
function valueJson({ type, bytes }: ValueSpec, optional: boolean): string | undefined {
  if (type === 0) return optional ? undefined : '""';
  const buffer = bytes as Buffer;
  let value: string | string[] = '';
  if ((type & ARRAY_FLAG) === 0) value = valueText(buffer, 0, buffer.length, type);
  else {
    const texts = arrayTexts(buffer, 0, buffer.length, type);
    value = texts.length > 1 ? texts : (texts[0] ?? '');
  }
  return harmlessJson(JSON.stringify(value));
}

const isOptional = (i: number): boolean => i % 3 === 0;
const dataTemplates = new Map<number, TemplateSpec>();

/** Values as fields `x0`, `x1`, ...; some of them appear only with their value. */
function dataOf(values: readonly ValueSpec[]): PartSpec {
  const count = values.length;
  let data = dataTemplates.get(count);
  if (data === undefined) {
    const value = (i: number) => (isOptional(i) ? opt(i) : sub(i));
    data = template(el('EventData', {}, ...values.map((_, i) => el('Data', { Name: `x${i}` }, value(i)))));
    dataTemplates.set(count, data);
  }
  return instance(data, ...values);
}

function dataJson(values: readonly ValueSpec[]): string {
  const members: string[] = [];
  for (const [i, value] of values.entries()) {
    const json = valueJson(value, isOptional(i));
    if (json !== undefined) members.push(`"x${i}":${json}`);
  }
  return `{${members.join(',')}}`;
}

/** The same log twice: the second time from what is known of its layouts. */
function expectLog(log: Buffer, data: readonly string[] | null): void {
  const block = compiled.memory!.block(CHUNK);
  for (const place of [null, block]) {
    const reader = new OpenLog(compiled, log, { block: place });
    let events = 0;
    for (let event = reader.next(); event !== null; event = reader.next()) {
      const wanted = plainly(event, compiled);
      expectWritten(event, wanted, `event ${events}`);
      if (data !== null && !wanted.head.endsWith(`"data":${data[events]}`)) expect(wanted.head).toContain(data[events]);
      events++;
    }
    expect(reader.diagnostics).toEqual([]);
    if (data !== null) expect(events).toBe(data.length);
  }
}

const bytesOf = (values: readonly ValueSpec[]): number => values.reduce((sum, { bytes }) => sum + bytes.length, 0);
const MOST_FIELDS = 150;
/** Definitions of 150 fields, and what a record has besides its values. */
const OVERHEAD = 14_000;

/** Each value as a field, in as many records as it takes. */
function expectValues(values: readonly ValueSpec[]): void {
  const chunks: Buffer[] = [];
  const data: string[] = [];
  let chunk = new ChunkWriter();
  let some: ValueSpec[] = [];
  const flush = (): void => {
    if (some.length === 0) return;
    if (chunk.at + bytesOf(some) + 4 * some.length + OVERHEAD > CHUNK) {
      chunks.push(chunk.finish());
      chunk = new ChunkWriter();
    }
    chunk.record(eventRecord(1, dataOf(some)));
    data.push(dataJson(some));
    some = [];
  };
  for (const value of values) {
    if (some.length === MOST_FIELDS || bytesOf(some) + value.bytes.length > CHUNK - OVERHEAD - 4 * MOST_FIELDS - 512) flush();
    some.push(value);
  }
  flush();
  chunks.push(chunk.finish());
  expectLog(evtxLog(chunks), data);
}

/** Most of these are written by compiled code. */
function expectFast(values: readonly ValueSpec[], share = 1): void {
  fields = 0;
  expectValues(values);
  expect(fields).toBeGreaterThanOrEqual(2 * share * values.length);
}

const range = <T>(count: number, make: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const utf16 = (...units: number[]): Buffer => Buffer.from(Uint16Array.from(units).buffer);

/** What plain text has, what it may have behind a backslash, and what it must not have. */
const UNITS = [
  ...range(0x24, (i) => i),
  0x5b,
  0x5c,
  0x5d,
  0x7e,
  0x7f,
  0x80,
  0x9f,
  0xad,
  0xe9,
  0xff,
  0x100,
  0x122,
  0x15c,
  0x17f,
  0x200b,
  0x2028,
  0x202e,
  0x2222,
  0x5c5c,
  0x7f00,
  0x7f7f,
  0x8000,
  0x8080,
  0xd800,
  0xdbff,
  0xdc00,
  0xdfff,
  0xfeff,
  0xfffd,
  0xffff,
];
const unit = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 0x20, max: 0x7e }) },
  { weight: 1, arbitrary: fc.constantFrom(...UNITS) },
);
const text = fc.oneof(
  fc.array(fc.integer({ min: 0x20, max: 0x7e }), { maxLength: 60 }),
  fc.array(unit, { maxLength: 30 }),
  fc.array(fc.constantFrom(...UNITS), { maxLength: 9 }),
);
const string = fc
  .tuple(text, fc.constantFrom(0, 0, 0, 1, 2, 5), fc.constantFrom('', '', 'x', '\0'))
  .map(([units, nulls, odd]) => v.raw(0x01, Buffer.concat([utf16(...units), Buffer.alloc(2 * nulls), Buffer.from(odd)])));
/** All but BinXML, which is looked into. */
const type = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: 0x00, max: 0x15 }) },
  { weight: 2, arbitrary: fc.integer({ min: 0x81, max: 0x95 }) },
  { weight: 1, arbitrary: fc.integer({ min: 0x16, max: 0xff }).filter((one) => one !== 0x21) },
);
const bytes = fc.oneof(
  { weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }) },
  { weight: 2, arbitrary: fc.constantFrom(0, 1, 2, 4, 7, 8, 15, 16).chain((n) => fc.uint8Array({ minLength: n, maxLength: n })) },
  { weight: 1, arbitrary: fc.constantFrom(0x00, 0xff, 0x7f, 0x80).map((one) => new Uint8Array(16).fill(one)) },
);
const anyValue = fc.oneof(
  { weight: 2, arbitrary: string },
  { weight: 4, arbitrary: fc.tuple(type, bytes).map(([one, all]) => v.raw(one, Buffer.from(all))) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(v.nothing(), v.string(''), v.raw(0x21, Buffer.alloc(0)), v.raw(0x81, Buffer.alloc(0))),
  },
);

/** Provider 0, EventID 1, time 2, record id 3, Channel 4, Computer 5, event data 6. */
const ANY_SYSTEM = template(
  el(
    'Event',
    {},
    el(
      'System',
      {},
      empty(el('Provider', { Name: sub(0), Guid: opt(7) })),
      el('EventID', { Qualifiers: opt(7) }, opt(1)),
      empty(el('TimeCreated', { SystemTime: sub(2) })),
      el('EventRecordID', {}, sub(3)),
      el('Channel', {}, opt(4)),
      el('Computer', {}, sub(5)),
      el('Twice', {}, sub(0)),
      el('Twice', {}, opt(1)),
    ),
    sub(6),
  ),
);

describe('values of every type', () => {
  test('as event data and in System', () => {
    const system = fc.array(anyValue, { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(fc.array(anyValue, { minLength: 1, maxLength: 30 }), system, (values, ofSystem) => {
        const chunk = new ChunkWriter();
        const made = ofSystem.map((value, i) => (i === 6 ? v.binxml(dataOf(values)) : value));
        chunk.record(instance(ANY_SYSTEM, ...made, ofSystem[6]!));
        chunk.record(eventRecord(4688, dataOf(values)));
        chunk.record(instance(ANY_SYSTEM, ...made, v.guid('00112233445566778899aabbccddeeff')));
        const wanted = dataJson(values);
        expectLog(evtxLog([chunk.finish()]), [wanted, wanted, wanted]);
      }),
      { numRuns: 400 },
    );
    expect(fields).toBeGreaterThan(10_000);
  });

  test('text: every character in every place', () => {
    const values: ValueSpec[] = [];
    for (let length = 1; length <= 9; length++) {
      for (let at = 0; at < length; at++) {
        for (const one of UNITS) {
          const units = range(length, (i) => [0x61, 0x20, 0x7e, 0x21, 0x23, 0x5b, 0x5d][(i + at) % 7]!);
          units[at] = one;
          values.push(v.raw(0x01, utf16(...units)));
        }
      }
    }
    expectFast(values, 0.15);
    // Two of them side by side: what is found out for four at once must not depend on the neighbour.
    const pairs = [0x00, 0x08, 0x1f, 0x20, 0x21, 0x22, 0x23, 0x5b, 0x5c, 0x5d, 0x7e, 0x7f, 0x80];
    expectFast(
      pairs.flatMap((a) =>
        pairs.flatMap((b) => [v.raw(0x01, utf16(a, b, 0x61, 0x61)), v.raw(0x01, utf16(0x61, a, b, 0x61, 0x61))]),
      ),
      0.3,
    );
  });

  test('text: odd lengths, and NULs at its end', () => {
    const values = range(40, (length) => v.raw(0x01, Buffer.from('a\0b\0"\0c\0'.repeat(5).slice(0, length), 'latin1')));
    for (let length = 0; length < 12; length++) {
      for (let nulls = 0; nulls < 12; nulls++) {
        const made = Buffer.concat([utf16(...range(length, () => 0x61)), Buffer.alloc(nulls)]);
        values.push(v.raw(0x01, made), v.raw(0x01, Buffer.concat([made, Buffer.from('a')])));
      }
    }
    expectFast(values, 0.8);
  });

  test('numbers', () => {
    const numbers = new Set<bigint>();
    for (let bits = 0n; bits <= 64n; bits++)
      for (const more of [-2n, -1n, 0n, 1n]) numbers.add(BigInt.asUintN(64, (1n << bits) + more));
    for (let digits = 0n; digits < 20n; digits++) for (const more of [-1n, 0n, 1n]) numbers.add(10n ** digits + more);
    for (let digit = 0n; digit < 16n; digit++) numbers.add(digit * 0x1111_1111_1111_1111n);
    const values: ValueSpec[] = [];
    for (const number of numbers) {
      const made = Buffer.alloc(8);
      made.writeBigUInt64LE(number);
      for (const type of [0x03, 0x04, 0x05, 0x06, 0x07, 0x08, 0x0a, 0x14, 0x15]) values.push(v.raw(type, made));
    }
    expectFast(values);
    // The rare types, and what is too short or longer than its type.
    const short: ValueSpec[] = [];
    for (let type = 0; type < 256; type++) {
      if (type === 0x21) continue;
      for (const length of [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 15, 16, 17]) short.push(v.raw(type, Buffer.alloc(length, 0x83)));
    }
    expectValues(short);
  });

  test('times', () => {
    const ticks = (ms: number): bigint => (BigInt(ms) + 11_644_473_600_000n) * 10_000n;
    const values: ValueSpec[] = [];
    const add = (time: bigint): void => void values.push(v.filetime(BigInt.asUintN(64, time)));
    for (let year = 1601; year < 10_000; year++) {
      for (const month of [0, 2]) {
        const begin = Date.UTC(year, month, 1);
        add(ticks(begin));
        add(ticks(begin) - 1n);
      }
    }
    for (const year of [1600, 1970, 2000, 2100, 2399, 2400, 9996]) {
      for (let day = 0; day < 366; day++) add(ticks(Date.UTC(year, 0, 1 + day)) + BigInt(day) * 12_345_678_901n);
    }
    expectFast(values, 0.99);
    const special: ValueSpec[] = [0n, 1n, 9_999_999n, 10_000_000n, TICKS, (1n << 63n) - 1n, 1n << 63n, (1n << 64n) - 1n].map(
      v.filetime,
    );
    for (const year of [1969, 1970, 9999, 10_000, 10_001, 12_345, 28_000, 29_000, 60_055, 60_056, 60_057]) {
      const begin = ticks(Date.UTC(year, 0, 1));
      for (const more of [-1n, 0n, 1n, 9_999_999n, 10_000_000n]) special.push(v.filetime(BigInt.asUintN(64, begin + more)));
    }
    expectValues(special);
  });

  test('SIDs', () => {
    const random = new Random(1);
    const values: ValueSpec[] = [];
    for (let parts = 0; parts < 256; parts++) {
      const made = Buffer.from(range(8 + 4 * parts + 3, () => random.below(256)));
      if (parts % 3 === 0) made.fill(0xff, 8);
      if (parts % 16 === 0) made.fill(0xff, 2, 8);
      for (const [declared, length] of [
        [parts, 8 + 4 * parts],
        [255, 8 + 4 * parts],
        [random.below(256), 8 + 4 * parts + random.below(4)],
        [parts >> 1, 8 + 4 * parts],
      ] as const) {
        const sid = Buffer.from(made.subarray(0, length));
        sid[1] = declared;
        values.push(v.raw(0x13, sid));
      }
    }
    expectFast(values);
    expectValues(range(12, (length) => v.raw(0x13, Buffer.alloc(length, 1))));
  });

  test('GUIDs and binary values', () => {
    const random = new Random(2);
    const noise = (length: number) => Buffer.from(range(length, () => random.below(256)));
    expectFast(range(300, () => v.raw(0x0f, noise(16 + random.below(3)))));
    const lengths = [...range(40, (i) => i), 255, 256, 257, 4095, 4096, 16_383, 40_000, 45_000];
    expectFast(lengths.map((length) => v.raw(0x0e, noise(length))));
  });
});

describe('an event that is longer than what is written at once', () => {
  /** As many bytes as a chunk has room for. */
  const huge = (record: PartSpec): Buffer => evtxLog([new ChunkWriter().record(record).finish()]);
  const repeated = (values: readonly ValueSpec[], of: readonly number[]): PartSpec => {
    const data = template(el('EventData', {}, ...of.map((value, i) => el('Data', { Name: `x${i}` }, sub(value)))));
    return eventRecord(1, instance(data, ...values));
  };
  const repeatedJson = (values: readonly ValueSpec[], of: readonly number[]): string => {
    return `{${of.map((value, i) => `"x${i}":${valueJson(values[value]!, false)}`).join(',')}}`;
  };

  test('of the longest values', () => {
    const values = [v.raw(0x0e, Buffer.alloc(62_000, 0xa5))];
    const fields = [0, 0, 0, 0, 0, 0, 0];
    expectLog(huge(repeated(values, fields)), [repeatedJson(values, fields)]);
    const strings = [v.string('"\\'.repeat(15_000)), v.nothing()];
    const more = [0, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0, 1];
    expectLog(huge(repeated(strings, more)), [repeatedJson(strings, more)]);
  });

  test('of values of any length', () => {
    const random = new Random(3);
    for (let run = 0; run < 20; run++) {
      let room = 50_000;
      const values = range(8, () => {
        const length = random.below(Math.min(room, random.pick([10, 3000, 50_000])));
        room -= length;
        const sign = random.pick(['x', '"', '\\', 'x"', 'yyyyyyyé', '\u202e']);
        if (random.below(3) === 0) return v.raw(0x0e, Buffer.alloc(length, random.below(256)));
        return random.below(6) === 0 ? v.uint32(length) : v.string(sign.repeat(length).slice(0, length >> 1));
      });
      const of = range(60, () => random.below(values.length));
      expectLog(huge(repeated(values, of)), [repeatedJson(values, of)]);
    }
    expect(fields).toBeGreaterThan(1200);
  });

  test('of the longest names', () => {
    // Six bytes each for what is escaped.
    const name = '\u200b'.repeat(25_000);
    const data = template(
      el('EventData', {}, el('Data', { Name: 'a' }, sub(0)), el('Data', { Name: name }, sub(0)), el('Data', {}, sub(1))),
    );
    const values = [v.raw(0x0e, Buffer.alloc(9000, 1)), v.uint32(7)];
    const json = `{"a":${valueJson(values[0]!, false)},"${'\\u200b'.repeat(25_000)}":${valueJson(values[0]!, false)},"Data":"7"}`;
    expectLog(huge(eventRecord(1, instance(data, ...values))), [json]);
  });
});

describe('the memory is full, or emptied', () => {
  test('of names: many shapes', () => {
    const random = new Random(4);
    // Names of which each character takes six bytes: about 150 KB for each shape.
    const chunks = range(120, (i) => {
      const names = range(250, (j) => `${i}-${j}${'\u202e'.repeat(90)}`);
      const data = template(el('EventData', {}, ...names.map((name, j) => el('Data', { Name: name }, sub(j)))));
      const values = range(250, (j) => random.pick([v.uint32(j), v.string('x'), v.string('é'), v.nothing()]));
      return new ChunkWriter().record(eventRecord(1, instance(data, ...values))).finish();
    });
    const forgets = forgetsDuring(() => expectLog(evtxLog(chunks), null));
    expect(forgets).toBeGreaterThanOrEqual(2);
    expect(forgets).toBeLessThan(50);
    expect(fields).toBeGreaterThan(40_000);
  });

  test('between events and within them', () => {
    const random = new Random(5);
    const chunk = new ChunkWriter();
    const data: string[] = [];
    for (let i = 0; i < 60; i++) {
      const values = range(20, () => random.pick([v.uint32(i), v.string('x'), v.string('é'), v.strings('a', 'b'), v.nothing()]));
      chunk.record(eventRecord(i, dataOf(values)));
      data.push(dataJson(values));
    }
    before = () => {
      if (random.below(3) === 0) compiled.memory!.forget();
    };
    const forgets = forgetsDuring(() => expectLog(evtxLog([chunk.finish()]), data));
    expect(forgets).toBeGreaterThan(100);
    expect(calls).toBeGreaterThan(500);
  });

  test('of the names of a single event: no room even in an empty one', () => {
    // Names may lie over each other: 4,500 different ones of 847 characters, each of which takes six bytes in JSON.
    const log = evtxLog([overlappingNames(4500)]);
    const reader = new OpenLog(compiled, log);
    const event = reader.next()!;
    expect(event.shape.dataFields.size).toBe(4500);
    const wanted = plainly(event, compiled);
    // Twice: what could not be kept must not be taken for what is.
    for (let time = 0; time < 2; time++) expectWritten(event, wanted, 'the event');
    expect(reader.next()).toBeNull();
  });
});

/** Reads logs at the same time and writes their events, whichever chunk lies in the memory. */
function expectInTurns(logs: readonly Buffer[], random: Random, blocks: readonly (Buffer | null)[]): void {
  const wanted = logs.map((log) => {
    const all: EventJson[] = [];
    const reader = new OpenLog(plain, log);
    for (let event = reader.next(); event !== null; event = reader.next()) all.push(plainly(event, plain));
    return all;
  });
  const readers = logs.map((log, i) => new OpenLog(compiled, log, { block: blocks[i] ?? null }));
  const at = logs.map(() => -1);
  const events: (EvtxEvent | null)[] = logs.map(() => null);
  for (let left = logs.length; left > 0; ) {
    const i = random.below(logs.length);
    if (at[i]! < wanted[i]!.length) {
      events[i] = readers[i]!.next();
      at[i]!++;
      if (events[i] === null) left--;
    }
    for (const j of [i, random.below(logs.length)]) {
      const event = events[j];
      if (event != null) expectWritten(event, wanted[j]![at[j]!]!, `event ${at[j]} of log ${j}`);
    }
  }
  for (const [i, all] of wanted.entries()) expect(at[i]).toBe(all.length);
}

describe('logs that are read in turns', () => {
  const logs = (random: Random, count: number): Buffer[] => {
    const value = () =>
      random.pick([v.uint32(random.below(1e6)), v.string('x'.repeat(random.below(9))), v.string('é'), v.nothing(), v.hex64(7n)]);
    const record = (): PartSpec =>
      eventRecord(random.below(3), dataOf(range(random.pick([3, 4, 9]), value)), BigInt(random.below(99)));
    const chunk = () =>
      range(30, record)
        .reduce((made, one) => made.record(one), new ChunkWriter())
        .finish();
    return range(count, () => evtxLog(range(1 + random.below(2), chunk)));
  };

  test('are written as they are alone', () => {
    const random = new Random(6);
    const memory = compiled.memory!;
    const blocks = [memory.block(CHUNK), null, memory.block(CHUNK), null];
    for (let run = 0; run < 10; run++) expectInTurns(logs(random, 2 + random.below(3)), random, blocks);
    expect(fields).toBeGreaterThan(10_000);
  });

  test('are written as they are alone, also when there are more than there is room for', () => {
    const random = new Random(7);
    expectInTurns(logs(random, 14), random, []);
    // No room for any.
    const memory = compiled.memory!;
    while (memory.reserve(1) !== null);
    fields = 0;
    for (let run = 0; run < 5; run++) expectInTurns(logs(random, 3), random, []);
    expect(fields).toBeGreaterThan(3000);
  });
});

test('records without a template, and templates in templates', () => {
  const random = new Random(8);
  const chunk = new ChunkWriter();
  const deep = template(el('UserData', {}, el('Wrap', { a: sub(0) }, sub(1), el('B', {}, opt(2)), el('B', {}, sub(3)))));
  for (let i = 0; i < 60; i++) {
    const number = v.uint32(random.below(1000));
    const inner = instance(
      deep,
      number,
      v.binxml(dataOf([number, v.string('y')])),
      random.pick([number, v.nothing()]),
      v.string('z'),
    );
    const data = el('Data', { Name: 'a' }, inline(number), 'b');
    chunk.record(random.pick([eventRecord(i, inner), eventRecord(i, el('EventData', {}, data, el('Data', {}, inline(number))))]));
    chunk.record(el('Event', {}, el('System', {}, el('EventID', {}, inline(v.uint16(i)))), el('EventData', {}, data)));
  }
  expectLog(evtxLog([chunk.finish()]), null);
  expect(fields).toBeGreaterThan(500);
});
