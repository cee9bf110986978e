/** Records that are recognised by what is known of others, against the scanners, which know nothing: also damaged, also cut. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAccelerator } from '../../src/accel/accelerator.ts';
import { ThreadContext } from '../../src/engine/thread-context.ts';
import type { KnownRecord as KnownJsonRecord } from '../../src/logs/json/holes.ts';
import { layoutOf as jsonLayout } from '../../src/logs/json/layout.ts';
import { JsonScanner } from '../../src/logs/json/scanner.ts';
import { TextEvent } from '../../src/logs/text/text-event.ts';
import type { KnownRecord as KnownXmlRecord } from '../../src/logs/xml/holes.ts';
import { layoutOf as xmlLayout } from '../../src/logs/xml/layout.ts';
import { XmlScanner } from '../../src/logs/xml/scanner.ts';
import { eventXml, readJson, readXml } from '../logs/support.ts';
import { tries } from '../support/random.ts';

const thread = new ThreadContext(createAccelerator);
const RUNS = { numRuns: tries(200) };
/** What `Carry` writes behind the last byte. */
const SENTINEL = `<${'\0'.repeat(15)}`;

/** The text's bytes; those from `cut` on are left over from another block. */
function bytesOf(text: string, cut?: number): { buffer: Buffer; end: number } {
  const bytes = Buffer.from(text);
  const end = Math.min(cut ?? bytes.length, bytes.length);
  const buffer = Buffer.concat([bytes, Buffer.alloc(32)]);
  buffer.write(SENTINEL, end, 'latin1');
  return { buffer, end };
}

interface Outcome {
  readonly after: number;
  readonly node: unknown;
  readonly values: readonly unknown[];
}

/** One way of each kind to read a record. */
interface Ways {
  /** null when the record is not known. */
  known(buffer: Buffer, end: number): Outcome | null;
  scanned(buffer: Buffer, end: number): Outcome;
}

function valuesOf(event: TextEvent, layout: Parameters<TextEvent['begin']>[0], buffer: Buffer): unknown[] {
  event.begin(layout, buffer, 0, 0);
  return Array.from({ length: event.count }, (_, slot) => event.value(slot));
}

function xmlWays(): Ways {
  const event = new TextEvent(thread);
  const known = thread.accelerator!.knownRecords<KnownXmlRecord>('xml', event);
  const scanner = new XmlScanner(event, thread);
  const outcome = (after: number, node: XmlScanner['node'], fields: number, buffer: Buffer): Outcome => {
    if (after < 0) return { after, node: null, values: [] };
    node.layout ??= xmlLayout(node, fields);
    return { after, node, values: valuesOf(event, node.layout, buffer) };
  };
  return {
    known(buffer, end) {
      const found = known.recognise(buffer, 0, end);
      return found === null ? null : outcome(known.after, found.node, found.fields, buffer);
    },
    scanned(buffer, end) {
      scanner.reset();
      return outcome(scanner.scanAnew(buffer, 0, end), scanner.node, scanner.fields, buffer);
    },
  };
}

function jsonWays(): Ways {
  const event = new TextEvent(thread);
  const known = thread.accelerator!.knownRecords<KnownJsonRecord>('json', event);
  const scanner = new JsonScanner(event, thread, false);
  const outcome = (after: number, node: JsonScanner['node'], buffer: Buffer): Outcome => {
    if (after < 0) return { after, node: null, values: [] };
    node.layout ??= jsonLayout(node, event.count, []);
    return { after, node, values: valuesOf(event, node.layout, buffer) };
  };
  return {
    known(buffer, end) {
      known.reset();
      const found = known.recognise(buffer, 0, end);
      return found === null ? null : outcome(known.after, found.node, buffer);
    },
    scanned(buffer, end) {
      scanner.reset();
      return outcome(scanner.scanAnew(buffer, 0, end), scanner.node, buffer);
    },
  };
}

/** Whatever is recognised is what the scanner reads; true when it was recognised. */
function agree(ways: Ways, text: string, cut?: number): boolean {
  const { buffer, end } = bytesOf(text, cut);
  const found = ways.known(buffer, end);
  const plain = ways.scanned(buffer, end);
  if (found !== null) expect(found, JSON.stringify([text, cut])).toEqual(plain);
  if (found !== null) expect(found.node === plain.node).toBe(true);
  return found !== null;
}

/** Learns `first`, then reads it again, `second` (other values), and both with a fault. */
function check(
  ways: Ways,
  first: string,
  second: string,
  fault: { at: number; length: number; text: string },
  cut: number,
): void {
  for (let i = 0; i < 3; i++) agree(ways, first);
  agree(ways, second);
  for (const text of [first, second]) {
    const at = fault.at % text.length;
    agree(ways, text.slice(0, at) + fault.text + text.slice(at + fault.length));
    agree(ways, text, cut % Buffer.byteLength(text));
  }
}

const fault = (texts: readonly string[]): fc.Arbitrary<{ at: number; length: number; text: string }> =>
  fc.record({ at: fc.nat(), length: fc.nat({ max: 3 }), text: fc.constantFrom(...texts) });

test('XML', () => {
  const value = fc.oneof(
    fc.string({
      unit: fc.constantFrom('a', ' ', '\r', '\n', 'ü', '&amp;', '&', '\0', '"', "'", '>', 'long'.repeat(9)),
      maxLength: 6,
    }),
    fc.constant('<![CDATA[x]]>'),
  );
  const name = fc.constantFrom('A', 'B', 'Image', 'TargetFilename');
  const blank = fc.constantFrom('', '', '\r\n  ');
  /** A piece of a record with one of two values. */
  type Piece = (which: 0 | 1) => string;
  const valued = (wrap: (text: string) => string): fc.Arbitrary<Piece> =>
    fc.tuple(value, value).map(
      (pair): Piece =>
        (which) =>
          wrap(pair[which]),
    );
  const datum: fc.Arbitrary<Piece> = fc.oneof(
    name.chain((key) => valued((text) => `<Data Name="${key}">${text}</Data>`)),
    name.chain((key) => valued((text) => `<Data Name='${key}'>${text}</Data>`)),
    name.map(
      (key): Piece =>
        () =>
          `<Data Name="${key}"/>`,
    ),
    valued((text) => `<Data>${text}</Data>`),
    valued((text) => `<Binary>${text}</Binary>`),
    fc.constant<Piece>(() => '<Binary/>'),
  );
  const field: fc.Arbitrary<Piece> = fc.oneof(
    name.chain((key) => valued((text) => `<${key}>${text}</${key}>`)),
    name.map(
      (key): Piece =>
        () =>
          `<${key} xmlns="y"/>`,
    ),
  );
  const list = (open: string, close: string, item: fc.Arbitrary<Piece>): fc.Arbitrary<Piece> =>
    fc.tuple(fc.array(item, { minLength: 1, maxLength: 5 }), blank).map(
      ([items, gap]): Piece =>
        (which) =>
          `${open}${items.map((each) => gap + each(which)).join('')}${gap}${close}`,
    );
  const section = fc.oneof(
    list('<EventData>', '</EventData>', datum),
    list('<UserData><W xmlns="x">', '</W></UserData>', field),
    fc.constant<Piece>(() => '<EventData/>'),
    valued((text) => `<RenderingInfo Culture="en"><Message>${text}</Message></RenderingInfo>`),
  );
  const attribute = fc.oneof(
    valued((text) => ` ProcessID="${text}"`),
    valued((text) => ` ThreadID='${text}'`),
  );
  const system = fc.oneof(
    valued((text) => `<Channel>${text}</Channel>`),
    fc.constant<Piece>(() => '<Correlation/>'),
    fc.array(attribute, { maxLength: 2 }).map(
      (all): Piece =>
        (which) =>
          `<Execution${all.map((each) => each(which)).join('')}/>`,
    ),
  );
  const record = fc.tuple(fc.array(system, { maxLength: 4 }), fc.array(section, { maxLength: 2 }), blank).map(
    ([elements, sections, gap]): Piece =>
      (which) =>
        `<Event xmlns="x">${gap}<System>${elements.map((each) => each(which)).join(gap)}</System>${sections
          .map((each) => gap + each(which))
          .join('')}</Event>`,
  );
  const ways = xmlWays();
  fc.assert(
    fc.property(
      record,
      fault(['', '<', '>', '/', '"', "'", '&', ' ', 'x', '\0', '</Data>', '<Data Name="A"/>', '</Event>', '<!-- -->']),
      fc.nat(),
      (make, wrong, cut) => check(ways, make(0), make(1), wrong, cut),
    ),
    RUNS,
  );
});

test('JSON', () => {
  const string = fc
    .string({ unit: fc.constantFrom('a', '"', '\\', '\n', 'ü', ' ', 'x'.repeat(40), 'C:\\'), maxLength: 8 })
    .map((text) => JSON.stringify(text));
  const scalar = fc.oneof(
    string,
    fc.integer().map(String),
    fc.constantFrom('true', 'false', 'null', '0', '-1', '1.5e3', '01', '-', 'nul', '""'),
  );
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 3 }).map((items) => `[${items.join(',')}]`),
    fc.constantFrom('[[1]]', '[ ]', '[{"a":1}]', '{"b":"c"}', '{}'),
  );
  const colon = fc.constantFrom(':', ': ', ' :');
  const comma = fc.constantFrom(',', ', ', ',\n  ');
  const key = fc.constantFrom('"A"', '"Image"', '"k\\""', '""', '"TargetFilename"');
  const record = fc.tuple(fc.array(fc.tuple(key, value, value), { maxLength: 6 }), colon, comma).map(
    ([members, between, after]) =>
      (which: 0 | 1) =>
        `{${members.map((member) => `${member[0]}${between}${member[which + 1]}`).join(after)}}`,
  );
  const ways = jsonWays();
  fc.assert(
    fc.property(
      record,
      fault(['', '{', '}', '[', ']', '"', ':', ',', '\\', '\n', 'x', '1', '\0']),
      fc.nat(),
      (make, wrong, cut) => check(ways, make(0), make(1), wrong, cut),
    ),
    RUNS,
  );
});

test('the third record of a kind is recognised', () => {
  const xml = xmlWays();
  const event = (id: number, text: string): string =>
    eventXml(id, `<EventData><Data Name="Recognised">${text}</Data></EventData>`);
  readXml(event(1, 'a') + event(2, 'b'), undefined, thread);
  expect([event(3, 'c'), event(44, ''), event(5, '&lt;')].map((text) => agree(xml, text))).toEqual([true, true, true]);
  expect([event(3, '<![CDATA[c]]>'), event(3, 'c').replace('Recog', 'recog')].map((text) => agree(xml, text))).toEqual([
    false,
    false,
  ]);

  const json = jsonWays();
  const line = (text: string): string => `{"Recognised":"${text}","n":[1,"a"],"m":1}`;
  readJson(`${line('a')}\n${line('b')}\n`, undefined, thread);
  expect([line(''), line('x'.repeat(1000)), line('\\"\\\\')].map((text) => agree(json, text))).toEqual([true, true, true]);
  expect([line('a\nb'), line('a\\'), line('a').replace('[1', '[{}')].map((text) => agree(json, text))).toEqual([
    false,
    false,
    false,
  ]);
});

test('a literal in which eight bytes are zero is not learned: minus zero would be the same', () => {
  const json = jsonWays();
  const zeros = '\0'.repeat(40);
  const line = (key: string): string => `{"${key}":"a"}`;
  readJson(`${line(zeros)}\n`.repeat(3), undefined, thread);
  expect(agree(json, line(zeros))).toBe(false);
});

test('more kinds of record than are remembered are read all the same', () => {
  const lines = Array.from({ length: 30_000 }, (_, i) => `{"k${i % 10_000}":"${i}","v":[${i}],"w":{"x":${i}}}`);
  const { events, diagnostics } = readJson(lines.join('\n'), undefined, thread);
  expect(diagnostics).toEqual([]);
  expect(events.map(({ data }) => ({ ...data }))).toEqual(
    lines.map((_, i) => ({ [`k${i % 10_000}`]: `${i}`, v: `${i}`, 'w.x': `${i}` })),
  );
});
