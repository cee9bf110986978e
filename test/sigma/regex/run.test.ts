import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileRegex } from '../../../src/sigma/regex/regex.ts';

test('a set repeated many times matches where a run of it is long enough', () => {
  const long = compileRegex('.{1000,}', '');
  expect([999, 1000, 1001].map((length) => long.test('a'.repeat(length)))).toEqual([false, true, true]);
  expect(long.test(`${'a'.repeat(999)}\n${'a'.repeat(999)}`)).toBe(false);
  // A character beyond the first plane is one.
  expect(long.test('😀'.repeat(999))).toBe(false);
  expect(long.test('😀'.repeat(1000))).toBe(true);
  expect(compileRegex('([0-9a-f]{20,30})', 'i').test(`x${'aB3'.repeat(7)}x`)).toBe(true);
});

test('it agrees with RegExp', () => {
  const text = fc.array(fc.constantFrom('a', 'b', 'É', '😀', '\n', '-'), { maxLength: 60 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(fc.constantFrom('[a-bÉ]', '.', '[^\\n-]', '\\S'), fc.integer({ min: 16, max: 20 }), text, (set, least, value) => {
      expect(compileRegex(`${set}{${least},}`, '').test(value)).toBe(new RegExp(`${set}{${least},}`, 'u').test(value));
    }),
  );
});
