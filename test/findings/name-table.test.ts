import fc from 'fast-check';
import { expect, test } from 'vitest';
import { NameTable } from '../../src/findings/store/name-table.ts';
import { tries } from '../support/random.ts';

test('numbers texts as they are first seen and gives them back, lone surrogates and texts of a megabyte too', () => {
  const text = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('', '\ud800', '\udc00a', 'PC1'), fc.nat(3000).map(String));
  fc.assert(
    fc.property(fc.array(text, { maxLength: 3000, size: 'max' }), (texts) => {
      const table = new NameTable();
      const ids = texts.map((each) => table.id(each));
      const distinct = [...new Set(texts)];
      const numbers = new Map(distinct.map((each, i) => [each, i]));
      expect(ids).toEqual(texts.map((each) => numbers.get(each)));
      expect([...table]).toEqual(distinct);
      expect(distinct.map((each) => table.find(each))).toEqual([...distinct.keys()]);
      expect(table.find('not there')).toBe(-1);
    }),
    { numRuns: tries(8) },
  );
  const table = new NameTable();
  const texts = ['a', 'x'.repeat(1_500_000), 'b', 'y'.repeat(600_000), 'z'.repeat(600_000)];
  for (const each of texts) table.id(each);
  expect([...table].map((each) => each.length)).toEqual([1, 1_500_000, 1, 600_000, 600_000]);
});

test('numbers a hundred thousand', () => {
  const table = new NameTable();
  for (let i = 0; i < 100_000; i++) table.id(`PC${i}.corp`);
  expect([table.size, table.id('PC0.corp'), table.id('PC99999.corp'), table.at(77_777)]).toEqual([
    100_000,
    0,
    99_999,
    'PC77777.corp',
  ]);
});
