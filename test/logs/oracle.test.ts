/** The scanners against conforming parsers: fast-xml-parser for what a record says, JSON.parse for what an object holds. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRecord } from '../../src/logs/xml/fallback.ts';
import { tries } from '../support/random.ts';
import { dataOf, eventXml, readJson, readXml } from './support.ts';

const RUNS = { numRuns: tries(100) };

describe('XML', () => {
  const escapeXml = (text: string): string =>
    text.replace(/[&<>"'\r\n\t\0-\x1f]/g, (char) => (char === '\n' || char === '\t' ? char : `&#${char.codePointAt(0)};`));
  // U+FFFE, U+FFFF and lone surrogates do not survive UTF-8 or are refused by the validator.
  const text = fc.string({
    unit: fc.constantFrom(...'abc <>&"\'\r\n\tü€'.split(''), '\u{1F600}', 'x'.repeat(20)),
    maxLength: 12,
  });
  const name = fc.stringMatching(/^[A-Za-z][A-Za-z0-9_]{0,8}$/);
  const blank = fc.constantFrom('', '\n  ', ' ');
  const datum = fc.oneof(
    fc.tuple(name, text).map(([key, value]) => `<Data Name="${key}">${escapeXml(value)}</Data>`),
    name.map((key) => `<Data Name='${key}'/>`),
    text.map((value) => `<Data>${escapeXml(value)}</Data>`),
    fc.constant('<Data/>'),
    text.map((value) => `<Data Name="cdata"><![CDATA[${value.replaceAll('\r', '')}]]></Data>`),
    fc
      .tuple(text, text, fc.constantFrom('<!-- </Data> -->', '<?x </Data> ?>', '<?y?>', '<!---->'))
      .map(([before, after, aside]) => `<Data Name="aside">${escapeXml(before)}${aside}${escapeXml(after)}</Data>`),
    fc.constant('<Binary>00ff</Binary>'),
  );
  const field = fc.oneof(
    fc.tuple(name, text).map(([key, value]) => `<${key}>${escapeXml(value)}</${key}>`),
    name.map((key) => `<${key}/>`),
    name.map((key) => `<${key} xmlns="y">z</${key}>`),
  );
  const section = fc.oneof(
    fc
      .tuple(fc.array(datum, { maxLength: 6 }), blank)
      .map(([data, gap]) => `<EventData>${data.map((each) => gap + each).join('')}${gap}</EventData>`),
    fc
      .tuple(fc.array(field, { minLength: 1, maxLength: 6 }), blank)
      .map(([fields, gap]) => `<UserData>${gap}<W xmlns="x">${fields.join(gap)}${gap}</W></UserData>`),
    fc.constant('<EventData/>'),
    fc.constant('<RenderingInfo Culture="en"><Message>m</Message></RenderingInfo>'),
  );

  test('the scanner says what the library says', () => {
    fc.assert(
      fc.property(fc.array(section, { maxLength: 3 }), fc.string({ maxLength: 5 }), blank, (sections, channel, gap) => {
        const record = eventXml(1, sections.join(gap)).replace(
          '<Channel>Microsoft',
          () => `<Channel>${escapeXml(channel.replace(/[\ud800-\udfff\ufffe\uffff]/g, ''))}`,
        );
        const expected: Record<string, Record<string, string | string[]>> = { system: {}, data: {} };
        for (const value of parseRecord(record)!) {
          const fields = expected[value.section]!;
          const before = fields[value.name];
          fields[value.name] = before === undefined ? value.text : [before, value.text].flat();
        }
        const { events, diagnostics } = readXml(record);
        expect(diagnostics).toEqual([]);
        expect({ system: { ...events[0]?.system }, data: { ...events[0]?.data } }).toEqual(expected);
      }),
      RUNS,
    );
  });

  test('no bytes make it throw, and the events around them are found', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '<',
        '>',
        '</',
        '/>',
        '<!--',
        '-->',
        '<![CDATA[',
        ']]>',
        '&',
        '"',
        "'",
        '=',
        'Event',
        '<Event',
        '<Event>',
        '</Event>',
        '<System>',
        '</System>',
        '<Data',
        '<Data Name="',
        '</Data>',
        '<EventData>',
        '</EventData>',
        '<UserData>',
        '<Events>',
        '<?',
        '?>',
        ' ',
        '\0',
        'x',
      ),
      fc.string({ maxLength: 3 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 15 }), (pieces) => {
        // An opened comment, CDATA or declaration takes in what follows: then nothing can be said.
        const junk = pieces.join('').replace(/<!|<\?/g, '');
        const { events } = readXml(`${eventXml(1)}${junk}${eventXml(2)}${eventXml(3)}`);
        const found = events.map(({ EventRecordID }) => EventRecordID);
        expect([found[0], ...found.slice(-1)], junk).toEqual([1, 3]);
        readXml(`${eventXml(1)}${pieces.join('')}${eventXml(2)}`);
      }),
      RUNS,
    );
  });
});

describe('JSON', () => {
  /** What `model/event.ts` says of a value that is no event: dotted names, multi-valued arrays, text. */
  function flatten(value: unknown): Record<string, unknown> {
    const found = new Map<string, unknown[]>();
    const add = (path: string, item: unknown): void => void found.set(path, [...(found.get(path) ?? []), item]);
    const scalar = (item: unknown): string | null =>
      item === null ? null : typeof item === 'string' ? item : typeof item === 'object' ? JSON.stringify(item) : String(item);
    const walk = (path: string, item: unknown): void => {
      if (Array.isArray(item) && isObject(item[0])) for (const each of item) walk(path, each);
      else if (Array.isArray(item)) add(path, item.length === 1 && item[0] !== null ? scalar(item[0]) : item.map(scalar));
      else if (isObject(item)) for (const [key, inner] of Object.entries(item)) walk(path === '' ? key : `${path}.${key}`, inner);
      else add(path, scalar(item));
    };
    walk('', value);
    return Object.fromEntries([...found].map(([path, items]) => [path, items.length === 1 ? items[0] : items.flat()]));
  }
  const isObject = (item: unknown): item is object => typeof item === 'object' && item !== null && !Array.isArray(item);

  // Keys that no exporter knows; a key that is a number would be moved by JavaScript, one with a blank by the rule for names.
  const key = fc
    .string({ unit: fc.constantFrom(...'abXY\\"/\nü'.split(''), '\u{1F600}'), minLength: 1, maxLength: 4 })
    .map((text) => `k${text}`);
  const leaf = fc.oneof(
    fc.string({ maxLength: 30 }),
    fc.string({ unit: fc.constantFrom('\\', '"', 'x', '\n', 'xxxxxxxxxxxxxxxxxxxx'), maxLength: 8 }),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  );
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { maxDepth: 4, withCrossShrink: true },
      leaf,
      fc.array(leaf, { maxLength: 4 }),
      fc.dictionary(key, tie('value'), { maxKeys: 4 }),
      fc.array(fc.dictionary(key, leaf, { minKeys: 1, maxKeys: 3 }), { maxLength: 3 }),
    ),
  }));
  const record = fc.dictionary(key, value, { maxKeys: 6 });

  test('the scanner says what JSON.parse says', () => {
    fc.assert(
      fc.property(fc.array(record, { minLength: 1, maxLength: 3 }), fc.constantFrom(undefined, 1, '\t'), (records, indent) => {
        const text = records.map((each) => JSON.stringify(each, null, indent)).join('\n');
        const read = readJson(text);
        expect(read.diagnostics).toEqual([]);
        expect(dataOf(read)).toEqual(records.map(flatten));
      }),
      RUNS,
    );
  });

  const plainRecord = fc.dictionary(key, fc.oneof(leaf, fc.dictionary(key, leaf, { maxKeys: 3 })), { maxKeys: 6 });

  test('what JSON.parse refuses is no record; let pass are commas too many, unknown escapes and what is wrong inside of arrays', () => {
    fc.assert(
      fc.property(
        plainRecord,
        fc.nat(),
        fc.constantFrom('', '{', '}', '[', ']', '"', ':', ',', '\\', 'x', '1'),
        (one, place, char) => {
          const good = JSON.stringify({ k: 1, ...one });
          const at = place % good.length;
          const text = good.slice(0, at) + char + good.slice(at + 1);
          fc.pre(!/,\s*[,}]|[{]\s*,|\[/.test(text.replace(/"(?:[^"\\]|\\.)*"/g, '""')));
          fc.pre(!/\\(?:[^"\\/bfnrtu]|u(?![0-9a-fA-F]{4}))/.test(text));
          const valid = isValid(text);
          const { stats } = readJson(text);
          if (valid) expect([stats.records, stats.damaged], text).toEqual([1, 0]);
          else expect(stats.damaged, text).toBeGreaterThan(0);
        },
      ),
      RUNS,
    );
  });

  function isValid(text: string): boolean {
    try {
      return isObject(JSON.parse(text));
    } catch {
      return false;
    }
  }

  test('no bytes make it throw, and the lines after them are found', () => {
    const piece = fc.oneof(
      fc.constantFrom('{', '}', '[', ']', '"', '\\', ':', ',', '{"a":', '{"events":[', '"hits":{', 'null', '1', ' ', '\0', '\r'),
      fc.string({ maxLength: 4 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), (pieces) => {
        const junk = pieces.join('').replaceAll('\n', '');
        const { events } = readJson(`{"EventID":1}\n${junk}\n{"EventID":2}\n{"EventID":3}`);
        const found = events.map(({ EventID }) => EventID);
        expect([found[0], ...found.slice(-2)], junk).toEqual([1, 2, 3]);
      }),
      RUNS,
    );
  });
});
