/** Inputs that somebody has chosen have different hashes, whatever the random keys are. */
import { expect, test } from 'vitest';
import { KeyedHash } from '../../src/bytes/keyed-hash.ts';

const LENGTH = 64;
const ZEROS = Buffer.alloc(LENGTH);
const CHANGES = Array.from({ length: 8 * LENGTH }, (_, bit) => changed(bit));

function changed(...bits: readonly number[]): Buffer {
  const bytes = Buffer.alloc(LENGTH);
  for (const bit of bits) bytes[bit >> 3]! ^= 1 << (bit & 7);
  return bytes;
}

function hashOf(...parts: readonly (Buffer | number)[]): string {
  const hash = new KeyedHash();
  for (const part of parts) {
    if (typeof part === 'number') hash.addNumber(part);
    else hash.add(new DataView(part.buffer, part.byteOffset, part.length), 0, part.length);
  }
  return `${hash.high} ${hash.low}`;
}

test.each<[string, readonly (readonly (Buffer | number)[])[]]>([
  ['one bit', [[ZEROS], ...CHANGES.map((bytes) => [bytes])]],
  // Two of the highest bits of a word would cancel each other in a product.
  ['two equal bits of different words', CHANGES.slice(0, 480).map((_, bit) => [changed(bit, bit + 32)])],
  ['zeros at the end', Array.from({ length: LENGTH }, (_, length) => [ZEROS.subarray(0, length)])],
  ['the place where one part ends', Array.from({ length: LENGTH }, (_, at) => [ZEROS.subarray(0, at), ZEROS.subarray(at)])],
  ['the order of words', Array.from({ length: 16 }, (_, word) => [changed(32 * word + 31)])],
  ['the order of many numbers', [0, 1 << 15].map((at) => Array.from({ length: (1 << 15) + 1 }, (_, i) => (i === at ? 1 : 0)))],
])('%s', (_, inputs) => {
  const hashes = inputs.map((parts) => hashOf(...parts));
  expect(new Set(hashes).size).toBe(inputs.length);
  expect(inputs.map((parts) => hashOf(...parts))).toEqual(hashes);
});

test('is not predictable: each half has all of its bits', () => {
  const [high, low] = ['high', 'low'].map((half) =>
    CHANGES.map((bytes) => new KeyedHash().add(new DataView(bytes.buffer, bytes.byteOffset, LENGTH), 0, LENGTH)[half as 'low']),
  ) as [number[], number[]];
  for (const half of [high, low])
    for (let bit = 0; bit < 32; bit++) expect(new Set(half.map((hash) => (hash >>> bit) & 1)).size).toBe(2);
});
