/** What is written straight from readers is what a snapshot says, plainly. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { JsonWriter } from '../../src/bytes/json-writer.ts';
import { EventJsonWriter, snapshotJson, userIdIn } from '../../src/findings/store/event-json.ts';
import { listSources, openSource, readSource } from '../../src/logs/open/open.ts';
import { eventFromXml, plainEvent } from '../../src/logs/plain-event.ts';
import { type EventRecord, snapshotEvent } from '../../src/model/event.ts';
import {
  ChunkWriter,
  EVENT,
  el,
  eventRecord,
  evtxLog,
  instance,
  sub,
  TICKS,
  template,
  v,
} from '../logs/evtx/support/evtx-writer.ts';
import { decodeBytes, PLAIN } from '../logs/evtx/support/read.ts';
import { tries } from '../support/random.ts';
import { describeShared, projectRoot, shared } from '../support/shared.ts';

const writer = new EventJsonWriter();
const out = new JsonWriter(1);

function written(event: EventRecord): { head: string; tail: string } {
  const start = out.at;
  const tail = writer.write(event, out);
  const json = { head: out.buffer.toString('utf8', start, tail), tail: out.buffer.toString('utf8', tail, out.at) };
  out.at = out.at > 100_000 ? 0 : out.at;
  return json;
}

function expectSame(event: EventRecord): void {
  const plainly = snapshotJson(snapshotEvent(event, 'log'));
  // Twice: the second time from what it remembers of values and layout.
  expect(written(event)).toEqual(plainly);
  expect(written(event)).toEqual(plainly);
}

/** Events read from everything in a folder. */
async function expectSameIn(folder: string): Promise<number> {
  let events = 0;
  const ignore = (): void => {};
  for (const source of listSources([folder], ignore)) {
    const opened = await openSource(source, ignore);
    if (opened === null) continue;
    const event = (one: EventRecord): void => {
      events++;
      const plainly = snapshotJson(snapshotEvent(one, 'log'));
      const { head, tail } = written(one);
      // Comparing first: an assertion for each of a hundred thousand events takes longer than all the rest.
      if (head !== plainly.head || tail !== plainly.tail) expect({ head, tail }).toEqual(plainly);
    };
    await readSource(opened, { event, diagnostic: ignore }, { recover: true, verify: false });
  }
  return events;
}

const HOSTILE = [
  '',
  'C:\\Windows\\"x"\r\n\t',
  '\u0000\u0001\u001f\u007f\u0085',
  'a\u2028b\u2029',
  '\u202eexe.cod\u2066',
  '\ud800',
  'x\udc00y',
  '😀 é Ä',
  '\ufeff\u200b\u{e0041}',
  'x'.repeat(5000),
  `${'\\"'.repeat(3000)}é`,
];
const NAMES = ['__proto__', 'constructor', 'a\u2028b', 'n\u202e', 'quote"', 'back\\slash', '', 'Ünï', 'Data', 'Image'];
const value = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.constant(null),
  fc.array(fc.constantFrom(...HOSTILE, null), { maxLength: 3 }),
);
const time = fc.constantFrom(
  undefined,
  'never',
  '2019-05-11T17:58:23.4185632Z',
  '2019-05-11 17:58:23.4185632Z',
  '2019-02-31T17:58:23.4185632Z',
  '2019-05-11T17:58:23Z',
  '2019-05-11T17:58:23+02:00',
  ['2019-05-11T17:58:23.4185632Z', '2020-01-01T00:00:00Z'],
);
const recordId = fc.constantFrom(undefined, '0', '7', '007', '-1', '1e3', '123456789012345', '12345678901234567890', 'x', null, [
  '1',
  '2',
]);

/** Random bytes as a value of each BinXML type, also too short for it, and the values that have forms of their own. */
const valueSpec = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0x01, max: 0x15 }), fc.uint8Array({ maxLength: 40 }))
    .map(([type, bytes]) => v.raw(type, Buffer.from(bytes))),
  fc.constantFrom(...HOSTILE).map((text) => v.string(text.slice(0, 2000))),
  fc.constantFrom(
    v.nothing(),
    v.string('trailing\0\0'),
    v.filetime(TICKS),
    v.filetime(0n),
    v.filetime(2n ** 63n),
    v.filetime(2n ** 64n - 1n),
    v.uint64(2n ** 64n - 1n),
    v.hex64(0n),
    v.hex64(2n ** 63n),
    v.sid(5, 18),
    v.strings('a', '\u202e', ''),
    v.array(v.uint32(1), v.uint32(4_000_000_000)),
  ),
);

describe('an event that matched, as text', () => {
  test('is that of its snapshot for values of every type of EVTX, whole and cut', () => {
    fc.assert(
      fc.property(
        fc.array(valueSpec, { minLength: 1, maxLength: 10 }),
        fc.constantFrom(TICKS, 0n, 1n, 2n ** 62n, 2n ** 64n - 1n),
        fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
        (values, ticks, recordId) => {
          const data = template(el('EventData', {}, ...values.map((_, i) => el('Data', { Name: `x${i}` }, sub(i)))));
          const section = v.binxml(el('EventData', {}, el('Data', { Name: 'x' }, 'y')), instance(data, ...values));
          const chunk = new ChunkWriter();
          chunk.record(instance(EVENT, v.uint16(1), v.nothing(), v.filetime(ticks), v.uint64(recordId), section));
          chunk.record(eventRecord(1, instance(data, ...values), recordId));
          let events = 0;
          const event = (one: EventRecord): void => {
            events++;
            expectSame(one);
          };
          decodeBytes(evtxLog([chunk.finish()]), PLAIN, event);
          expect(events).toBeGreaterThan(0);
        },
      ),
      { numRuns: tries(150) },
    );
  });

  test('is that of its snapshot, whatever names and values it has', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.constantFrom(...NAMES), value), { maxLength: 8 }),
        time,
        recordId,
        value,
        value,
        fc.nat(),
        (data, created, number, channel, provider, offset) => {
          // Own properties whatever they are called, as readers make them.
          const fields: Record<string, unknown> = Object.create(null);
          for (const [name, one] of data) fields[name] = one;
          fields.Channel = channel;
          fields.Provider_Name = provider;
          fields.Computer = 'PC\u202e1';
          fields.EventID = '4688';
          fields.TimeCreated_SystemTime = created;
          fields.EventRecordID = number;
          expectSame(plainEvent(fields, { offset, index: 3 }));
        },
      ),
      { numRuns: tries(350) },
    );
  });

  test('has null for a record number that is none to JSON', () => {
    const event = plainEvent({ EventRecordID: '9'.repeat(400) });
    expect(written(event).head).toContain('"EventRecordID":null,');
    expectSame(event);
  });

  test('lists the values of a repeated name', () => {
    const event = eventFromXml(
      '<Event><System><EventID>1</EventID><EventID>2</EventID></System><EventData><Data>a</Data><Data/><Data>"b"</Data></EventData></Event>',
    );
    expect(written(event).head).toContain('"data":{"Data":["a","","\\"b\\""]}');
    expectSame(event);
  });

  test('is that of its snapshot for every event of the fixtures', async () => {
    expect(readdirSync(join(projectRoot, 'fixtures')).length).toBeGreaterThan(5);
    expect(await expectSameIn(join(projectRoot, 'fixtures'))).toBeGreaterThan(20);
  });
});

describeShared('on the corpus, an event as text', () => {
  test('is that of its snapshot', { timeout: 300_000 }, async () => {
    const folders = process.env.WINNOW_FULL === '1' ? ['.'] : ['regression', 'exports'];
    for (const folder of folders) expect(await expectSameIn(shared('corpus', folder)), folder).toBeGreaterThan(300);
  });
});

describe('the account that logged an event', () => {
  const userIdOf = (userId: string, data = ''): string | undefined => {
    const xml = `<Event><System><EventID>1</EventID>${userId}</System><EventData><Data Name="A">${data}</Data></EventData></Event>`;
    const found = userIdIn(Buffer.from(written(eventFromXml(xml)).tail));
    return found && JSON.parse(Buffer.from(found).toString());
  };
  test('is found in its System section alone', () => {
    expect(userIdOf('<Security UserID="S-1-5-18"/>')).toBe('S-1-5-18');
    expect(userIdOf('<Security UserID="a&quot;\\b"/><Other/>')).toBe('a"\\b');
    for (const none of ['', '<Security/>', '<Security UserID=""/>', '<Note>"Security_UserID":"x"</Note>'])
      expect(userIdOf(none, '"Security_UserID":"S-1"')).toBeUndefined();
  });
});
