import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldCase } from '../../src/model/values/case.ts';
import { compareDecimals, plainDecimal } from '../../src/model/values/decimal.ts';

describe('decimal text', () => {
  it('has one canonical form per value', () => {
    const forms = {
      '0': ['0', '-0', '00', '0.0', '-0.00'],
      '12.5': ['12.5', '0012.50'],
      '-7': ['-7', '-07.0'],
      '0.001': ['0.001', '00.0010'],
      '100': ['100', '100.00'],
    };
    for (const [canonical, texts] of Object.entries(forms)) expect(texts.map(plainDecimal)).toEqual(texts.map(() => canonical));
  });

  it('is nothing else', () => {
    expect(
      ['', '-', '.5', '5.', '+5', ' 5', '5 ', '0x1f', '1e3', '1_000', '--1', '1.2.3', 'Infinity', '٣'].map(plainDecimal),
    ).toEqual(Array(14).fill(null));
  });

  it('of any length takes linear time', () => {
    const zeros = '0'.repeat(200_000);
    expect(plainDecimal(`0.${zeros}1`)?.length).toBe(200_003);
    expect(plainDecimal(`${zeros}1.${zeros}`)).toBe('1');
  });

  it('compares like the numbers, beyond 2^53 too', () => {
    const integers = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
    fc.assert(
      fc.property(integers, integers, (a, b) => {
        expect(Math.sign(compareDecimals(plainDecimal(String(a))!, plainDecimal(String(b))!))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
    const hundredths = fc.integer({ min: -5000, max: 5000 });
    fc.assert(
      fc.property(hundredths, hundredths, (a, b) => {
        const [left, right] = [plainDecimal((a / 100).toFixed(2))!, plainDecimal((b / 100).toFixed(2))!];
        expect(Math.sign(compareDecimals(left, right))).toBe(Math.sign(a - b));
      }),
    );
  });
});

describe('case', () => {
  it('is folded code point by code point, and nothing outside ASCII folds into it', () => {
    expect(foldCase('ÀΣσςİ\u212aK𐐀')).toBe('àσσσİ\u212ak𐐨');
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (a, b) => {
        expect(foldCase(a + b)).toBe(foldCase(a) + foldCase(b));
        expect(Array.from(foldCase(a))).toHaveLength(Array.from(a).length);
        expect(foldCase(foldCase(a))).toBe(foldCase(a));
      }),
    );
  });
});
