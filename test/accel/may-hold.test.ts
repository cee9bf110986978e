/** The compiled look at UTF-16 against a slow one: what holds one of a filter's texts is never passed over, all else is as the filter says. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { foldCase } from '../../src/model/values/case.ts';
import { addQuad, hasQuad, quadMask, type TextFilter } from '../../src/model/values/text-filter.ts';
import { tries } from '../support/random.ts';
import { mayHold } from './support.ts';

const LATIN_1 = /^[\0-\xff]*$/;

/** Of four characters; one that is missing counts as 0. */
function quadOf(characters: string): number {
  const [first = 0, second = 0, third = 0, fourth = 0] = [...characters].map((character) => character.charCodeAt(0));
  return first | (third << 8) | (second << 16) | (fourth << 24);
}

/** A filter as the matcher makes them: of each text the first `step` quads. Small tables have unlucky quads, too. */
function filterOf(texts: readonly string[], step: number, size: number, bits: number): TextFilter {
  const shift = 32 - bits;
  const mask = quadMask(size);
  const quads = new Int32Array(1 << (27 - shift));
  for (const text of texts) {
    for (let at = 0; at < step; at++) addQuad(quads, quadOf(text.slice(at, at + 4)) & mask, shift);
  }
  return { quads, shift, size, mask, step, words: false };
}

/** What `TextFilter` says, character by character. Of four characters all are looked at, even if three count. */
function expected(text: string, { quads, shift, size, mask, step }: TextFilter): boolean {
  for (let at = 0; at + size <= text.length; at += step) {
    const characters = text.slice(at, at + 4);
    if (!LATIN_1.test(characters) || hasQuad(quads, quadOf(characters) & mask, shift)) return true;
  }
  return false;
}

const LETTERS = ['k', 'K', 'i', 'w', 'W', ':', '\\', 'é', 'É', '÷', '×', 'ÿ', 'ß', 'µ', '0', ' ', '\0'];
const WIDE = ['Ÿ', '\u212a', 'İ', 'ẞ', 'к', '😀'];
const letters = fc.string({ unit: fc.constantFrom(...LETTERS), maxLength: 40 });
const units = fc.string({
  unit: fc.oneof({ weight: 20, arbitrary: fc.constantFrom(...LETTERS) }, { weight: 1, arbitrary: fc.constantFrom(...WIDE) }),
  maxLength: 40,
});
const start = fc.integer({ min: 0, max: 9 });
/** What may stand behind the text in its value: terminators, half a character. */
const tail = fc.constantFrom('', '\0\0', '\0\0\0\0', 'x', '\0', '\0\0\0');
const shape = fc.record({
  step: fc.integer({ min: 2, max: 8 }),
  size: fc.constantFrom(3, 4),
  bits: fc.constantFrom(5, 10, 15),
});

const bytesOf = (text: string, behind: string): Buffer =>
  Buffer.concat([Buffer.from(text, 'utf16le'), Buffer.from(behind, 'latin1')]);

test('a value that holds one of the texts, in whatever case, is never passed over', () => {
  let held = 0;
  const property = fc.property(
    fc.oneof(letters, units),
    shape,
    fc.nat(),
    start,
    tail,
    letters,
    (value, { step, size, bits }, place, offset, behind, other) => {
      const length = step + size - 1;
      fc.pre(value.length >= length);
      const at = place % (value.length - length + 1);
      const text = foldCase(value.slice(at, at + length));
      fc.pre(text.length === length && LATIN_1.test(text));
      const filter = filterOf(other.length < length ? [text] : [foldCase(other), text], step, size, bits);
      held++;
      for (const one of [value, value.toUpperCase(), value.toLowerCase()]) {
        // Upper case may be longer, or of other letters: ß.
        if (!foldCase(one).includes(text)) continue;
        expect(mayHold(bytesOf(one, behind), offset, filter), JSON.stringify([one, text])).toBe(true);
      }
    },
  );
  fc.assert(property, { numRuns: tries(650) });
  expect(held).toBeGreaterThan(300);
});

test('a value is passed over exactly if none of the looked-at places says otherwise', () => {
  const passed = { over: 0, not: 0 };
  const property = fc.property(
    units,
    shape,
    fc.array(letters, { maxLength: 4 }),
    start,
    tail,
    (value, form, list, offset, behind) => {
      const { step, size, bits } = form;
      const filter = filterOf(list.filter((one) => one.length >= step + size - 1).map(foldCase), step, size, bits);
      const bytes = bytesOf(value, behind);
      const text = bytes.toString('utf16le', 0, bytes.length & ~1);
      const wanted = expected(text, filter);
      passed[wanted ? 'not' : 'over']++;
      expect(mayHold(bytes, offset, filter), JSON.stringify([text, list, form])).toBe(wanted);
    },
  );
  fc.assert(property, { numRuns: tries(1000) });
  expect(passed.over).toBeGreaterThan(90);
  expect(passed.not).toBeGreaterThan(90);
});

test('the longest value of a chunk is looked at to its end', () => {
  const filter = filterOf(['sekurlsa::'], 7, 4, 12);
  const long = 'x'.repeat(30_000);
  expect(mayHold(bytesOf(long, ''), 1, filter)).toBe(false);
  expect(mayHold(bytesOf(`${long}SEKURLSA::`, ''), 1, filter)).toBe(true);
  expect(mayHold(bytesOf('', ''), 0, filter)).toBe(false);
});
