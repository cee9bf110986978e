/** Records that are in several places, as the store tells them apart. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ByteWriter } from '../../src/bytes/byte-writer.ts';
import { readIdentity } from '../../src/findings/store/event-identity.ts';
import { snapshotJson } from '../../src/findings/store/event-json.ts';
import { MatchBlockWriter, MatchStore } from '../../src/findings/store/match-store.ts';
import type { EventSnapshot } from '../../src/model/event.ts';
import type { Match } from '../../src/model/match.ts';
import { tries } from '../support/random.ts';
import { match, type SnapshotFields } from './support.ts';

/** A match with an EventRecordID of its own choice. */
function found(rule: number, seconds: number, fields: SnapshotFields & Partial<Pick<EventSnapshot, 'EventRecordID'>>): Match {
  const { EventRecordID, ...rest } = fields;
  const made = match(rule, seconds, rest);
  return EventRecordID === undefined ? made : { ...made, event: { ...made.event, EventRecordID } };
}

/** One event, and the rules that hold for it. */
function block(event: Match, rules: readonly number[]): Uint8Array {
  const writer = new MatchBlockWriter();
  writer.add({ ...event, rule: rules[0]! });
  for (const rule of rules.slice(1)) {
    const fields = writer.text.at;
    writer.text.json('[]');
    writer.match(rule, event.via, fields);
  }
  return Uint8Array.from(writer.take());
}

/** `a.evtx#0 +b.xml#3` for each match that is left, in file order; files in the order of the list. */
function left(matches: readonly Match[]): readonly string[] {
  const store = new MatchStore();
  const files = [...new Set(matches.map(({ event }) => event.file))].sort();
  for (const each of matches) store.append(each, { file: files.indexOf(each.event.file), range: 0 });
  store.leaveOutCopies();
  const lines = [...store.inFileOrder()].map(
    ({ rule, event, alsoIn = [] }) =>
      `${rule} ${event.file}#${event.index}${alsoIn.map(({ file, index }) => ` +${file}#${index}`).join('')}`,
  );
  expect(store.positionsInTimeOrder().length).toBe(lines.length);
  store.close();
  return lines;
}

const EVTX = { file: 'a.evtx', index: 0, computer: 'PC04.corp.local', provider: 'P', EventRecordID: 77 };
const DATA = {
  SubjectLogonId: '0x3e7',
  Port: '445',
  Guid: '{AB-CD}',
  Empty: '',
  Dash: '-',
  Name: 'Ann',
  Privileges: '\u0094\u0002\u000b-',
  At: '2024-01-01T10:00:00.1234567Z',
};

describe('one record in several places', () => {
  const one = found(0, 0.123456, { ...EVTX, data: DATA });
  const other = (seconds: number, fields: Parameters<typeof found>[2]): Match =>
    found(0, seconds, { ...EVTX, file: 'b.json', index: 3, data: DATA, ...fields });

  test.each([
    ['in the same bytes', other(0.123456, {})],
    ['from slack space', { ...one, event: { ...one.event, file: 'b.json', index: 3, recovered: true, offset: 9 } }],
    ['with its time cut to milliseconds', other(0.123, {})],
    ['with its time cut to seconds', other(0, {})],
    ['with the short name of the computer, in other letters', other(0.123456, { computer: 'pc04' })],
    ['without a provider', other(0.123456, { provider: '' })],
    ['with fields left out', other(0.123456, { data: { Port: '445' } })],
    ['without fields', other(0.123456, { data: {} })],
    [
      'with values in another form',
      other(0.123456, {
        data: {
          SubjectLogonId: '999',
          Port: '0x1bd',
          Guid: 'ab-cd',
          Empty: null,
          Dash: '',
          Name: 'ann ',
          Privileges: '\u0094\ufffd\ufffd-',
          At: '2024-01-01 10:00:00',
        },
      }),
    ],
  ])('%s is one match', (_, copy) => {
    expect(left([copy, one])).toEqual(['0 a.evtx#0 +b.json#3']);
  });

  test.each([
    ['another EventRecordID', other(0.123456, { EventRecordID: 78 })],
    ['another EventID', other(0.123456, { eventId: 2 })],
    ['another channel', other(0.123456, { channel: 'System' })],
    ['another provider', other(0.123456, { provider: 'Q' })],
    ['another computer', other(0.123456, { computer: 'PC05' })],
    ['a computer of another domain', other(0.123456, { computer: 'PC04.other.local' })],
    ['another time', other(0.223456, {})],
    ['another millisecond, where both tell them', other(0.124456, {})],
    ['a field that contradicts', other(0.123456, { data: { ...DATA, Name: 'Ben' } })],
    ['another character', other(0.123456, { data: { ...DATA, Privileges: '\u0095\ufffd\ufffd-' } })],
    ['a number that contradicts', other(0.123456, { data: { ...DATA, Port: '446' } })],
    ['no EventRecordID', other(0.123456, { EventRecordID: null })],
  ])('with %s is another', (_, copy) => {
    expect(left([copy, one])).toEqual(['0 a.evtx#0', '0 b.json#3']);
  });

  test('in one file is a copy only where all of it is equal', () => {
    const again = { ...one, event: { ...one.event, index: 5, offset: 5000 } };
    const less = found(0, 0.123456, { ...EVTX, index: 6, data: {} });
    expect(left([one, again, less])).toEqual(['0 a.evtx#0 +a.evtx#5', '0 a.evtx#6']);
  });

  test('is found where the copy came long before the first match of the record', () => {
    const others = Array.from({ length: 3000 }, (_, i) => found(0, i, { ...EVTX, index: 10 + i, EventRecordID: 1000 + i }));
    const copies = [1, 2].map((index) => other(0.123456, { index }));
    expect(left([...copies, ...others, one])[0]).toBe('0 a.evtx#0 +b.json#1 +b.json#2');
  });

  test('without an EventRecordID is as many events as one file has of it', () => {
    const line = (file: string, index: number): Match => found(0, 0, { ...EVTX, file, index, EventRecordID: null, data: DATA });
    expect(
      left([line('a.json', 0), line('a.json', 1), line('b.json', 0), line('c.json', 0), line('c.json', 1), line('c.json', 2)]),
    ).toEqual(['0 a.json#0 +b.json#0 +c.json#0', '0 a.json#1 +c.json#1', '0 c.json#2']);
  });

  test('is counted as one record, however many rules hold for it; a rule that holds for the copy only keeps it', () => {
    const store = new MatchStore();
    const copy = { ...one, event: { ...one.event, file: 'b.evtx' } };
    store.appendSerialized(block(one, [0, 1, 2]), { file: 0, range: 0 });
    store.appendSerialized(block(copy, [0, 1, 2, 3]), { file: 1, range: 0 });
    store.leaveOutCopies();
    expect(store.copies.records).toBe(1);
    expect([...store.inFileOrder()].map(({ rule, event }) => `${rule} ${event.file}`)).toEqual([
      '0 a.evtx',
      '1 a.evtx',
      '2 a.evtx',
      '3 b.evtx',
    ]);
    expect(store.countWithoutTime()).toBe(0);
  });

  test('is found in a crowd that differs in one field only, up to a bound that is counted', () => {
    const store = new MatchStore();
    const crowd = 100;
    for (const file of [0, 1]) {
      for (let i = 0; i < crowd; i++) {
        store.append(found(0, 0, { ...EVTX, file: `${file}.evtx`, index: i, data: { i: `${i}` } }), { file, range: 0 });
      }
    }
    store.leaveOutCopies();
    expect(store.copies.records).toBe(64);
    expect(store.copies.undecided).toBe(2 * (crowd - 64));
    expect([...store.inFileOrder()].length).toBe(2 * crowd - 64);
  });
});

test('the matches left and their copies do not depend on the order in which they arrive', () => {
  const some = fc.record({
    rule: fc.nat(1),
    seconds: fc.nat(2),
    file: fc.constantFrom('a.evtx', 'b.xml', 'c.json'),
    index: fc.nat(30),
    EventRecordID: fc.constantFrom(1, 2, null),
    data: fc.constantFrom<NonNullable<SnapshotFields['data']>>({ A: '1' }, { A: '0x1' }, { A: '2' }, { B: '1' }),
  });
  const matches = fc.uniqueArray(some, { maxLength: 60, selector: ({ rule, file, index }) => `${rule} ${file} ${index}` });
  fc.assert(
    fc.property(
      matches.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))),
      ([all, shuffled]) => {
        const toMatch = ({ rule, seconds, ...fields }: (typeof all)[number]): Match => found(rule, seconds, fields);
        expect(left(shuffled.map(toMatch))).toEqual(left(all.map(toMatch)));
      },
    ),
    { numRuns: tries(100) },
  );
});

/** Two texts for which the hashes of these events are equal. An attacker finds them as fast as this test does. */
function textsAlike(eventOf: (text: string) => Match): readonly [string, string] {
  const writer = new ByteWriter(4096);
  const identity = { record: 0, content: 0 };
  const known = new Map<number, string>();
  for (let i = 0; i < 1_000_000; i++) {
    const text = Math.imul(i, 0x9e3779b1).toString(36).padStart(16, 'x');
    const end = writer.buffer.write(snapshotJson(eventOf(text).event).head);
    readIdentity(writer, 0, end, identity);
    const other = known.get(identity.content);
    if (other !== undefined) return [other, text];
    known.set(identity.content, text);
  }
  throw new Error('no two texts found');
}

describe('two events whose hashes were made equal', () => {
  test.each([
    ['with the EventRecordID of one another, in one file', 77, 'a.evtx'],
    ['with the EventRecordID of one another, in two files', 77, 'b.evtx'],
    ['without an EventRecordID, in two files', null, 'b.evtx'],
  ])('are both reported: %s', (_, EventRecordID, file) => {
    const withText = (text: string): Match => found(0, 0, { ...EVTX, EventRecordID, data: { text } });
    const [one, other] = textsAlike(withText);
    const second = withText(other);
    const matches = [withText(one), { ...second, event: { ...second.event, file, index: 9, offset: 4608 } }];
    expect(left(matches)).toEqual(['0 a.evtx#0', `0 ${file}#9`]);
    const same = withText(one);
    expect(left([withText(one), { ...same, event: { ...same.event, file: 'c.evtx', index: 9 } }])).toEqual([
      '0 a.evtx#0 +c.evtx#9',
    ]);
  });
});
