/** The hash of a record's content: equal for copies, and different where anything but the place differs. */
import { expect, test } from 'vitest';
import { LookbackCollector } from '../../../src/findings/lookback/lookback.ts';
import { type EventRecord, snapshotEvent } from '../../../src/model/event.ts';
import { ChunkWriter, el, empty, evtxLog, instance, sub, template, v } from './support/evtx-writer.ts';
import { decodeBytes, PLAIN } from './support/read.ts';

const START = 132_223_104_000_000_000n;
const SECOND = 10_000_000n;

/** Values: 0 the time, 1 the EventRecordID, 2 and 3 of the data. What else there is stands in the template. */
function definitionOf(image: Parameters<typeof el>[2], user: Parameters<typeof el>[2]) {
  return template(
    el(
      'Event',
      {},
      el(
        'System',
        {},
        empty(el('Provider', { Name: 'Microsoft-Windows-Sysmon' })),
        el('EventID', {}, '1'),
        empty(el('TimeCreated', { SystemTime: sub(0) })),
        el('EventRecordID', {}, sub(1)),
        el('Channel', {}, 'Microsoft-Windows-Sysmon/Operational'),
        el('Computer', {}, 'PC1'),
      ),
      el('EventData', {}, el('Data', { Name: 'Image' }, image), el('Data', { Name: 'User' }, user)),
    ),
  );
}

const NAMED = definitionOf('C:\\a.exe', sub(2));
const OTHER_NAME = definitionOf('C:\\b.exe', sub(2));
const DIRECT = definitionOf(sub(2), sub(3));
const SWAPPED = definitionOf(sub(3), sub(2));

type Values = readonly [seconds: number, id: number, ...texts: string[]];

function recordOf(definition: ReturnType<typeof definitionOf>, [seconds, id, ...texts]: Values) {
  return instance(definition, v.filetime(START + BigInt(seconds) * SECOND), v.uint64(BigInt(id)), ...texts.map(v.string));
}

/** Each in a chunk of its own. */
function visit(records: readonly ReturnType<typeof recordOf>[], onEvent: (event: EventRecord) => void): void {
  const chunks = records.map((record, i) => new ChunkWriter(i + 1).record(record).finish());
  decodeBytes(evtxLog(chunks), PLAIN, onEvent);
}

function contentsOf(...records: readonly ReturnType<typeof recordOf>[]): readonly (number | undefined)[] {
  const contents: (number | undefined)[] = [];
  visit(records, ({ content }) => void contents.push(content));
  expect(contents).toHaveLength(records.length);
  return contents;
}

test('a copy in another chunk has the same content, a record with another value another one', () => {
  const [one, copy, other] = contentsOf(
    recordOf(NAMED, [1, 7, 'ann']),
    recordOf(NAMED, [1, 7, 'ann']),
    recordOf(NAMED, [1, 7, 'ben']),
  );
  expect(copy).toBe(one);
  expect(other).not.toBe(one);
});

test('what stands in the template counts, and to which field a value belongs', () => {
  const [named, otherName] = contentsOf(recordOf(NAMED, [1, 7, 'ann']), recordOf(OTHER_NAME, [1, 7, 'ann']));
  expect(otherName).not.toBe(named);
  const [direct, swapped] = contentsOf(recordOf(DIRECT, [1, 7, 'ann', 'ben']), recordOf(SWAPPED, [1, 7, 'ann', 'ben']));
  expect(swapped).not.toBe(direct);
});

test('of a long value the length, the beginning and the end count', () => {
  const long = 'x'.repeat(5_000);
  const [one, ...others] = contentsOf(
    ...[long, `y${long.slice(1)}`, `${long.slice(1)}y`, `${long}x`].map((text) => recordOf(NAMED, [1, 7, text])),
  );
  for (const other of others) expect(other).not.toBe(one);
});

test('look-back finds what is tied to a match though another record has its number, its second and its values', () => {
  const related: string[][] = [];
  for (const records of [
    [recordOf(SWAPPED, [1, 7, 'CORP\\ann', 'C:\\x.exe']), recordOf(DIRECT, [1, 7, 'CORP\\ann', 'C:\\x.exe'])],
    [recordOf(DIRECT, [1, 7, 'CORP\\ann', 'C:\\x.exe']), recordOf(SWAPPED, [1, 7, 'CORP\\ann', 'C:\\x.exe'])],
  ]) {
    const events = [...records, recordOf(DIRECT, [5, 9, 'C:\\evil.exe', 'CORP\\ann'])];
    const snapshots: ReturnType<typeof snapshotEvent>[] = [];
    visit(events, (event) => void snapshots.push(snapshotEvent(event, 'a.evtx')));
    const target = snapshots[2]!;
    const collector = new LookbackCollector({
      targets: [{ computer: 'PC1', timeUs: target.timeUs, anchors: [target] }],
      windowUs: 60e6,
      window: '1m',
      computers: ['PC1'],
      copies: true,
    });
    visit(events, (event) => collector.visit(event, 'a.evtx'));
    for (const snapshot of snapshots) collector.hold(snapshot);
    related.push(collector.finish(false)[0]!.related.map(({ event, reason }) => `${event.data.User} ${reason}`));
  }
  expect(related[0]).toEqual([expect.stringMatching(/^CORP\\ann .*user/)]);
  expect(related[1]).toEqual(related[0]);
});
