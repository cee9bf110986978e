/** Random logs whose records have a few templates, one in another, and Systems that change and change back; and damage to them. */
import type { EvtxEvent } from '../../src/logs/evtx/event.ts';
import {
  CHUNK,
  ChunkWriter,
  dependsOn,
  el,
  empty,
  evtxLog,
  HEADER,
  inline,
  instance,
  type Node,
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

const utf16 = (text: string) => Buffer.from(text, 'utf16le');
const data = (name: string, ...content: Parameters<typeof el>[2][]) => el('Data', { Name: name }, ...content);

/** Around 116 characters: longer ones are not kept by the compiled code. */
const LONG = Array.from({ length: 8 }, (_, i) => 'x'.repeat(112 + i));
/** What Channel and Computer may be. */
const NAMES: readonly ValueSpec[] = [
  v.string('Security'),
  v.string('security'),
  v.string('Securitz'),
  v.string('Security\0'),
  v.string('Sec'),
  v.string(''),
  v.nothing(),
  v.raw(0x00, utf16('Security')),
  v.raw(0x01, Buffer.concat([utf16('Security'), Buffer.from('x')])),
  v.raw(0x0e, utf16('Security')),
  v.raw(0x16, utf16('Security')),
  v.ansi(Buffer.from('Security')),
  v.ansi(Buffer.from('S\0e\0c\0')),
  v.strings('Security', 'System'),
  v.strings('', 'System'),
  v.raw(0x81, Buffer.alloc(0)),
  v.uint16(8),
  v.sid(5, 18),
  ...LONG.flatMap((text) => [v.string(text), v.string(`${text.slice(1)}y`), v.string(`y${text.slice(1)}`)]),
  v.raw(0x01, Buffer.concat([utf16(LONG[4]!), Buffer.from('x')])),
  v.string('é'.repeat(118)),
  v.string('z'.repeat(300)),
];
const EVENT_IDS: readonly ValueSpec[] = [
  v.uint16(1),
  v.uint16(4688),
  v.uint16(0),
  v.uint16(0xffff),
  v.uint32(4688),
  v.string('4688'),
  v.string('x'),
  v.nothing(),
  v.raw(0x06, Buffer.from([1])),
  v.raw(0x06, Buffer.from([1, 2, 3])),
  v.raw(0x06, Buffer.alloc(0)),
  v.array(v.uint16(1), v.uint16(2)),
  v.uint8(7),
];
const TIMES: readonly ValueSpec[] = [
  ...[0n, 1n, 9n, 10n, 10_000_019n, 26_000_000_000_000_013n, 200_000_000_000_000_000n, 1n << 62n, 1n << 63n].flatMap((ticks) => [
    v.filetime(ticks),
    v.filetime(BigInt.asUintN(64, ticks - 1n)),
  ]),
  v.raw(0x11, Buffer.alloc(7, 1)),
  v.raw(0x11, Buffer.alloc(9, 1)),
  v.systemtime([2020, 1, 1, 2, 3, 4, 5, 6]),
  v.string('2019-05-11T17:58:23.4185632Z'),
  v.string('never'),
  v.nothing(),
  v.uint64(TICKS),
  v.array(v.filetime(TICKS), v.filetime(0n)),
];
const OTHERS: readonly ValueSpec[] = [
  v.string('C:\\Windows\\System32\\cmd.exe'),
  v.string('é'),
  v.nothing(),
  v.uint32(7),
  v.hex64(0x3e7n),
  v.binary('00ff'),
  v.strings('a', 'b'),
  v.raw(0x21, Buffer.alloc(0)),
];

interface SystemParts {
  readonly provider?: PartSpec;
  readonly time?: PartSpec | readonly PartSpec[];
  readonly eventIds: readonly PartSpec[];
  readonly channel: readonly (PartSpec | string)[];
  readonly computer: readonly (PartSpec | string)[];
  /** The value that Channel and Computer go with. */
  readonly depends?: number;
}

function system({ provider = sub(0), time = sub(4), eventIds, channel, computer, depends }: SystemParts): Node {
  const go = (name: string, parts: readonly (PartSpec | string)[]) => {
    return depends === undefined ? el(name, {}, ...parts) : dependsOn(depends, el(name, {}, ...parts));
  };
  return el(
    'System',
    {},
    empty(el('Provider', { Name: provider })),
    ...eventIds.map((one) => el('EventID', {}, one)),
    empty(el('TimeCreated', { SystemTime: time })),
    el('EventRecordID', {}, sub(5)),
    go('Channel', channel),
    go('Computer', computer),
  );
}

/** Value 1 EventID, 2 Channel, 3 Computer, 6 event data, 7 more event data. */
const DATA = 6;
const OUTERS: readonly TemplateSpec[] = [
  template(el('Event', {}, system({ eventIds: [opt(1)], channel: [sub(2)], computer: [sub(3)] }), opt(DATA))),
  // The same structure in another template, and with optional values.
  template(el('Event', {}, system({ eventIds: [opt(1)], channel: [sub(2)], computer: [sub(3)] }), opt(DATA))),
  template(
    el(
      'Event',
      {},
      system({ eventIds: [sub(1)], channel: [opt(2)], computer: [opt(3)], time: opt(4), depends: 0 }),
      opt(DATA),
      opt(7),
    ),
  ),
  // Not a single value; the one for the other.
  template(
    el(
      'Event',
      {},
      system({ eventIds: [sub(1), sub(1)], channel: ['x', sub(2)], computer: [sub(2)], time: [sub(4), sub(8)] }),
      opt(7),
    ),
  ),
  template(el('Event', {}, system({ eventIds: [inline(v.uint16(1))], channel: ['Test'], computer: [sub(9)] }), sub(DATA))),
  // Event data of its own, and none that is nested.
  template(
    el(
      'Event',
      {},
      system({ eventIds: [sub(1)], channel: [sub(2)], computer: [sub(3)] }),
      el('EventData', {}, data('A', sub(6)), data('B', opt(7)), data('Channel', sub(2))),
    ),
  ),
  // Everything is in the inner one.
  template(el('Event', {}, sub(DATA))),
];
const INNERS: readonly TemplateSpec[] = [
  template(el('EventData', {}, data('A', sub(0)), data('B', sub(1)))),
  template(el('EventData', {}, data('A', opt(0)), dependsOn(1, data('B', sub(1))), data('C', sub(2)))),
  template(el('UserData', {}, el('Wrap', { a: sub(0) }, el('Channel', {}, sub(1))))),
  template(el('EventData', {}, data('A', sub(1)), el('Inside', {}, sub(0)))),
  // Names that are values: records with it have layouts of their own.
  template(el('EventData', {}, el('Data', { Name: sub(0) }, sub(1)))),
];
const SYSTEM_INSIDE = template(system({ eventIds: [sub(1)], channel: [sub(2)], computer: [sub(3)] }) as TemplateSpec['root']);

/** Most of the time what it was the last time. */
class Sticky {
  readonly #random: Random;
  readonly #last = new Map<string, unknown>();
  readonly #oneIn: number;

  constructor(random: Random) {
    this.#random = random;
    this.#oneIn = random.pick([1, 2, 4, 12]);
  }

  pick<T>(what: string, list: readonly T[]): T {
    if (this.#last.has(what) && this.#random.below(this.#oneIn) > 0) return this.#last.get(what) as T;
    const chosen = this.#random.pick(list);
    this.#last.set(what, chosen);
    return chosen;
  }
}

function section(random: Random, sticky: Sticky): Node {
  const inner = sticky.pick('inner', INNERS);
  const values = [random.pick(OTHERS), random.pick(OTHERS), random.pick(OTHERS)].slice(0, sticky.pick('innerCount', [3, 2, 1]));
  // A template in the inner one: nothing for the short way.
  if (random.below(20) === 0) values[0] = v.binxml(instance(INNERS[0]!, random.pick(OTHERS), random.pick(OTHERS)));
  return random.below(12) === 0 ? el('EventData', {}, data('A', 'x'), instance(inner, ...values)) : instance(inner, ...values);
}

/** The values of System, by their numbers in its templates. */
function systemValues(random: Random, sticky: Sticky): ValueSpec[] {
  return [
    random.below(10) === 0 ? v.nothing() : v.string('Test'),
    sticky.pick('eventId', EVENT_IDS),
    sticky.pick('channel', NAMES),
    sticky.pick('computer', NAMES),
    random.below(4) === 0 ? random.pick(TIMES) : v.filetime(TICKS + BigInt(random.below(1000))),
    v.uint64(BigInt(random.below(1000))),
  ];
}

function record(random: Random, sticky: Sticky): PartSpec {
  const outer = sticky.pick('outer', OUTERS);
  const values = systemValues(random, sticky);
  if (outer === OUTERS.at(-1)) values.push(v.binxml(instance(SYSTEM_INSIDE, ...systemValues(random, sticky))));
  else {
    const nested = () => v.binxml(section(random, sticky));
    const other = () => random.pick(OTHERS);
    if (random.below(8) === 0) values.push(random.below(4) === 0 ? nested() : other());
    else if (sticky.pick('more', [false, false, true])) {
      // One or the other, rarely both.
      const both = random.below(12) === 0;
      const first = both || random.below(2) === 0;
      values.push(first ? nested() : other(), both || !first ? nested() : other(), v.string('more'));
    } else values.push(nested());
  }
  // Fewer than the template asks for.
  return instance(outer, ...(random.below(15) === 0 ? values.slice(0, random.below(values.length)) : values));
}

/** More than any record takes, with the definitions in it. */
const MOST_BYTES = 6000;

/** A chunk, with at most `records` of them. */
export function randomChunk(random: Random, records: number, firstId = 1): ChunkWriter {
  const chunk = new ChunkWriter(firstId);
  const sticky = new Sticky(random);
  for (let i = 0; i < records && chunk.at + MOST_BYTES < CHUNK; i++) {
    // A record without a template in between.
    if (random.below(40) === 0)
      chunk.record(el('Event', {}, el('EventData', {}, data('A', inline(random.pick([v.string('x'), v.uint8(1)]))))));
    else chunk.record(record(random, sticky));
  }
  return chunk;
}

export function randomLog(random: Random, chunks: number, records: number): Buffer {
  let id = 1;
  return evtxLog(
    Array.from({ length: chunks }, () => {
      const chunk = randomChunk(random, records, id);
      id += chunk.records.length;
      const bytes = chunk.finish();
      return random.below(3) === 0 ? withSlack(bytes, chunk.records, random) : bytes;
    }),
  );
}

/** Some of the last records are no longer live; the header may still count them, and something may lie over them. */
export function withSlack(bytes: Buffer, records: readonly number[], random: Random): Buffer {
  const cut = random.pick(records);
  bytes.writeUInt32LE(cut, 48);
  if (random.below(2) === 0) bytes.writeBigUInt64LE(bytes.readBigUInt64LE(24) + BigInt(records.indexOf(cut)), 32);
  if (random.below(2) === 0) bytes.fill(random.below(256), cut, cut + random.below(400));
  return bytes;
}

/** A template instance as it stands in a chunk: its token, the place of its count of values, and how many there are. */
interface PlacedInstance {
  readonly token: number;
  readonly counted: number;
  readonly count: number;
}

/** The instances of a chunk that is whole, one in another. */
export function instancesOf(bytes: Buffer, records: readonly number[]): PlacedInstance[] {
  const found: PlacedInstance[] = [];
  const look = (start: number): void => {
    const token = bytes[start] === 0x0f ? start + 4 : start;
    if (bytes[token] !== 0x0c) return;
    const inside = bytes.readUInt32LE(token + 6) === token + 10;
    const counted = inside ? token + 34 + bytes.readUInt32LE(token + 30) : token + 10;
    const count = bytes.readUInt32LE(counted);
    found.push({ token, counted, count });
    let value = counted + 4 + 4 * count;
    for (let i = 0; i < count; i++) {
      const head = bytes.readUInt32LE(counted + 4 + 4 * i);
      if (((head >>> 16) & 0xff) === 0x21 && (head & 0xffff) > 0) look(value);
      value += head & 0xffff;
    }
  };
  for (const start of records) look(start + 24);
  return found;
}

/** What is escaped in JSON, as `\u034f`; as a count of characters, a name that is longer than most and not too long. */
const ESCAPED_UNIT = 0x034f;

/** A chunk with one record of as many elements, whose names are all different and lie over each other: each has 847 characters. */
export function overlappingNames(elements: number): Buffer {
  const chunk = new ChunkWriter();
  const units = elements + ESCAPED_UNIT + 8;
  const names = CHUNK - 64 - 2 * units;
  const random = new Random(1);
  for (let i = 0; i < units; i++) {
    // A few others, so that no two names are the same.
    chunk.bytes.writeUInt16LE(random.below(40) === 0 ? ESCAPED_UNIT - 1 : ESCAPED_UNIT, names + 2 * i);
  }
  const start = chunk.at;
  chunk.record();
  // Back in front of the end of the fragment.
  chunk.at = start + 28;
  for (const name of ['Event', 'EventData']) {
    chunk.u8(0x01);
    chunk.u32(0);
    chunk.name(name);
    chunk.u8(0x02);
  }
  for (let i = 0; i < elements; i++) {
    chunk.u8(0x01);
    chunk.u32(0);
    chunk.u32(names + 2 * i);
    chunk.u8(0x03);
  }
  chunk.u8(0x04, 0x04, 0x00);
  if (chunk.at > names) throw new RangeError(`${elements} elements do not fit`);
  chunk.at = CHUNK;
  const size = CHUNK - start;
  for (const at of [start + 4, CHUNK - 4]) chunk.bytes.writeUInt32LE(size, at);
  return chunk.finish();
}

const EDGES = [0, 1, 2, 3, 7, 8, 0x7f, 0xff, 0x1ff, 0x3ffe, 0x3fff, 0x4000, 0x7fff, 0x8000, 0xfffe, 0xffff, 0x10000, 0x1_0008];
const WIDE_EDGES = [...EDGES, 0x3fff_ffff, 0x4000_0000, 0x7fff_ffff, 0x8000_0000, 0xffff_fff8, 0xffff_ffff];
const TYPES = [0x00, 0x01, 0x06, 0x21, 0x21, 0x81, 0xa1, 0xff];

/** Changes a chunk whose records and instances stood there; what breaks the most is where instances say how many, where and how long. */
export function damage(bytes: Buffer, records: readonly number[], instances: readonly PlacedInstance[], random: Random): void {
  for (let changes = 1 + random.below(4); changes > 0; changes--) change(bytes, records, instances, random);
}

function change(bytes: Buffer, records: readonly number[], instances: readonly PlacedInstance[], random: Random): void {
  const { token, counted, count } = instances.length > 0 ? random.pick(instances) : { token: 512, counted: 522, count: 1 };
  const head = counted + 4 + 4 * random.below(Math.max(1, count));
  const u16 = (at: number, value: number) => bytes.writeUInt16LE(value & 0xffff, Math.min(at, CHUNK - 4));
  const u32 = (at: number, value: number) => bytes.writeUInt32LE(value >>> 0, Math.min(at, CHUNK - 4));
  const near = (at: number) => bytes.readUInt32LE(Math.min(at, CHUNK - 4)) + random.below(17) - 8;
  switch (random.below(14)) {
    case 0:
      bytes[512 + random.below(CHUNK - 512)]! ^= 1 << random.below(8);
      return;
    case 1:
      bytes[token + random.below(16)] = random.pick([0x00, 0x01, 0x0c, 0x0f, 0x21, 0xff]);
      return;
    case 2:
      u32(counted, random.pick([random.pick(WIDE_EDGES), near(counted)]));
      return;
    case 3:
    case 4:
      u16(head, random.pick([random.pick(EDGES), near(head)]));
      return;
    case 5:
      bytes[head + 2] = random.pick(TYPES);
      return;
    case 6:
      // It is no part of the head.
      bytes[head + 3] = random.below(256);
      return;
    case 7:
    case 8: {
      const other = bytes.readUInt32LE(random.pick(instances).token + 6);
      u32(token + 6, random.pick([other, other, token + 10, random.pick(WIDE_EDGES), near(token + 6), random.below(CHUNK)]));
      return;
    }
    case 9: {
      // The size of the definition that it names.
      const definition = Math.min(bytes.readUInt32LE(token + 6), CHUNK - 32);
      u32(definition + 20, random.pick([random.pick(WIDE_EDGES), near(definition + 20), CHUNK - definition - 24]));
      return;
    }
    case 10: {
      // A record's BinXML in another one's place, cut where that ends.
      const [from, to] = [random.pick(records), random.pick(records)];
      const room = bytes.readUInt32LE(to + 4) - 28;
      if (room > 0 && to + 24 + room <= CHUNK) bytes.copy(bytes, to + 24, from + 24, Math.min(from + 24 + room, CHUNK));
      return;
    }
    case 11:
      // Another instance's bytes, at their own offsets or not.
      bytes.copy(
        bytes,
        token,
        random.pick(instances).token,
        Math.min(CHUNK, random.pick(instances).token + 1 + random.below(64)),
      );
      return;
    case 12:
      // What it says of the template's GUID.
      u32(token + 2, random.below(4));
      return;
    default:
      bytes.fill(random.pick([0, 0xff]), head, Math.min(CHUNK, head + random.below(40)));
  }
}

/** Layouts by all of them but what is a number of their own thread. */
const layoutNumbers = new Map<string, number>();
const layoutsSeen = new WeakMap<object, number>();

/** The same for layouts of different threads that are the same. */
function layoutNumber(layout: EvtxEvent['layout']): number {
  let number = layoutsSeen.get(layout);
  if (number === undefined) {
    const text = layoutText(layout);
    number = layoutNumbers.get(text) ?? layoutNumbers.size;
    layoutNumbers.set(text, number);
    layoutsSeen.set(layout, number);
  }
  return number;
}

function layoutText({ shape, access, roots, specials }: EvtxEvent['layout']): string {
  return JSON.stringify([
    [...shape.systemFields],
    [...shape.dataFields],
    shape.system,
    [...access],
    specials.map(({ literal, value, parts, needed }) => [literal?.text, value, parts, needed]),
    roots,
  ]);
}

/** What is known of a record at once: layout and values. */
export function placeText({ index, offset, recovered, layout, values: { offsets, heads, count } }: EvtxEvent): string {
  let text = `${index} ${offset} ${recovered} layout ${layoutNumber(layout)}, ${count} values`;
  for (let i = 0; i < count; i++) text += ` ${offsets[i]!}+${heads[i]!}`;
  return text;
}

/** What is found out when it is asked for. */
export const ASKED = ['channel', 'computer', 'eventId', 'timeUs', 'provider'] as const;
export type Asked = (typeof ASKED)[number];

export interface Facts extends Readonly<Record<Asked, string | number>> {
  readonly place: string;
}

export function factsOf(event: EvtxEvent): Facts {
  const { channel, computer, eventId, timeUs, provider } = event;
  return { place: placeText(event), channel, computer, eventId, timeUs, provider };
}

export { CHUNK, HEADER };
