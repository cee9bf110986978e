/** Lists whose items are no objects: rows of tables, pairs of a time and a line, events as text. */
import { describe, expect, it } from 'vitest';
import { codes, dataOf, eventXml, readJson } from './support.ts';

const BLOCKS: readonly (readonly number[])[] = [[1 << 20], [1], [7], [13, 64]];
const COLUMNS = ['TimeGenerated', 'Provider', 'Channel', 'Computer', 'EventID', 'EventData'];
const row = (image: unknown): unknown[] => [
  '2024-03-05T09:06:22.441Z',
  'Microsoft-Windows-Sysmon',
  'Microsoft-Windows-Sysmon/Operational',
  'PC1',
  1,
  image,
];
const data = (image: string): string => JSON.stringify({ Image: image });

describe('rows under columns', () => {
  const tables = {
    'Log Analytics': {
      tables: [{ name: 'PrimaryResult', columns: COLUMNS.map((name) => ({ name, type: 'string' })), rows: [] as unknown[] }],
    },
    'Data Explorer': {
      Tables: [
        {
          TableName: 'Table_0',
          Columns: COLUMNS.map((ColumnName) => ({ ColumnName, DataType: 'String' })),
          Rows: [] as unknown[],
        },
      ],
    },
    pandas: { columns: COLUMNS, index: [0, 1], data: [] as unknown[] },
  };
  const written = (name: keyof typeof tables, space?: number): string =>
    JSON.stringify(tables[name], null, space).replace(
      /(rows|Rows|data)": ?\[\]/,
      `$1": ${JSON.stringify([row(data('C:\\a "b" [1]{2}')), row({ Image: 'x' })], null, space)}`,
    );

  it.each(Object.keys(tables) as (keyof typeof tables)[])('%s, whatever the size of blocks', (name) => {
    for (const space of [0, 2]) {
      for (const blocks of BLOCKS) {
        const read = readJson(written(name, space), blocks);
        expect(codes(read)).toEqual([]);
        expect(dataOf(read)).toEqual([{ Image: 'C:\\a "b" [1]{2}' }, { Image: 'x' }]);
        expect(read.stats.exporters).toEqual({ sentinel: 2 });
      }
    }
  });
  it('an empty cell is no field', () => {
    const text = JSON.stringify({
      columns: ['TimeGenerated', 'Channel', 'EventID', 'A', 'B', 'C'],
      rows: [['2024-03-05', 'Security', 1, '', null, '-']],
    });
    expect(dataOf(readJson(text))).toEqual([{ C: '-' }]);
  });
  it('a cut table gives the whole rows before the end', () => {
    const text = written('Log Analytics');
    const read = readJson(text.slice(0, -60));
    expect(dataOf(read)).toEqual([{ Image: 'C:\\a "b" [1]{2}' }]);
    expect(read.diagnostics.map(({ code }) => code)).toContain('json/truncated');
  });
  it('a damaged row costs itself', () => {
    const text = written('Log Analytics').replace('"PC1",1,{', '"PC1",1,{nothing');
    const read = readJson(text);
    expect(read.events.map(({ EventID }) => EventID)).toContain(1);
    expect(read.diagnostics.length).toBeGreaterThan(0);
  });
});

describe('Loki', () => {
  const line = JSON.stringify({
    source: 'P',
    channel: 'C',
    computer: 'PC1',
    event_id: 7,
    timeCreated: '2024-03-05T09:06:22.4410910Z',
    event_data: "<Data Name='A'>b</Data>",
  });
  it('streams of lines', () => {
    const text = JSON.stringify({
      status: 'success',
      data: {
        resultType: 'streams',
        result: [
          {
            stream: { a: 'b' },
            values: [
              ['1', line],
              ['2', line, { x: 'y' }],
            ],
          },
        ],
      },
    });
    for (const blocks of BLOCKS) {
      const read = readJson(text, blocks);
      expect(codes(read)).toEqual([]);
      expect(dataOf(read)).toEqual([{ A: 'b' }, { A: 'b' }]);
    }
  });
  it('lines of another program are records that are no events', () => {
    const read = readJson(JSON.stringify({ stream: { a: 'b' }, values: [['1', 'level=info msg=x']] }));
    expect(read.events.map(({ Channel, Provider, EventID }) => [Channel, Provider, EventID])).toEqual([['', '', null]]);
  });
  it('versions of Promtail that write EventData twice', () => {
    const twice = { ...JSON.parse(line), user_data: "<Data Name='A'>b</Data>" };
    expect(dataOf(readJson(JSON.stringify(twice)))).toEqual([{ A: 'b' }]);
  });
});

it('events as text, in a list or one after the other', () => {
  for (const spelled of [(text: string) => text, (text: string) => text.replaceAll('<', '\\u003c')]) {
    const texts = [1, 2].map((id) => spelled(JSON.stringify(eventXml(id))));
    for (const text of [`[${texts.join(', ')}]`, texts.join('\n'), `{"events": [${texts.join()}]}`]) {
      for (const blocks of BLOCKS) {
        const read = readJson(text, blocks);
        expect(codes(read)).toEqual([]);
        expect(dataOf(read)).toEqual([{ Image: 'C:\\a1.exe' }, { Image: 'C:\\a2.exe' }]);
      }
    }
  }
});

it('lists inside of records are values, whatever they hold', () => {
  const record = { Channel: 'Security', EventID: 1, values: [['a', '{"b":1}']], rows: [[1]], data: ['<x>'] };
  const read = readJson(JSON.stringify(record));
  expect(read.events).toHaveLength(1);
  expect(read.events[0]?.Channel).toBe('Security');
});

it('evtx_dump writes a line with a number before each record', () => {
  const tree = JSON.stringify({ Event: { System: { Channel: 'C', EventID: 1 }, EventData: { A: 'b' } } }, null, 2);
  for (const blocks of BLOCKS) {
    const read = readJson(`Record 1\n${tree}\nRecord 12\r\n${tree}\n`, blocks);
    expect(codes(read)).toEqual([]);
    expect(dataOf(read)).toEqual([{ A: 'b' }, { A: 'b' }]);
  }
});

it('the body of OpenTelemetry, wherever a backend puts it', () => {
  const body = {
    channel: 'Security',
    computer: 'PC1',
    event_id: { id: 4624, qualifiers: 0 },
    provider: { name: 'P' },
    system_time: '2024-03-05T09:06:22.4410910Z',
    event_data: { LogonType: '10' },
  };
  for (const record of [body, { body }, { Body: body }, { body: { structured: body } }, { body: JSON.stringify(body) }]) {
    const { events, diagnostics } = readJson(JSON.stringify(record));
    expect(diagnostics).toEqual([]);
    expect(events.map(({ EventID, Channel, data }) => [EventID, Channel, { ...data }])).toEqual([
      [4624, 'Security', { LogonType: '10' }],
    ]);
  }
});
