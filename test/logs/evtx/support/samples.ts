/** Small logs that together have every construct of the format: what fuzzing starts from. */
import {
  ChunkWriter,
  dependsOn,
  el,
  empty,
  eventRecord,
  evtxLog,
  inline,
  instance,
  opt,
  type PartSpec,
  sub,
  template,
  type ValueSpec,
  v,
} from './evtx-writer.ts';

const guid = '5a40d00fe0024b4a8a1e001122334455';
const everyValue: readonly ValueSpec[] = [
  v.string('C:\\Windows\\System32\\cmd.exe /c "x"'),
  v.ansi(Buffer.from('ansi \x80')),
  v.int8(-1),
  v.uint8(1),
  v.int16(-2),
  v.uint16(2),
  v.int32(-3),
  v.uint32(3),
  v.int64(-4n),
  v.uint64(1n << 60n),
  v.float(0.5),
  v.double(1e300),
  v.bool(true),
  v.binary('00ff'),
  v.guid(guid),
  v.size(16n),
  v.filetime(132_020_711_034_185_632n),
  v.systemtime([2020, 1, 1, 2, 3, 4, 5, 6]),
  v.sid(5, 21, 1, 2, 500),
  v.hex32(0x3e7),
  v.hex64(1n << 63n),
  v.strings('a', '', 'b'),
  v.array(v.uint16(1), v.uint16(2)),
  v.array(v.sid(5, 18), v.sid(5, 32, 544)),
  v.nothing(),
];

function valuesRecord(): PartSpec {
  const data = template(
    el('EventData', {}, ...everyValue.map((_, i) => el('Data', { Name: `x${i}` }, i % 2 === 0 ? sub(i) : opt(i)))),
  );
  return eventRecord(4688, instance(data, ...everyValue));
}

function structureRecord(): PartSpec {
  const inner = template(el('Inner', { a: opt(1) }, el('Value', {}, sub(0)), dependsOn(1, el('D', {}, 'x'))));
  const outer = template(el('Outer', {}, sub(0), el('After', {}, 'pid ', sub(1), { cdata: '<&>' }, { entity: 'amp' })));
  return eventRecord(
    1,
    el('UserData', {}, instance(outer, v.binxml(instance(inner, v.string('deep'), v.nothing())), v.uint32(4))),
  );
}

function dynamicRecord(): PartSpec {
  const data = template(el('EventData', {}, el('Data', { Name: sub(0) }, sub(1)), el('Data', {}, sub(2))));
  return eventRecord(2, instance(data, v.string('Name'), v.uint32(1), v.strings('a', 'b')));
}

const plain = () =>
  el(
    'Event',
    { xmlns: 'urn:x' },
    el(
      'System',
      {},
      empty(el('Provider', { Name: 'P' })),
      el('EventID', {}, inline(v.uint16(5145))),
      el('Channel', {}, 'Security'),
    ),
    el(
      'EventData',
      {},
      el('Data', { Name: 'a' }, inline(v.hex32(1))),
      el('Data', {}, 'x', { characterReference: 65 }, { pi: ['t', 'd'] }),
    ),
  );

/** The smallest log with a template and a record without one, about 1 KB of records. */
export function smallLog(): Buffer {
  return evtxLog([new ChunkWriter().record(dynamicRecord()).record(plain()).finish()]);
}

export function sampleLogs(): Buffer[] {
  return [
    smallLog(),
    evtxLog([new ChunkWriter().record(valuesRecord()).record(valuesRecord()).finish()]),
    evtxLog([
      new ChunkWriter().record(structureRecord()).record(dynamicRecord()).finish(),
      new ChunkWriter(3).record(plain()).finish(),
    ]),
  ];
}

/** Event data with the field `n`. */
export const NUMBERED = template(el('EventData', {}, el('Data', { Name: 'n' }, sub(0))));

export const numbered = (n: number): PartSpec => eventRecord(1, instance(NUMBERED, v.uint32(n)), BigInt(n));

/** A chunk, with its header, of `count` records with the values `first`, `first + 1` ... */
export function chunkOf(count: number, first = 1): ChunkWriter {
  const chunk = new ChunkWriter(first);
  for (let i = 0; i < count; i++) chunk.record(numbered(first + i));
  chunk.finish();
  return chunk;
}
