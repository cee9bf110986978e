/** Records of the same keys in other orders, against the same records scanned one by one. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createAccelerator } from '../../src/accel/accelerator.ts';
import { ThreadContext } from '../../src/engine/thread-context.ts';
import { JsonDecoder } from '../../src/logs/json/decoder.ts';
import type { Diagnostic } from '../../src/model/diagnostic.ts';
import { type EventRecord, type EventSnapshot, fieldValue, snapshotEvent } from '../../src/model/event.ts';
import { randomOf, shuffled, tries } from '../support/random.ts';

const thread = new ThreadContext(createAccelerator);

interface Read {
  readonly events: EventSnapshot[];
  /** Values by name, names sorted. */
  readonly values: unknown[];
  readonly diagnostics: Diagnostic[];
  reordered: number;
}

function read(text: string, anyOrder: boolean): Read {
  const result: Read = { events: [], values: [], diagnostics: [], reordered: 0 };
  const decoder = new JsonDecoder(
    'log',
    {
      anyOrder,
      event(event: EventRecord) {
        const names = [...event.shape.fields.keys()].sort();
        result.values.push([event.timeUs, event.eventId, event.channel, names.map((name) => [name, fieldValue(event, name)])]);
        if (typeof event.inOrder === 'function') result.reordered++;
        result.events.push(snapshotEvent(event.inOrder?.() ?? event, 'log'));
      },
      diagnostic: (diagnostic) => result.diagnostics.push(diagnostic),
    },
    thread,
  );
  decoder.push(Buffer.from(text));
  decoder.end();
  return result;
}

function expectSame(text: string): Read {
  const [any, own] = [read(text, true), read(text, false)];
  expect(any.events).toEqual(own.events);
  expect(any.events.map(({ data, system }) => [Object.keys(data), Object.keys(system)])).toEqual(
    own.events.map(({ data, system }) => [Object.keys(data), Object.keys(system)]),
  );
  expect(any.values).toEqual(own.values);
  expect(any.diagnostics).toEqual(own.diagnostics);
  expect(own.reordered).toBe(0);
  return any;
}

const RECORD = {
  '@timestamp': '2024-03-05T09:06:22.441Z',
  log_name: 'Security',
  event_id: 1,
  source_name: 'x',
  record_number: '7',
  level: null,
  event_data: { Image: 'C:\\a "b".exe', CommandLine: '', Hashes: ['a', 'b'], Pid: -12.5, On: true, Long: 'x'.repeat(300) },
  empty: {},
};

test('any order of keys gives the same events, in their own order where that is asked for', () => {
  const random = randomOf(1);
  const lines = Array.from({ length: 500 }, (_, i) => {
    const record = { ...RECORD, record_number: `${i}`, event_data: { ...RECORD.event_data, CommandLine: `c ${i % 7}` } };
    return JSON.stringify(shuffled(record, random));
  });
  expect(expectSame(lines.join('\n')).reordered).toBeGreaterThan(300);
});

test('any two kinds of record, in any order, spaced in any way, damaged or not', () => {
  const key = fc.constantFrom('a', 'b', 'abcd', 'abce', 'EventID', 'event_id', 'Message', 'ü', 'a.b', 'b_1');
  const value = fc.oneof(
    fc.constantFrom<unknown>('1', 1, '1,', null, true, '', '\\', '"', '{', [], ['x'], [1, '2'], 'x'.repeat(60)),
    fc.dictionary(key, fc.constantFrom<unknown>('1', 1, 'y', ['z'])),
    fc.constantFrom<unknown>([{ a: 1 }], [[]]),
  );
  fc.assert(
    fc.property(
      fc.array(fc.dictionary(key, value, { minKeys: 1 }), { minLength: 1, maxLength: 3 }),
      fc.integer({ min: 1, max: 2 ** 31 }),
      fc.constantFrom(undefined, 1),
      fc.constantFrom('', ',', '"', ':', '{', '}'),
      (records, seed, indent, hole) => {
        const random = randomOf(seed);
        const lines = Array.from({ length: 150 }, (_, i) =>
          JSON.stringify(shuffled(records[i % records.length], random), null, indent),
        );
        const at = Math.floor(random() * lines.length);
        if (hole !== '') lines[at] = lines[at]!.replace(hole, '');
        expectSame(lines.join('\n'));
      },
    ),
    { numRuns: tries(10) },
  );
});

test('keys twice are several values', () => {
  const lines: string[] = Array.from({ length: 300 }, (_, i) => (i % 2 === 0 ? '{"a":1,"b":2,"c":3}' : '{"b":2,"a":1,"c":3}'));
  lines.push('{"c":1,"a":2,"a":3}', '{"b":1,"c":2,"a":3,"b":4}');
  expectSame(lines.join('\n'));
});

test('keys that begin alike, and a long one where the bytes at hand end', () => {
  const long = `abcdefgh${'i'.repeat(400)}`;
  const text = [
    JSON.stringify({ [long]: 1, abcdefgh: 2, abcdefghi: 3, b: 4 }),
    JSON.stringify({ abcdefghi: 1, b: 2, abcdefgh: 3 }),
    ...Array.from({ length: 300 }, (_, i) =>
      JSON.stringify(i % 2 === 0 ? { b: 1, abcdefgh: 2, abcdefghi: 3 } : { abcdefgh: 2, b: 1 }),
    ),
  ].join('\n');
  expectSame(text);
});
