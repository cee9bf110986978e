/** Keys that somebody has chosen fall into as many places of a table as others. */
import { expect, test } from 'vitest';
import { keyedSlot } from '../../src/bytes/keyed-slot.ts';

const KEYS = 30_000;
const SLOTS = 1 << 16;

test.each<[string, (i: number) => readonly [number, number]]>([
  ['counting', (i) => [0, i]],
  ['with one half in common', (i) => [i, 7]],
  ['with equal halves', (i) => [i, i]],
  ['with opposite halves', (i) => [i, ~i]],
  ['with the same lowest bits', (i) => [0, i << 17]],
  ['with the same lowest bits in the other half', (i) => [i << 17, 0]],
  ['with the same highest bits of a product', (i) => [0, Math.imul(i << 17, 0x144c_be89)]],
])('keys %s are spread', (_, pairOf) => {
  const pairs = new Set(Array.from({ length: KEYS }, (_, i) => pairOf(i).join()));
  const slots = new Set(
    [...pairs].map((pair) => pair.split(',').map(Number)).map(([high, low]) => keyedSlot(high!, low!) & (SLOTS - 1)),
  );
  // So many places get a key when all are equally likely.
  const expected = SLOTS * (1 - Math.exp(-pairs.size / SLOTS));
  expect(slots.size).toBeGreaterThan(0.9 * expected);
});
