import { describe, expect, test } from 'vitest';
import { BlockLender, giveBack } from '../../src/scan/threads/block-loans.ts';

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value);

describe('a block that is lent', () => {
  test('is a copy that stays as it is until it is given back', () => {
    const lender = new BlockLender();
    const block = bytes(5, 1);
    const first = lender.lend(block);
    block.fill(9);
    const second = lender.lend(bytes(300_000, 2));
    expect(first.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect([first, second]).toEqual([bytes(5, 1), bytes(300_000, 2)]);
  });

  test('leaves its memory to the next one that fits, once it is given back', () => {
    const lender = new BlockLender();
    const first = lender.lend(bytes(1000, 1));
    giveBack(first);
    const larger = lender.lend(bytes(300_000, 2));
    expect(larger.buffer).not.toBe(first.buffer);
    const smaller = lender.lend(bytes(10, 3));
    expect(smaller.buffer).toBe(first.buffer);
    expect([larger, smaller]).toEqual([bytes(300_000, 2), bytes(10, 3)]);
  });

  test('has memory of its own however many are lent', () => {
    const lender = new BlockLender();
    const lent = Array.from({ length: 100 }, (_, i) => lender.lend(bytes(i, i)));
    expect(new Set(lent.map(({ buffer }) => buffer)).size).toBe(100);
    lent.forEach((block, i) => {
      expect(block).toEqual(bytes(i, i));
      giveBack(block);
    });
  });
});
