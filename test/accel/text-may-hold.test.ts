/** The look at undecoded values against their text: what holds one of a filter's texts is never passed over. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { mayHold } from '../../src/accel/text/may-hold.ts';
import {
  decodeValue,
  JSON_ESCAPED,
  JSON_NESTED,
  PLAIN,
  valueKind,
  XML_ESCAPED,
  XML_MARKUP,
} from '../../src/logs/text/text-value.ts';
import { foldCase } from '../../src/model/values/case.ts';
import { addQuad, quadMask, type TextFilter } from '../../src/model/values/text-filter.ts';
import { readJson } from '../logs/support.ts';
import { tries } from '../support/random.ts';

const SHIFT = 32 - 12;

/** A filter as the matcher makes them: of each text the first `step` quads. */
function filterOf(texts: readonly string[], step: number, size: number): TextFilter {
  const quads = new Int32Array(1 << (27 - SHIFT));
  for (const text of texts) {
    for (let at = 0; at < step; at++) {
      const [first, second, third, fourth] = [0, 1, 2, 3].map((i) => text.charCodeAt(at + i));
      addQuad(quads, (first! | (third! << 8) | (second! << 16) | (fourth! << 24)) & quadMask(size), SHIFT);
    }
  }
  return { quads, shift: SHIFT, size, mask: quadMask(size), step, words: false };
}

function look(value: string, form: number, filter: TextFilter): { may: boolean; text: string } {
  const bytes = Buffer.from(`><${value}`);
  const buffer = Buffer.concat([bytes, Buffer.from(`<${'\0'.repeat(15)}`)]);
  const view = new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
  const length = bytes.length - 2;
  return { may: mayHold(buffer, view, 2, length, form, filter), text: decodeValue(buffer, 2, length, valueKind(form, 0)) };
}

const NEEDLE = /./gsu;
const units: readonly (readonly [form: number, units: readonly string[]])[] = [
  [PLAIN, ['k', 'i', 'W', ':', '\\', ' ', 'é', 'É', '\u212a', '😀']],
  [JSON_ESCAPED, ['k', 'i', 'W', ':', '\\\\', '\\"', '\\/', '\\n', '\\u006b', '\\u212A', '\\q', 'é', '\u212a', ' ']],
  [XML_ESCAPED, ['k', 'i', 'W', ':', '&amp;', '&lt;', '&quot;', '&apos;', '&#107;', '&x;', '&', '\r\n', '\r', '\n', '\\', 'é']],
  [XML_MARKUP, ['k', 'i', 'W', ':', '<![CDATA[k]]>', '<b>']],
  [JSON_NESTED, ['k', 'i', 'W', ':', '"', '\\\\', ',']],
];

test.each(units)('form %i', (form, from) => {
  const piece = fc.string({ unit: fc.constantFrom(...from), maxLength: 24 });
  fc.assert(
    fc.property(piece, fc.integer({ min: 1, max: 8 }), fc.constantFrom(3, 4), fc.nat(), (value, step, size, place) => {
      const { text } = look(value, form, filterOf([], 1, 4));
      const length = step + size - 1;
      const at = text.length < length ? 0 : place % (text.length - length + 1);
      const wanted = foldCase(text.slice(at, at + length));
      fc.pre(wanted.length === length && [...wanted.matchAll(NEEDLE)].every(([char]) => char <= '\xff'));
      expect(look(value, form, filterOf([wanted], step, size)).may, JSON.stringify([value, wanted])).toBe(true);
    }),
    { numRuns: tries(350) },
  );
});

test('ordinary values are passed over, also escaped ones', () => {
  const filter = filterOf(['sekurlsa::', 'mimidrv.sys'], 6, 4);
  expect(look('C:\\\\Windows\\\\System32\\\\svchost.exe -k \\"x\\"', JSON_ESCAPED, filter).may).toBe(false);
  expect(look('C:\\Windows\\System32\\svchost.exe', PLAIN, filter).may).toBe(false);
  expect(look('cmd &quot;a&quot; &gt; b\r\n', XML_ESCAPED, filter).may).toBe(false);
  expect(look('x'.repeat(40_000), PLAIN, filter).may).toBe(false);
});

test('a value is the same however often and in whatever order it is asked for', () => {
  const line = JSON.stringify({
    SourceName: 's',
    EventID: 1,
    Hostname: 'h',
    EventTime: '2020-09-01 21:43:29',
    A: 'b\\',
    N: null,
  });
  const { events } = readJson(`${line}\n${line.replace('b', 'c')}\n${line}\n`);
  expect(events.map(({ data }) => data.A)).toEqual(['b\\', 'c\\', 'b\\']);
  expect(events.map(({ data }) => data.N)).toEqual([null, null, null]);
});
