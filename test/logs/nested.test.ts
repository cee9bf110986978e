/** An event that stands as text inside of a field of another record. */
import { describe, expect, it } from 'vitest';
import { codes, dataOf, eventXml, readJson } from './support.ts';

const read = (record: unknown): ReturnType<typeof readJson> => readJson(JSON.stringify(record));
/** A Splunk result, whose `_raw` may be the whole event. */
const raw = (text: string): unknown => ({ result: { _raw: text, sourcetype: 'x', EventCode: 5 } });
const headOf = ({ events }: ReturnType<typeof readJson>): unknown[] =>
  events.map(({ Channel, EventID, EventRecordID }) => [Channel, EventID, EventRecordID]);
const SYSMON = 'Microsoft-Windows-Sysmon/Operational';

describe('a whole event', () => {
  it('as XML, with a declaration, blanks or a prefix of its namespace before its name', () => {
    for (const text of [eventXml(7), ` <?xml version="1.0" encoding="utf-8"?>\n${eventXml(7)}\r\n`]) {
      const found = read(raw(text));
      expect(headOf(found)).toEqual([[SYSMON, 1, 7]]);
      expect(dataOf(found)).toEqual([{ Image: 'C:\\a7.exe' }]);
      expect(codes(found)).toEqual([]);
    }
  });
  it('as JSON in any shape, in a few layers', () => {
    const event = { winlog: { channel: 'Security', event_id: 4688, event_data: { NewProcessName: 'C:\\a.exe' } } };
    const layers = (count: number): unknown => (count === 0 ? event : raw(JSON.stringify(layers(count - 1))));
    for (const count of [1, 2, 4]) {
      expect(headOf(read(layers(count)))).toEqual([['Security', 4688, null]]);
      expect(dataOf(read(layers(count)))).toEqual([{ NewProcessName: 'C:\\a.exe' }]);
    }
    // Deeper, it is what it looks like: a text.
    expect(headOf(read(layers(5)))).toEqual([['', 5, null]]);
  });
  it('text that only begins like one is text; XML that cannot be read is said, and the record is read without it', () => {
    expect(codes(read(raw('{"user": "x"}')))).toEqual([]);
    expect(codes(read(raw('{5770385F} failed')))).toEqual([]);
    expect(codes(read(raw('<Eventual>')))).toEqual([]);
    const cut = read(raw(eventXml(7).slice(0, 200)));
    expect(headOf(cut)).toEqual([['', 5, null]]);
    expect(cut.diagnostics).toMatchObject([
      { code: 'json/nested', severity: 'warning', message: '_raw holds Event XML that cannot be read.', place: { offset: 0 } },
    ]);
  });
  it('a fault a few layers deep names the record that holds it', () => {
    const line = (text: string): string => JSON.stringify(raw(JSON.stringify(raw(text))));
    const good = line(eventXml(7));
    const cut = line(eventXml(7).slice(0, 200));
    const { diagnostics } = readJson([good, cut, good, cut].join('\n'));
    const second = 2 * good.length + cut.length + 3;
    expect(diagnostics.map(({ place }) => place?.offset)).toEqual([good.length + 1, second]);
  });
  it('keys in another order give the same event', () => {
    const text = eventXml(7);
    const lines = [
      { _raw: text, sourcetype: 'x', EventCode: 5 },
      { sourcetype: 'x', EventCode: 5, _raw: text },
    ];
    expect(dataOf(readJson(lines.map((line) => JSON.stringify(line)).join('\n')))).toEqual([
      { Image: 'C:\\a7.exe' },
      { Image: 'C:\\a7.exe' },
    ]);
  });
});
