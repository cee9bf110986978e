import { describe, expect, it } from 'vitest';
import {
  ChunkWriter,
  dependsOn,
  EVENT,
  el,
  empty,
  eventRecord,
  evtxLog,
  inline,
  instance,
  opt,
  type PartSpec,
  sub,
  TICKS,
  template,
  type ValueSpec,
  v,
} from './support/evtx-writer.ts';
import { dataOf, readEvents, renderings } from './support/snapshots.ts';

/** A log whose records are these fragments. */
function logOf(...records: PartSpec[]): Buffer {
  const chunk = new ChunkWriter();
  for (const record of records) chunk.record(record);
  return evtxLog([chunk.finish()]);
}

/** Event data with one field `x` per value, from a template. */
function valuesRecord(...values: ValueSpec[]): PartSpec {
  const data = template(el('EventData', {}, ...values.map((_, i) => el('Data', { Name: `x${i}` }, sub(i)))));
  return eventRecord(1, instance(data, ...values));
}

describe('a record of a template in a template', () => {
  it('has its System fields, its data and its place', () => {
    const log = logOf(eventRecord(4688, el('EventData', {}, el('Data', { Name: 'Image' }, 'C:\\a.exe'))));
    expect(readEvents(log).events).toEqual([
      {
        file: 'test.evtx',
        index: 0,
        offset: 4096 + 512,
        recovered: false,
        EventRecordID: 7,
        TimeCreated: '2019-05-11T17:58:23.4185632Z',
        timeUs: 1_557_597_503_418_563,
        Provider: 'Test-Provider',
        Channel: 'Test/Operational',
        EventID: 4688,
        Computer: 'HOST',
        system: {
          Provider_Name: 'Test-Provider',
          EventID: '4688',
          TimeCreated_SystemTime: '2019-05-11T17:58:23.4185632Z',
          EventRecordID: '7',
          Channel: 'Test/Operational',
          Computer: 'HOST',
        },
        data: { Image: 'C:\\a.exe' },
      },
    ]);
  });

  it('has EventID_Qualifiers only when there are qualifiers', () => {
    const with0 = instance(EVENT, v.uint16(7), v.uint16(49152), v.filetime(TICKS), v.uint64(1n), v.nothing());
    const { events } = readEvents(logOf(with0));
    expect(events[0]?.system.EventID_Qualifiers).toBe('49152');
    expect(events[0]?.data).toEqual({});
  });

  it('is the same when pushed in blocks of any size', () => {
    const log = logOf(valuesRecord(v.string('a')), valuesRecord(v.uint32(5)));
    const whole = readEvents(log);
    for (const blockBytes of [1, 7, 100, 4096, 5000, 65536, 70000]) {
      expect(readEvents(log, undefined, blockBytes)).toEqual(whole);
    }
  });
});

describe('value types', () => {
  const guid = '0fd0405a02e04a4b8a1e00112233445566'.slice(0, 32);
  it.each<[string, ValueSpec, unknown, unknown]>([
    ['null', v.nothing(), '', ''],
    ['string', v.string('a "b" \\ \u00e9 \u{1f600}'), 'a "b" \\ \u00e9 \u{1f600}', 'a "b" \\ \u00e9 \u{1f600}'],
    ['string with NULs at its end', v.string('abc\0\0'), 'abc', 'abc'],
    ['string with a NUL inside', v.string('a\0b'), 'a\0b', 'a\0b'],
    ['empty string', v.string(''), '', ''],
    ['ANSI string', v.ansi(Buffer.from('caf\xe9 \x80\0', 'latin1')), 'caf\u00e9 \u20ac', 'caf\u00e9 \u20ac'],
    ['Int8', v.int8(-5), '-5', -5],
    ['UInt8', v.uint8(200), '200', 200],
    ['Int16', v.int16(-300), '-300', -300],
    ['UInt16', v.uint16(65535), '65535', 65535],
    ['Int32', v.int32(-2147024894), '-2147024894', -2147024894],
    ['UInt32', v.uint32(4294967295), '4294967295', 4294967295],
    ['Int64', v.int64(-9007199254740993n), '-9007199254740993', -9007199254740992],
    ['UInt64', v.uint64(18446744073709551615n), '18446744073709551615', 18446744073709552000],
    ['float', v.float(0.1), '0.1', 0.1],
    ['double', v.double(-1.5), '-1.5', -1.5],
    ['double that is no number', v.double(Number.NaN), 'NaN', 'NaN'],
    ['boolean', v.bool(true), 'true', true],
    ['boolean of one byte', v.raw(0x0d, Buffer.from([0])), 'false', false],
    ['binary', v.binary('00ffa5'), '00FFA5', '00FFA5'],
    ['GUID', v.guid(guid), '{5A40D00F-E002-4B4A-8A1E-001122334455}', '{5A40D00F-E002-4B4A-8A1E-001122334455}'],
    ['SizeT', v.size(0x1234n), '0x1234', '0x1234'],
    ['SizeT of 32 bits', v.raw(0x10, Buffer.from([0x10, 0, 0, 0])), '0x10', '0x10'],
    ['FILETIME', v.filetime(TICKS), '2019-05-11T17:58:23.4185632Z', '2019-05-11T17:58:23.4185632Z'],
    ['FILETIME zero', v.filetime(0n), '1601-01-01T00:00:00.0000000Z', '1601-01-01T00:00:00.0000000Z'],
    ['SYSTEMTIME', v.systemtime([2020, 2, 0, 29, 1, 2, 3, 4]), '2020-02-29T01:02:03.004Z', '2020-02-29T01:02:03.004Z'],
    ['SID', v.sid(5, 21, 4294967295, 500), 'S-1-5-21-4294967295-500', 'S-1-5-21-4294967295-500'],
    ['HexInt32', v.hex32(0x3e7), '0x3e7', '0x3e7'],
    ['HexInt64', v.hex64(0x8000000000000000n), '0x8000000000000000', '0x8000000000000000'],
    ['HexInt64 zero', v.hex64(0n), '0x0', '0x0'],
    ['strings', v.strings('a', '', 'b'), ['a', '', 'b'], ['a', '', 'b']],
    ['one string in an array', v.strings('a'), 'a', 'a'],
    ['numbers', v.array(v.uint32(1), v.uint32(2)), ['1', '2'], [1, 2]],
    ['SIDs', v.array(v.sid(5, 18), v.sid(5, 32, 544)), ['S-1-5-18', 'S-1-5-32-544'], ['S-1-5-18', 'S-1-5-32-544']],
    [
      'GUIDs',
      v.array(v.guid(guid), v.guid('00'.repeat(16))),
      ['{5A40D00F-E002-4B4A-8A1E-001122334455}', '{00000000-0000-0000-0000-000000000000}'],
      ['{5A40D00F-E002-4B4A-8A1E-001122334455}', '{00000000-0000-0000-0000-000000000000}'],
    ],
    ['an unknown type', v.raw(0x22, Buffer.from([1, 0xab])), '01AB', '01AB'],
    ['a value shorter than its type', v.raw(0x08, Buffer.from([1])), '', ''],
  ])('%s', (_name, value, field, json) => {
    const log = logOf(valuesRecord(value));
    expect(dataOf(log)).toEqual([{ x0: field }]);
    expect((renderings(log).json[0] as { Event: { EventData: unknown } }).Event.EventData).toEqual({ x0: json });
  });

  it('are decoded the same inline, without a template', () => {
    const values = [
      v.string('s'),
      v.ansi(Buffer.from('a')),
      v.int8(-1),
      v.uint64(5n),
      v.guid(guid),
      v.sid(5, 18),
      v.hex32(9),
      v.bool(true),
    ];
    const data = el('EventData', {}, ...values.map((value, i) => el('Data', { Name: `x${i}` }, inline(value))));
    const log = logOf(eventRecord(1, data));
    expect(dataOf(log)).toEqual([
      {
        x0: 's',
        x1: 'a',
        x2: '-1',
        x3: '5',
        x4: '{5A40D00F-E002-4B4A-8A1E-001122334455}',
        x5: 'S-1-5-18',
        x6: '0x9',
        x7: 'true',
      },
    ]);
  });
});

describe('structure', () => {
  it('reads records without any template', () => {
    const chunk = new ChunkWriter();
    chunk.record(
      el(
        'Event',
        {},
        el(
          'System',
          {},
          empty(el('Provider', { Name: 'P' })),
          el('EventID', {}, inline(v.uint16(5145))),
          el('Channel', {}, 'Security'),
        ),
        el('EventData', {}, el('Data', { Name: 'ShareName' }, '\\\\*\\IPC$'), el('Data', {}, 'unnamed')),
      ),
    );
    const { events } = readEvents(evtxLog([chunk.finish()]));
    expect(events).toMatchObject([
      {
        Provider: 'P',
        EventID: 5145,
        Channel: 'Security',
        Computer: '',
        TimeCreated: null,
        data: { ShareName: '\\\\*\\IPC$', Data: 'unnamed' },
      },
    ]);
  });

  it('gives records without a template the same shape as long as they have the same fields', () => {
    const chunk = new ChunkWriter();
    const event = (value: string) => el('Event', {}, el('EventData', {}, el('Data', { Name: 'a' }, value)));
    chunk.record(event('1')).record(event('2'));
    const shapes = new Set<unknown>();
    const log = evtxLog([chunk.finish(), new ChunkWriter().record(event('3')).finish()]);
    const { events } = readEvents(log);
    for (const _ of events) shapes.add(JSON.stringify(Object.keys(_.data)));
    expect(events.map(({ data }) => data.a)).toEqual(['1', '2', '3']);
    expect(shapes.size).toBe(1);
  });

  it('reads CDATA, entities, character references and processing instructions', () => {
    const log = logOf(
      eventRecord(
        1,
        el(
          'EventData',
          {},
          el('Data', { Name: 'a' }, { cdata: '<x> & ' }, { entity: 'amp' }, { characterReference: 0x41 }),
          el('Data', { Name: 'b' }, 'x', { pi: ['target', 'some data'] }),
        ),
      ),
    );
    expect(dataOf(log)).toEqual([{ a: '<x> & &A', b: 'x' }]);
    const { xml } = renderings(log);
    expect(xml[0]).toContain("<Data Name='a'>&lt;x&gt; &amp; &amp;A</Data>");
    expect(xml[0]).toContain("<Data Name='b'>x<?target some data?></Data>");
  });

  it('joins text and substitutions of one element', () => {
    const data = template(el('EventData', {}, el('Data', { Name: 'a' }, 'pid ', sub(0), ' of ', sub(1))));
    expect(dataOf(logOf(eventRecord(1, instance(data, v.uint32(4), v.string('System')))))).toEqual([{ a: 'pid 4 of System' }]);
  });

  it('names fields by substituted names', () => {
    const data = template(el('EventData', {}, el('Data', { Name: sub(0) }, sub(1)), el('Data', { Name: sub(2) }, sub(3))));
    const record = (a: string, b: string) => eventRecord(1, instance(data, v.string(a), v.uint32(1), v.string(b), v.uint32(2)));
    expect(dataOf(logOf(record('One', 'Two'), record('Uno', 'Due'), record('One', 'Two')))).toEqual([
      { One: '1', Two: '2' },
      { Uno: '1', Due: '2' },
      { One: '1', Two: '2' },
    ]);
  });

  it('makes an array of repeated and unnamed Data, and of an array in one of them', () => {
    const data = template(
      el(
        'EventData',
        {},
        el('Data', {}, sub(0)),
        el('Data', { Name: 'n' }, '1'),
        el('Data', { Name: 'n' }, '2'),
        el('Binary', {}, sub(1)),
      ),
    );
    const log = logOf(eventRecord(1, instance(data, v.strings('a', 'b'), v.binary('0102'))));
    expect(dataOf(log)).toEqual([{ Data: ['a', 'b'], n: ['1', '2'], Binary: '0102' }]);
    const { json, xml } = renderings(log);
    expect((json[0] as { Event: { EventData: unknown } }).Event.EventData).toEqual({
      Data: ['a', 'b'],
      n: ['1', '2'],
      Binary: '0102',
    });
    expect(xml[0]).toContain(
      "<EventData><Data>a</Data><Data>b</Data><Data Name='n'>1</Data><Data Name='n'>2</Data><Binary>0102</Binary></EventData>",
    );
  });

  it('drops blanks from field names, as rules do', () => {
    expect(dataOf(logOf(eventRecord(1, el('EventData', {}, el('Data', { Name: 'Threat Name' }, 'x')))))).toEqual([
      { ThreatName: 'x' },
    ]);
  });

  it('names fields of UserData by their local names, attributes included', () => {
    const user = el(
      'UserData',
      {},
      el(
        'ns:Wrapper',
        { xmlns: 'urn:x' },
        el('ns:SubjectUserName', {}, 'bob'),
        empty(el('File', { ref: 'f1' })),
        el('List', {}, el('Item', {}, '1'), el('Item', {}, '2')),
      ),
    );
    expect(dataOf(logOf(eventRecord(1102, user)))).toEqual([
      { SubjectUserName: 'bob', File_ref: 'f1', File: '', Item: ['1', '2'] },
    ]);
  });

  it('has no EventID to be looked up by when it has two', () => {
    const chunk = new ChunkWriter();
    chunk.record(el('Event', {}, el('System', {}, el('EventID', {}, '1'), el('EventID', {}, '2'))));
    expect(readEvents(evtxLog([chunk.finish()])).events).toMatchObject([{ EventID: null, system: { EventID: ['1', '2'] } }]);
  });

  it('keeps what Windows has rendered out of the fields', () => {
    const chunk = new ChunkWriter();
    chunk.record(el('Event', {}, el('System', {}, el('Channel', {}, 'C')), el('RenderingInfo', {}, el('Channel', {}, '18'))));
    expect(readEvents(evtxLog([chunk.finish()])).events).toMatchObject([{ Channel: 'C', data: {} }]);
  });

  it('leaves out elements and attributes whose optional value is null', () => {
    const data = template(
      el(
        'EventData',
        {},
        el('Data', { Name: 'required' }, sub(0)),
        el('Data', { Name: 'optional' }, opt(0)),
        el('Data', { Name: 'mixed' }, 'text ', opt(0)),
        dependsOn(0, el('Data', { Name: 'dependent' }, 'literal')),
        empty(el('Item', { a: opt(0), b: opt(1) })),
      ),
    );
    const log = logOf(
      eventRecord(1, instance(data, v.nothing(), v.string('B'))),
      eventRecord(1, instance(data, v.string(''), v.string('B'))),
    );
    expect(dataOf(log)).toEqual([
      { required: '', Item_b: 'B', Item: '' },
      { required: '', optional: '', mixed: 'text ', dependent: 'literal', Item_a: '', Item_b: 'B', Item: '' },
    ]);
    const { json, xml } = renderings(log);
    expect(xml.map((text) => text.slice(text.indexOf('<EventData>'), -'</Event>'.length))).toEqual([
      "<EventData><Data Name='required'></Data><Item b='B'/></EventData>",
      "<EventData><Data Name='required'></Data><Data Name='optional'></Data><Data Name='mixed'>text </Data><Data Name='dependent'>literal</Data><Item a='' b='B'/></EventData>",
    ]);
    expect(json.map((event) => (event as { Event: { EventData: unknown } }).Event.EventData)).toEqual([
      { required: '', Item: { '#attributes': { b: 'B' } } },
      { required: '', optional: '', mixed: 'text ', dependent: 'literal', Item: { '#attributes': { a: '', b: 'B' } } },
    ]);
  });

  it('reads fragments in values of fragments, and templates in them', () => {
    const inner = template(el('Inner', {}, el('Value', {}, sub(0))));
    const outer = template(el('Outer', {}, sub(0), el('After', {}, 'x')));
    const user = el('UserData', {}, instance(outer, v.binxml(instance(inner, v.string('deep')))));
    expect(dataOf(logOf(eventRecord(1, user)))).toEqual([{ Value: 'deep', After: 'x' }]);
  });

  it('treats values that a record does not bring as null', () => {
    const data = template(
      el(
        'EventData',
        {},
        el('Data', { Name: 'a' }, sub(0)),
        el('Data', { Name: 'b' }, sub(5)),
        el('Data', { Name: 'c' }, opt(6)),
      ),
    );
    expect(dataOf(logOf(eventRecord(1, instance(data, v.string('x')))))).toEqual([{ a: 'x', b: '' }]);
  });

  it('does not mistake the same template bytes with other names for the same template', () => {
    // Both chunks hold the same definition bytes; its names stand outside of it, in the record before, and differ.
    const data = template(el('EventData', {}, el('Data', { Name: 'n' }, sub(0))));
    const make = (field: string) => {
      const chunk = new ChunkWriter();
      chunk.record(el('Event', {}, el('EventData', {}, el(field, {}, 'x'))));
      const named = template(el('EventData', {}, el(field, {}, sub(0))));
      (named.guid as Buffer).set(data.guid);
      chunk.record(eventRecord(1, instance(named, v.string('value'))));
      return chunk.finish();
    };
    const log = evtxLog([make('First'), make('Other')]);
    expect(dataOf(log).slice(1)).toEqual([{ First: 'value' }, { Other: 'x' }, { Other: 'value' }]);
  });
});
