/** Where the bytes are cut must not matter: blocks of any length, ranges at any place. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { format as json } from '../../src/logs/json/format.ts';
import { LOOK_BEHIND_BYTES } from '../../src/logs/xml/bounds/boundary.ts';
import { format as xml } from '../../src/logs/xml/format.ts';
import { tries } from '../support/random.ts';
import { codes, type Decoded, decode, decodeRanges, eventXml } from './support.ts';

const RUNS = { numRuns: tries(50) };

/** Everything that makes a scanner look ahead or behind. */
const XML_EVENTS = [
  eventXml(1),
  `<?xml version="1.0"?><!-- <Event> -->${eventXml(2, '<EventData><Data Name="A">a &amp; b</Data><Data/><Data Name="Ü">ü\u{1F600}</Data></EventData>')}`,
  eventXml(
    3,
    '<EventData><Data Name="A"><![CDATA[</Data> <x>]]></Data><Data Name="B"><t>raw & <u/></t></Data><Data Name="B"/></EventData>',
  ),
  eventXml(
    4,
    '<UserData><W xmlns="x"><A>1</A><B/></W></UserData><RenderingInfo Culture="x"><Message>m</Message></RenderingInfo>',
  ),
  eventXml(5, '<UserData><W xmlns="x"><A n="1"><B>2</B></A></W></UserData>').replace(/></g, '>\r\n  <'),
  eventXml(6, `<EventData><Data Name="Long">${'x'.repeat(50)}&#13;&#10;${'y'.repeat(50)}</Data></EventData>`),
];
const XML_DAMAGE = [eventXml(7).slice(0, 150), 'junk', eventXml(8).replace('</EventID>', '</x>')];

const LINES = [
  '{"EventID":1,"Channel":"a","Image":"C:\\\\x\\\\y.exe","n":-12.5,"t":true,"z":null}',
  '{"EventID": 2, "l": ["a", {"b": "]"}], "o": {"p": {"q": "\\u00fc\\"\\\\"}}, "e": {}}',
  `{"EventID":3,"Long":"${'x'.repeat(60)}\\\\${'y'.repeat(60)}"}`,
  '{"Event":{"System":{"EventID":4,"Channel":"c"},"EventData":{"Data":[{"@Name":"A","#text":"b"},{"@Name":"C","#text":"d"}]}}}',
  '{"EventID":5,"Ü":"ü\u{1F600}","l":[{"k":1},{"k":2}]}',
];
const LINE_DAMAGE = [LINES[0]!.slice(0, 30), 'junk', LINES[1]!.replace(',', ''), '', '  '];

const blocks = fc.array(fc.integer({ min: 1, max: 200 }), { minLength: 1, maxLength: 60 });
const cutsOf = (text: string, places: readonly number[]): { start: number; end: number }[] => {
  const size = Buffer.byteLength(text);
  const at = [...new Set([0, ...places.map((place) => Math.floor(place * size)), size])].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => ({ start: at[i]!, end }));
};
const places = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 });
const some = (parts: readonly string[]): fc.Arbitrary<string[]> =>
  fc.array(fc.constantFrom(...parts), { minLength: 1, maxLength: 8 });

/** Messages quote the bytes that are at hand, which may be fewer in small blocks. */
function expectSame(actual: Decoded, expected: Decoded): void {
  expect({ ...actual, diagnostics: codes(actual) }).toEqual({ ...expected, diagnostics: codes(expected) });
}

describe('blocks of any length give what one block gives', () => {
  test('XML, also damaged', () => {
    fc.assert(
      fc.property(some([...XML_EVENTS, ...XML_DAMAGE]), fc.boolean(), blocks, (parts, root, lengths) => {
        const text = root ? `<Events>${parts.join('\n')}</Events>` : parts.join('');
        expectSame(decode(xml, text, lengths), decode(xml, text));
      }),
      RUNS,
    );
  });

  test('JSON lines, also damaged', () => {
    fc.assert(
      fc.property(some([...LINES, ...LINE_DAMAGE]), blocks, (parts, lengths) => {
        const text = parts.join('\n');
        expectSame(decode(json, text, lengths), decode(json, text));
      }),
      RUNS,
    );
  });

  test('JSON arrays and wrappers', () => {
    fc.assert(
      fc.property(some(LINES), fc.constantFrom(undefined, 2), fc.boolean(), blocks, (parts, indent, wrapped, lengths) => {
        const records: unknown[] = parts.map((part) => JSON.parse(part));
        const text = JSON.stringify(wrapped ? { took: 1, hits: { total: 2, hits: records } } : records, null, indent);
        expectSame(decode(json, text, lengths), decode(json, text));
      }),
      RUNS,
    );
  });
});

describe('ranges cut anywhere give what the whole gives', () => {
  test('XML', () => {
    fc.assert(
      fc.property(some(XML_EVENTS), fc.boolean(), places, (parts, root, at) => {
        const text = root ? `<Events>\r\n${parts.join('\r\n')}</Events>` : parts.join('\n');
        const whole = decode(xml, text);
        expect(decodeRanges(xml, text, cutsOf(text, at))).toMatchObject({ events: whole.events, diagnostics: [] });
      }),
      RUNS,
    );
  });

  const plain = eventXml(1).replace(/ xmlns="[^"]*"/, '');
  const [system] = /<System>.*<\/System>/.exec(plain)!;
  test.each([
    ['a prefix', plain.replace(/<(\/?)(?=[A-Z])/g, '<$1e:').replace('<e:Event>', '<e:Event xmlns:e="x">')],
    ['a comment first', plain.replace('<System>', '<!-- c --><System>')],
    ['System last', plain.replace(system, '').replace('</Event>', `${system}</Event>`)],
    ['a long start tag', plain.replace('<Event>', `<Event a="${'x'.repeat(2000)}">`)],
    ['many blanks before System', plain.replace('<System>', `${' '.repeat(400)}<System>`)],
    ['two events in a comment', `<!-- ${plain}\n${plain} -->${plain}`],
  ])('XML events with %s: none is lost, none is read twice', (_name, event) => {
    const text = `<Events>\n${`${event}\n`.repeat(6)}</Events>\n`;
    const whole = decode(xml, text);
    expect([whole.events.length, whole.diagnostics]).toEqual([6, []]);
    for (let cut = 0; cut < text.length; cut += 7)
      expect(decodeRanges(xml, text, cutsOf(text, [cut / text.length])).events).toEqual(whole.events);
  });

  const OPENERS = [
    ['a CDATA section', '<![CDATA[', ']]>'],
    ['a CDATA section of an element', '<note><![CDATA[', ']]></note>'],
    ['a comment', '<!-- ', ' -->'],
  ] as const;
  const texts = (open: string, close: string, events: number): string => {
    const made = Array.from({ length: events + 40 }, (_, i) => eventXml(i + 1));
    return `<Events>${made.slice(0, 20).join('')}${open}${made.slice(20, -20).join('')}${close}${made.slice(-20).join('')}</Events>`;
  };
  test.each(OPENERS)('XML events in %s are text, on a stream and in ranges', (_name, open, close) => {
    const events = Math.floor(LOOK_BEHIND_BYTES / eventXml(1).length) - 2;
    const text = texts(open, close, events);
    const whole = decode(xml, text);
    expect(whole.events.map(({ EventRecordID }) => EventRecordID)).toEqual([
      ...Array.from({ length: 20 }, (_, i) => i + 1),
      ...Array.from({ length: 20 }, (_, i) => events + 21 + i),
    ]);
    expect(whole.damaged).toBe(0);
    for (let cut = 0; cut < text.length; cut += 997)
      expect(decodeRanges(xml, text, cutsOf(text, [cut / text.length])).events).toEqual(whole.events);
  });

  test.each(OPENERS)(
    'XML events in %s that is longer than what is looked back on: the same on a stream and in ranges',
    (_name, open, close) => {
      const text = texts(open, close, 200);
      const whole = decode(xml, text);
      expect(whole.events.length).toBeGreaterThan(40);
      // What stands outside is read in any case, and the text that is taken for events is said.
      const ids = new Set(whole.events.map(({ EventRecordID }) => EventRecordID));
      for (let i = 1; i <= 20; i++) expect([ids.has(i), ids.has(220 + i)]).toEqual([true, true]);
      expect(new Set(whole.diagnostics.map(({ code }) => code))).not.toContain('xml/truncated');
      expect(whole.diagnostics.length).toBeGreaterThan(0);
      for (let cut = 0; cut < text.length; cut += 4999)
        expect(decodeRanges(xml, text, cutsOf(text, [cut / text.length])).events).toEqual(whole.events);
    },
  );

  test('XML with damage: the same events', () => {
    fc.assert(
      fc.property(some([...XML_EVENTS, ...XML_DAMAGE]), places, (parts, at) => {
        const text = parts.join('\n');
        expect(decodeRanges(xml, text, cutsOf(text, at)).events).toEqual(decode(xml, text).events);
      }),
      RUNS,
    );
  });

  test('JSON lines, also damaged', () => {
    fc.assert(
      fc.property(some([...LINES, ...LINE_DAMAGE]), places, (parts, at) => {
        const text = parts.join('\n');
        expect(decodeRanges(json, text, cutsOf(text, at)).events).toEqual(decode(json, text).events);
      }),
      RUNS,
    );
  });

  test('JSON lines, then records on several lines', () => {
    const pretty = LINES.map((text) => JSON.stringify(JSON.parse(text), null, 2));
    fc.assert(
      fc.property(some(LINES), some([...LINES, ...pretty]), places, (before, after, at) => {
        const text = [...before, ...after].join('\n');
        const whole = decode(json, text);
        expect(decodeRanges(json, text, cutsOf(text, at))).toMatchObject({ events: whole.events, diagnostics: [] });
      }),
      RUNS,
    );
  });

  test('a range that ends where a record starts, and one that starts there', () => {
    const text = `${LINES.join('\n')}\n`;
    for (let cut = 0; cut <= LINES[0]!.length + 3; cut++) {
      const ranges = [
        { start: 0, end: cut },
        { start: cut, end: Buffer.byteLength(text) },
      ];
      expect(decodeRanges(json, text, ranges).events, `${cut}`).toEqual(decode(json, text).events);
    }
  });

  test('only JSON Lines are cut', () => {
    const head = (text: string): Buffer => Buffer.from(text);
    expect(json.ranges(100, 10, head(`${LINES[0]}\n${LINES[1]}\n`))).toHaveLength(10);
    expect(json.ranges(100, 10, head(`[${LINES[0]},\n${LINES[1]}]`))).toEqual([{ start: 0, end: 100 }]);
    expect(json.ranges(100, 10, head(JSON.stringify(JSON.parse(LINES[0]!), null, 2)))).toEqual([{ start: 0, end: 100 }]);
    expect(xml.ranges(100, 10, head(''))).toHaveLength(10);
  });
});
