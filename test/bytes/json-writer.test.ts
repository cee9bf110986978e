import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { jsonArena } from '../../src/bytes/json-arena.ts';
import { harmlessJson } from '../../src/bytes/json-text.ts';
import { JsonWriter, jsonPieces } from '../../src/bytes/json-writer.ts';
import { Atom } from '../../src/model/values/atom.ts';
import { tries } from '../support/random.ts';

const plainly = (value: unknown): string => harmlessJson(JSON.stringify(value));

function written(write: (out: JsonWriter) => void): string {
  const out = new JsonWriter(1);
  // Anything but the first place of the buffer, and never a multiple of what is copied at once.
  out.json('{');
  write(out);
  return out.written().toString('utf8').slice(1);
}

/** What escapes, what is not ASCII, what is refused in pieces of four, and much of what is plain. */
const unit = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom('a', 'Z', ' ', '~', '/', '0') },
  { weight: 3, arbitrary: fc.constantFrom('\\', '"', '\n', '\r', '\t', '\b', '\f') },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '\u0000',
      '\u001f',
      '\u007f',
      '\u0085',
      'é',
      '\u202e',
      '\u2028',
      '\u2066',
      '\ud800',
      '\udc00',
      '😀',
      '\ufeff',
      '\uffff',
    ),
  },
);
const text = fc.array(unit, { maxLength: 120 }).map((units) => units.join(''));
const plain = fc.array(fc.constantFrom('a', 'B', '\\', '"', '\n', ' '), { maxLength: 5000 }).map((units) => units.join(''));

describe('a text as JSON string', () => {
  test('is what JSON.stringify makes of it, harmless to print', () => {
    fc.assert(
      fc.property(fc.oneof(text, plain), (one) => {
        expect(written((out) => out.string(one))).toBe(plainly(one));
      }),
      { numRuns: tries(650) },
    );
  });

  test('is the same as atom, also when it is remembered, also when everything has been forgotten', () => {
    const atoms = [...Array(40).keys()].map((i) => new Atom(`${'\\'.repeat(i)}x${'é'.repeat(i % 3)}`));
    const expected = atoms.map(({ text }) => plainly(text));
    const all = (): string[] => atoms.map((atom) => written((out) => out.atom(atom)));
    expect([all(), all()]).toEqual([expected, expected]);
    const before = jsonArena.base;
    for (let i = 0; jsonArena.base === before; i++) jsonArena.place(new Atom(`${i}${'y'.repeat(3000)}`));
    expect(all()).toEqual(expected);
  });
});

describe('a JSON writer', () => {
  test('writes numbers as JSON.stringify does', () => {
    const number = fc.oneof(fc.maxSafeInteger(), fc.double(), fc.constantFrom(0, -0, 9, 10, 99_999_999, 100_000_000, 2 ** 53));
    fc.assert(
      fc.property(number, (one) => {
        expect(written((out) => out.number(one))).toBe(JSON.stringify(one));
      }),
    );
  });

  test('makes numbers of strings only where JSON would write them so', () => {
    const unquoted = (one: string): string =>
      written((out) => {
        const start = out.at;
        out.string(one);
        out.unquote(start);
      });
    expect(['0', '7', '123456789012345'].map(unquoted)).toEqual(['0', '7', '123456789012345']);
    const kept = ['', '00', '07', '-1', '1e3', ' 1', '1234567890123456', '1\\', 'x'];
    expect(kept.map(unquoted)).toEqual(kept.map((one) => JSON.stringify(one)));
  });

  test('copies pieces whole, whatever stands behind them', () => {
    const pieces = ['', 'é', '"😀"', '{"a":1}', 'x'.repeat(100)];
    const ready = jsonPieces(pieces);
    const copied = written((out) => {
      for (let i = 0; i < pieces.length; i++) out.piece(ready, i);
    });
    expect(copied).toBe(pieces.join(''));
  });
});
