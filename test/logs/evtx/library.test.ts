import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { type ByteSource, type Diagnostic, InputError, openEvtx } from '../../../src/logs/evtx/index.ts';
import { folderWith } from '../../support/folder.ts';
import { ChunkWriter, el, eventRecord, evtxLog, inline, v } from './support/evtx-writer.ts';

/** Two chunks: three records with `Image`, one of another event. */
function sample(): Buffer {
  const image = (name: string) =>
    eventRecord(
      1,
      el('EventData', {}, el('Data', { Name: 'Image' }, name), el('Data', { Name: 'ProcessId' }, inline(v.uint32(4)))),
    );
  const first = new ChunkWriter().record(image('a.exe')).record(image('b.exe')).finish();
  const second = new ChunkWriter(3)
    .record(image('c.exe'))
    .record(eventRecord(5, el('UserData', {}, el('X', {}, el('Y', {}, 'y')))))
    .finish();
  return evtxLog([first, second]);
}

it('opens a path, bytes, or anything that can be read at an offset', () => {
  const folder = folderWith();
  const path = join(folder, 'sample.evtx');
  const bytes = sample();
  writeFileSync(path, bytes);
  const region: ByteSource = {
    name: 'region',
    size: bytes.length,
    read: (into, offset) => bytes.copy(into, 0, offset, offset + into.length),
    close() {},
  };
  // As on network shares.
  const short: ByteSource = { ...region, read: (into, offset) => region.read(into.subarray(0, 1000), offset) };
  const results = [path, bytes, new Uint8Array(bytes), region, short].map((source) => {
    const log = openEvtx(source);
    const images = [...log].length;
    const values = Array.from(log, (record) => record.get('Image'));
    log.close();
    return { images, values, size: log.size, records: log.stats.records };
  });
  for (const result of results) {
    expect(result).toEqual({ images: 4, values: ['a.exe', 'b.exe', 'c.exe', undefined], size: bytes.length, records: 4 });
  }
});

it('gives fields, names, places and a copy that outlives the record', () => {
  const [first, , , last] = Array.from(openEvtx(sample(), { name: 'mine' }), (record) => ({
    names: record.fieldNames(),
    channel: record.system('Channel'),
    id: record.get('EventID'),
    offset: record.offset,
    snapshot: record.snapshot(),
  }));
  expect(first).toMatchObject({
    names: ['Provider_Name', 'EventID', 'TimeCreated_SystemTime', 'EventRecordID', 'Channel', 'Computer', 'Image', 'ProcessId'],
    channel: 'Test/Operational',
    id: '1',
    offset: 4096 + 512,
    snapshot: { file: 'mine', index: 0, EventID: 1, data: { Image: 'a.exe', ProcessId: '4' } },
  });
  expect(last?.snapshot).toMatchObject({ index: 3, EventID: 5, data: { Y: 'y' } });
});

it('writes the same JSON record by record and as JSON Lines', () => {
  const log = openEvtx(sample());
  const blocks: string[] = [];
  log.writeJsonLines((block) => blocks.push(block.toString()));
  const lines = Array.from(log, (record) => `${record.json()}\n`);
  expect(blocks.join('')).toBe(lines.join(''));
  expect(JSON.parse(lines[0]!)).toEqual({
    Event: {
      '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
      System: {
        Provider: { '#attributes': { Name: 'Test-Provider' } },
        EventID: 1,
        TimeCreated: { '#attributes': { SystemTime: '2019-05-11T17:58:23.4185632Z' } },
        EventRecordID: 7,
        Channel: 'Test/Operational',
        Computer: 'HOST',
      },
      EventData: { Image: 'a.exe', ProcessId: 4 },
    },
  });
});

it('renders what Windows renders', () => {
  const [first] = Array.from(openEvtx(sample()), (record) => record.xml());
  expect(first).toBe(
    "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='Test-Provider'/>" +
      "<EventID>1</EventID><TimeCreated SystemTime='2019-05-11T17:58:23.4185632Z'/><EventRecordID>7</EventRecordID>" +
      '<Channel>Test/Operational</Channel><Computer>HOST</Computer></System>' +
      "<EventData><Data Name='Image'>a.exe</Data><Data Name='ProcessId'>4</Data></EventData></Event>",
  );
});

it('tells of faults as it meets them, and throws only for what is no log', () => {
  const bytes = sample();
  bytes[4096 + 65536] = 0;
  const faults: Diagnostic[] = [];
  expect(
    [...openEvtx(bytes, { name: 'broken', onDiagnostic: (fault) => faults.push(fault) })].map(({ recovered }) => recovered),
  ).toEqual([true, true, true, true]);
  expect(faults.map(({ code, place }) => [code, place])).toEqual([
    ['evtx/chunk-signature', { file: 'broken', offset: 4096 + 65536 }],
  ]);
  expect(() => openEvtx(Buffer.from('<Events/>'))).toThrow(InputError);
  expect(() => openEvtx('/no/such/file.evtx')).toThrow('/no/such/file.evtx cannot be opened');
});

it('reads two logs side by side', () => {
  const pairs: unknown[] = [];
  const other = openEvtx(sample())[Symbol.iterator]();
  for (const record of openEvtx(sample())) pairs.push([record.get('Image'), other.next().value?.get('Image')]);
  expect(pairs).toEqual([
    ['a.exe', 'a.exe'],
    ['b.exe', 'b.exe'],
    ['c.exe', 'c.exe'],
    [undefined, undefined],
  ]);
});
