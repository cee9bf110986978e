import { describe, expect, test } from 'vitest';
import { codes, dataOf, idsOf, readJson } from './support.ts';

const record = (id: number): object => ({
  Event: {
    '#attributes': { xmlns: 'http://schemas.microsoft.com/win/2004/08/events/event' },
    System: {
      Provider: { '#attributes': { Name: 'Microsoft-Windows-Sysmon', Guid: '5770385F-C22A-43E0-BF4C-06F5698FFBD9' } },
      EventID: 1,
      TimeCreated: { '#attributes': { SystemTime: '2024-03-01T10:00:00.123456Z' } },
      EventRecordID: id,
      Correlation: null,
      Channel: 'Microsoft-Windows-Sysmon/Operational',
      Computer: 'PC1',
    },
    EventData: { Image: `C:\\a${id}.exe`, Note: 'a "b" \n' },
  },
});
const line = (id: number): string => JSON.stringify(record(id));
const pretty = (id: number): string => JSON.stringify(record(id), null, 2);

describe('the forms of a JSON log', () => {
  const ids = [1, 2, 3];
  const lines = ids.map(line).join('\n');
  const hits = (inner: (id: number) => object): object => ({
    took: 3,
    _shards: { total: 1, failures: [] },
    hits: { total: { value: 3, relation: 'eq' }, max_score: null, hits: ids.map(inner) },
    aggregations: { a: { buckets: [] } },
  });
  test.each([
    ['lines', lines],
    ['lines with CR LF and a last line end', `${ids.map(line).join('\r\n')}\r\n`],
    ['byte order mark', `\uFEFF${lines}`],
    ['nothing between the objects', ids.map(line).join('')],
    ['an array on one line', `[${ids.map(line).join(',')}]`],
    ['an array, one record a line', `[\n${ids.map(line).join(',\n')}\n]`],
    ['an array, commas first', `[ ${ids.map(line).join('\n, ')} ]`],
    ['a pretty-printed array', JSON.stringify(ids.map(record), null, 4)],
    ['pretty-printed objects one after the other', ids.map(pretty).join('\n')],
    ['arrays of arrays', `[[${line(1)}],[${line(2)},${line(3)}]]`],
    ['an array a line', ids.map((id) => `[${line(id)}]`).join('\n')],
    ['{"events": [...]}', JSON.stringify({ version: 1, events: ids.map(record), next: null })],
    ['a pretty-printed wrapper', JSON.stringify({ meta: { events: 3 }, records: ids.map(record) }, null, 2)],
    [
      '{"Events": {"Event": [...]}}',
      JSON.stringify({ Events: { '@xmlns': 'x', Event: ids.map((id) => (record(id) as { Event: object }).Event) } }),
    ],
    ['an Elasticsearch answer', JSON.stringify(hits((id) => ({ _index: 'x', _id: 'y', _source: record(id), sort: [1] })))],
    [
      'Elasticsearch answers, one a line',
      [1, 2, 3].map((id) => JSON.stringify({ took: 1, hits: { hits: [{ _source: record(id) }] } })).join('\n'),
    ],
    ['elasticdump lines', ids.map((id) => JSON.stringify({ _index: 'x', _source: record(id) })).join('\n')],
    ['Splunk results', ids.map((id) => JSON.stringify({ preview: false, offset: id, result: record(id) })).join('\n')],
    ["a shipper's prefix on each line", ids.map((id) => `<134>Mar  1 host winlog[1]: ${line(id)}`).join('\n')],
  ])('%s', (_name, text) => {
    const read = readJson(text);
    expect(read.diagnostics.filter(({ severity }) => severity !== 'info')).toEqual([]);
    expect(read.events.map((event) => ({ ...event, offset: 0 }))).toEqual(
      readJson(lines).events.map((event) => ({ ...event, offset: 0 })),
    );
    expect(idsOf(read)).toEqual(ids);
  });

  test('the offset of a record is that of its brace', () => {
    const text = `[\n  ${line(1)},\n  ${line(2)}\n]`;
    expect(readJson(text).events.map(({ offset }) => offset)).toEqual([4, text.indexOf(line(2))]);
  });

  test('an array of nothing, an object of nothing', () => {
    expect(readJson('[]')).toMatchObject({ events: [], diagnostics: [] });
    expect(dataOf(readJson('{}'))).toEqual([{}]);
  });
});

describe('a record or what holds records', () => {
  const event = (id: number): object => ({ EventID: 1, Channel: 'Security', EventRecordID: id });
  const own = { EventID: 1, Channel: 'Security', EventRecordID: 7, Image: 'C:\\a.exe' };

  test.each(['data', 'messages', 'event', 'items'])('a record with a list under "%s" before its own fields', (key) => {
    const read = readJson(JSON.stringify({ [key]: [{ a: 1 }, { a: 2 }], ...own }));
    expect([idsOf(read), dataOf(read)]).toEqual([[7], [{ [`${key}.a`]: ['1', '2'], Image: 'C:\\a.exe' }]]);
  });

  test('a list of what does not look like events, in an object that does not either', () => {
    expect(dataOf(readJson('{"took":1,"items":[{"a":1},{"a":2}],"next":null}'))).toEqual([{ a: '1' }, { a: '2' }]);
    const many = JSON.stringify({ items: Array.from({ length: 10_000 }, (_, i) => ({ a: i })) });
    for (const blocks of [[], [1000]]) expect(readJson(many, blocks).events).toHaveLength(10_000);
    expect(readJson(many.slice(0, 1000)).events.length).toBeGreaterThan(80);
  });

  test('a wrapper with fields that events have, too', () => {
    expect(idsOf(readJson(JSON.stringify({ events: [event(1), event(2)], Channel: 'x' })))).toEqual([1, 2]);
  });

  test.each([
    ['a record before it', JSON.stringify({ took: 3 }), [null, 1, 2]],
    ['an event before it', JSON.stringify(event(9)), [9, 1, 2]],
    ['a wrapper of another kind before it', JSON.stringify({ items: [event(8)] }), [8, 1, 2]],
  ])('a wrapper with %s', (_name, first, ids) => {
    for (const indent of [undefined, 2]) {
      const wrapper = JSON.stringify({ events: [event(1), event(2)] }, null, indent);
      for (const blocks of [[], [7]]) expect(idsOf(readJson(`${first}\n${wrapper}`, blocks))).toEqual(ids);
      expect(idsOf(readJson(`[${first},${wrapper}]`))).toEqual(ids);
    }
  });

  test('a damaged record in a wrapper that is not the first object', () => {
    const read = readJson(
      `${JSON.stringify(event(9))}\n{"events":[${JSON.stringify(event(1))},{"EventID":1,,:},${JSON.stringify(event(3))}]}`,
    );
    expect([idsOf(read), read.stats.damaged]).toEqual([[9, 1, 3], 1]);
  });

  test('a large wrapper behind a record', () => {
    const events = Array.from({ length: 100_000 }, (_, i) => event(i));
    const text = `${JSON.stringify({ took: 3 })}\n${JSON.stringify({ events })}`;
    expect(readJson(text, [1 << 18]).events).toHaveLength(100_001);
  });

  test.each(['result', '_source', 'fields'])(
    '"%s" of a record is no envelope when fields beside it say which event it is',
    (key) => {
      const read = readJson(JSON.stringify({ [key]: { a: { b: 2 } }, ...own, _index: 'x' }));
      expect(idsOf(read)).toEqual([7]);
      expect(dataOf(read)[0]).toMatchObject({ [`${key}.a.b`]: '2', Image: 'C:\\a.exe' });
    },
  );
});

describe('values', () => {
  test('an EventID is the number that rules compare it with', () => {
    const ids = readJson(
      '{"EventID":1.0}\n{"EventID":"4624.00"}\n{"EventID":1.5}\n{"EventID":"x"}\n{"EventID":[1]}\n{"EventID":[1,2]}',
    );
    expect(ids.events.map(({ EventID }) => EventID)).toEqual([1, 4624, null, null, 1, null]);
  });

  const value = (text: string): unknown => dataOf(readJson(`{"V":${text}}`))[0]?.V;
  test.each([
    ['numbers keep their digits', '18446744073709551615', '18446744073709551615'],
    ['negative', '-9223372036854775808', '-9223372036854775808'],
    ['fractions and exponents', '-1.50e+10', '-1.50e+10'],
    ['zero', '0', '0'],
    ['booleans', 'true', 'true'],
    ['null', 'null', null],
    ['the empty string', '""', ''],
    ['escapes', '"a\\"b\\\\c\\/d\\b\\f\\n\\r\\t\\u00fc\\ud83d\\ude00"', 'a"b\\c/d\b\f\n\r\tü\u{1F600}'],
    ['a backslash before the closing quote', '"C:\\\\dir\\\\"', 'C:\\dir\\'],
    ['long strings', `"${'x'.repeat(200)}\\\\${'y'.repeat(200)}\\""`, `${'x'.repeat(200)}\\${'y'.repeat(200)}"`],
    ['a raw tab', '"a\tb"', 'a\tb'],
    ['arrays', '["a", 1, true, null, "\\u0041"]', ['a', '1', 'true', null, 'A']],
    ['an array of one', '["a"]', 'a'],
    ['an empty array', '[]', []],
    ['arrays in arrays', '[[1, "]"], 2]', ['[1, "]"]', '2']],
  ])('%s', (_name, text, expected) => {
    expect(value(text)).toEqual(expected);
  });

  test('nested objects become dotted names, objects in arrays multi-valued ones', () => {
    expect(dataOf(readJson('{"a":{"b":{"c":1}},"l":[{"k":"x"},{"k":"y","z":null}]}'))).toEqual([
      { 'a.b.c': '1', 'l.k': ['x', 'y'], 'l.z': null },
    ]);
  });

  test('names may hold anything', () => {
    expect(dataOf(readJson('{"__proto__":"p","constructor":"c","Threat Name":"t","\\u0041\\"":"q"}'))).toEqual([
      JSON.parse('{"__proto__":"p","constructor":"c","ThreatName":"t","A\\"":"q"}'),
    ]);
  });

  test('what is nested too deep stays JSON text', () => {
    const deep = `${'{"a":'.repeat(100)}"x"${'}'.repeat(100)}`;
    const [data] = dataOf(readJson(deep));
    expect(Object.values(data!)).toEqual([`${'{"a":'.repeat(35)}"x"${'}'.repeat(35)}`]);
    expect(readJson(`${'['.repeat(100_000)}${']'.repeat(100_000)}${line(1)}`).stats.damaged).toBeGreaterThan(0);
    expect(idsOf(readJson(`{"a":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}\n${line(2)}`))).toEqual([null, 2]);
  });
});

describe('damage costs the record that has it', () => {
  test('a line cut in half', () => {
    for (const at of [5, 30, 100, 200, line(2).length - 3, line(2).length - 1]) {
      const read = readJson([line(1), line(2).slice(0, at), line(3), line(4)].join('\n'));
      expect(idsOf(read), `${at}`).toEqual([1, 3, 4]);
      expect(codes(read), `${at}`).toEqual([`json/cut-line at ${line(1).length + 1}`]);
      expect(read.stats, `${at}`).toMatchObject({ records: 3, damaged: 1 });
    }
  });

  test('a line that is no JSON', () => {
    const bad = '{"Event": {"System": {"EventID": 1,,: }}}';
    const read = readJson([line(1), bad, 'garbage', line(3)].join('\n'));
    expect(idsOf(read)).toEqual([1, 3]);
    expect(read.diagnostics[0]).toMatchObject({ code: 'json/syntax', place: { file: 'log', offset: line(1).length + 1 } });
  });

  test('the first line, the last line', () => {
    expect(idsOf(readJson([line(1).slice(40), line(2)].join('\n')))).toEqual([2]);
    const last = readJson([line(1), line(2).slice(0, 50)].join('\n'));
    expect([idsOf(last), codes(last)]).toEqual([[1], [`json/truncated at ${line(1).length + 1}`]]);
  });

  test('a damaged element of a pretty-printed array', () => {
    const text = JSON.stringify([1, 2, 3].map(record), null, 2).replace('"EventRecordID": 2,', '"EventRecordID": 2');
    const read = readJson(text);
    expect(idsOf(read)).toEqual([1, 3]);
    expect(read.diagnostics.map(({ code }) => code)).toEqual(['json/syntax']);
  });

  test('a damaged element of an array on one line', () => {
    const text = `[${line(1)},${line(2).replace('"EventRecordID":2,', '"EventRecordID":2')},${line(3)}]`;
    const read = readJson(text);
    expect(idsOf(read)).toEqual([1, 3]);
    expect(codes(read)).toEqual([`json/syntax at ${line(1).length + 2}`]);
  });

  test('the first element of an array', () => {
    for (const indent of [undefined, 2]) {
      const text = JSON.stringify([1, 2, 3].map(record), null, indent).replace(':1,', ':1').replace(': 1,', ': 1');
      expect([idsOf(readJson(text)), readJson(text).stats.damaged]).toEqual([[2, 3], 1]);
    }
  });

  test('an array that is not closed', () => {
    const read = readJson(`[${line(1)},${line(2)}`);
    expect([idsOf(read), codes(read)]).toEqual([[1, 2], [`json/truncated at ${line(1).length * 2 + 2}`]]);
  });

  test('a key with a line feed, wherever the bytes at hand end', () => {
    const text = `{"E\r\nventID":1,"l":[}"],[{"E\r\nventID":2]}\n${line(3)}`;
    const whole = readJson(text);
    expect(idsOf(whole)).toEqual([3]);
    for (let first = 1; first < text.length; first++) {
      const read = readJson(text, [first, text.length]);
      expect([first, read.damaged, idsOf(read)]).toEqual([first, whole.damaged, [3]]);
    }
  });
  test('a record longer than the limit is skipped', () => {
    const read = readJson(`${line(1)}\n{"a":"${'x'.repeat(20 << 20)}"}\n${line(3)}`, [1 << 20]);
    expect(idsOf(read)).toEqual([1, 3]);
    expect(codes(read)).toEqual([`json/too-long at ${line(1).length + 1}`]);
  });

  test('values that are no records', () => {
    const read = readJson(`[1, "a", ${line(1)}]`);
    expect(read.stats.damaged).toBeGreaterThan(0);
  });

  test('more fields than the limit', () => {
    const many = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`n${i}`, i]));
    const read = readJson(`${JSON.stringify(many)}\n${line(2)}`);
    expect(read.stats.records).toBe(2);
    expect(codes(read)).toEqual(['json/too-many-fields at 0']);
  });
});
