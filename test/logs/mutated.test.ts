/**
 * Logs that were damaged, or made by somebody who wants records to be overlooked: reading them in ranges, or in blocks of any
 * size, gives what reading them at once gives. `WINNOW_MUTATED=30000 WINNOW_SEED=7 npx vitest run test/logs/mutated.test.ts` tries more of them, and others.
 */
import { describe, expect, test } from 'vitest';
import { format as json } from '../../src/logs/json/format.ts';
import type { LogFormat } from '../../src/logs/log-format.ts';
import { format as xml } from '../../src/logs/xml/format.ts';
import { randomOf } from '../support/random.ts';
import { decode, decodeRanges, eventXml } from './support.ts';

const SEED = Number(process.env.WINNOW_SEED ?? 20261128);
const RUNS = Number(process.env.WINNOW_MUTATED ?? 400);
/** Ten times what a text takes on a machine that is not loaded. */
const TIMEOUT_MS = 60_000 + RUNS * 15;

const prefixed = (text: string): string => text.replace(/<(\/?)(\w)/g, '<$1e:$2').replace('<e:Event xmlns=', '<e:Event xmlns:e=');
const bare = eventXml(9).replace(/ xmlns="[^"]*"/, '');
const [system] = /<System>.*<\/System>/.exec(bare)!;
const two = `${eventXml(20)}\n${eventXml(21)}`;
const XML_PARTS = [
  eventXml(1),
  eventXml(2, '<EventData><Data Name="A">a &amp; b</Data><Data/><Data Name="Ü">ü</Data></EventData>'),
  eventXml(3).replace(/></g, '>\r\n  <'),
  prefixed(eventXml(4)),
  bare.replace('<System>', '<!-- c --><System>'),
  bare.replace(system, '').replace('</Event>', `${system}</Event>`),
  bare.replace('<Event>', `<Event a="${'x'.repeat(1100)}">`),
  bare.replace('<System>', `${' '.repeat(300)}<System>`),
  bare.replace('<Event>', '<Event\n>'),
  `<?xml version="1.0" encoding="utf-8"?>\n${eventXml(5)}`,
  `Record 7\n<?xml version="1.0" encoding="utf-8"?>\n${eventXml(7)}`,
  `- ${eventXml(8)}`,
  `<!-- ${two} -->`,
  `<!--${two}-->${bare}`,
  `<?pi ${two} ?>`,
  `<!DOCTYPE x [ ${two} ]>`,
  eventXml(10, `<EventData><Data Name="A"><![CDATA[x ${two}]]></Data></EventData>`),
  eventXml(11, `<EventData><Data Name="A"><![CDATA[${two}]]></Data><Data Name="B">1</Data></EventData>`),
  eventXml(12, `<EventData><Data Name="A">${two}</Data><Data Name="B">1</Data></EventData>`),
  eventXml(13, `<EventData><Data Name="A">x ${two} y</Data></EventData>`),
  eventXml(14, `<UserData><W xmlns="x"><Event>1</Event><Event>2</Event></W></UserData>`),
  eventXml(15, `<EventData/><RenderingInfo Culture="x"><Message>${two}</Message></RenderingInfo>`),
  eventXml(16, '<EventData/><RenderingInfo Culture="x"><Message>m</Message></RenderingInfo>'),
  eventXml(17, '<UserData><W xmlns="x"><A n="1"><B>2</B></A></W></UserData>'),
  `<!-- ${'x'.repeat(40_000)} ${two} -->`,
];
const XML_PIECES = [
  '<', '>', '"', '&', '\n', '\0', '</Event>', '<Event>', '<Event', '<Event ', '<System>', '</System>', '<!--', '-->', '<![CDATA[',
  ']]>', '</Data>', '<Data Name="x">', '<?xml version="1.0"?>', '<?', '?>', '<Events>', '</Events>', '<e:Event>', '</e:Event>',
  '</RenderingInfo>', '<RenderingInfo>', '</Event><Event><System>', '</EventData>', '<UserData>',
]; // biome-ignore format: a list

const record = '{"EventID":1,"Channel":"a","Image":"C:\\\\x\\\\y.exe","n":-12.5,"t":true,"z":null}';
const JSON_PARTS = [
  record,
  '{"EventID": 2, "l": ["a", {"b": "]"}], "o": {"p": {"q": "\\u00fc\\"\\\\"}}, "e": {}}',
  '{"Event":{"System":{"EventID":4,"Channel":"c"},"EventData":{"Data":[{"@Name":"A","#text":"b"},{"@Name":"C","#text":"d"}]}}}',
  '{"EventID":5,"Ü":"ü","l":[{"k":1},{"k":2}]}',
  `{"EventID":3,"Long":"${'x'.repeat(60)}\\\\${'y'.repeat(60)}"}`,
  `{"events":[${record},${record}]}`,
  '{"took":3}',
  `{"hits":{"total":2,"hits":[{"_source":${record}}]}}`,
  JSON.stringify(JSON.parse(record), null, 2),
  `[${record},\n${record}]`,
  JSON.stringify([JSON.parse(record)], null, 1),
  `<134>Nov 24 host winlog: ${record}`,
  `{"EventID":6,"Message":"a ${JSON.stringify(record).slice(1, -1)}"}`,
  `{"tables":[{"name":"P","columns":[{"name":"EventID"},{"name":"Channel"}],"rows":[[1,"a"],[2,"b [{"],[{"x":1},"c"]]}]}`,
  `{"status":"success","data":{"result":[{"stream":{"a":"b"},"values":[["1",${JSON.stringify(record)}],["2","x"]]}]}}`,
  `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"kvlistValue":{"values":[{"key":"channel","value":{"stringValue":"c"}}]}}}]}]}]}`,
  `[${JSON.stringify(record)},"<Event><System><EventID>9</EventID></System></Event>"]`,
  '"\\u003cEvent><System><EventID>9</EventID></System></Event>"',
  `Record 1\n${JSON.stringify(JSON.parse(record), null, 2)}`,
  'junk',
  '',
];
const JSON_PIECES = [
  '"',
  '{',
  '}',
  '[',
  ']',
  ',',
  ':',
  '\\',
  '\n',
  '\r\n',
  '\0',
  '{"',
  '"}',
  '{"EventID":7}',
  '\n{"EventID":8}\n',
  '{"events":[',
  '"columns":["a"],"rows":[',
  '[[1,"a"],',
  '\n\n',
  ' ',
];

interface Kind {
  readonly format: LogFormat;
  readonly parts: readonly string[];
  readonly pieces: readonly string[];
  readonly joints: readonly string[];
}

function mutated({ parts, pieces, joints }: Kind, random: () => number): string {
  const below = (count: number): number => Math.floor(random() * count);
  const pick = <T>(from: readonly T[]): T => from[below(from.length)]!;
  // Few kinds in one log: it is a log for the most part.
  const kinds = Array.from({ length: 1 + below(4) }, () => pick(parts));
  let text = Array.from({ length: 1 + below(10) }, () => pick(kinds)).join(pick(joints));
  for (let changes = below(5); changes > 0; changes--) {
    const at = below(text.length);
    const removed = random() < 0.5 ? 0 : below(random() < 0.8 ? 60 : 600);
    const copied = random() < 0.2 ? text.slice(below(text.length)).slice(0, below(400)) : '';
    text = text.slice(0, at) + (random() < 0.7 ? pick(pieces) : copied) + text.slice(at + removed);
  }
  return text;
}

function cuts(size: number, random: () => number): { start: number; end: number }[] {
  const places = Array.from({ length: 1 + Math.floor(random() * 6) }, () => Math.floor(random() * (size + 1)));
  const at = [...new Set([0, ...places, size])].sort((a, b) => a - b);
  return at.slice(1).map((end, i) => ({ start: at[i]!, end }));
}

const kinds: Record<string, Kind> = {
  XML: { format: xml, parts: XML_PARTS, pieces: XML_PIECES, joints: ['\n', '', '\r\n', '\n\n  '] },
  JSON: { format: json, parts: JSON_PARTS, pieces: JSON_PIECES, joints: ['\n', '\r\n', '\n\n', ''] },
};

/** The same number of an event is the same event, at the same place, with the same values. */
describe.each(Object.entries(kinds))('mutated %s read in ranges and in blocks', (_, kind) => {
  test(`gives what it gives at once (seed ${SEED}, ${RUNS} texts)`, { timeout: TIMEOUT_MS }, () => {
    const random = randomOf(SEED);
    const wrong: string[] = [];
    for (let run = 0; run < RUNS; run++) {
      const text = mutated(kind, random);
      const ranges = cuts(Buffer.byteLength(text), random);
      const whole = decode(kind.format, text);
      const cut = decodeRanges(kind.format, text, ranges);
      const blocks = cuts(Buffer.byteLength(text), random).map(({ start, end }) => end - start);
      const piecemeal = decode(kind.format, text, blocks);
      const same = ({ events, damaged }: typeof whole): boolean =>
        damaged === whole.damaged && JSON.stringify(events) === JSON.stringify(whole.events);
      if (!same(cut)) wrong.push(`ranges ${JSON.stringify(ranges.map(({ start }) => start))} ${JSON.stringify(text)}`);
      if (!same(piecemeal)) wrong.push(`blocks ${JSON.stringify(blocks)} ${JSON.stringify(text)}`);
    }
    expect(wrong.slice(0, 3), `${wrong.length} of ${RUNS}`).toEqual([]);
  });
});
