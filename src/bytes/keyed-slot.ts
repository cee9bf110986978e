/**
 * Places in hash tables whose keys come from logs. In: a pair of 32-bit numbers. Out: a 32-bit number, of which a table takes the
 * lowest bits. It depends on a random number of this thread, so that who writes a log cannot choose keys that all fall into one
 * place: looking for one would then take as long as reading through all.
 */
import { randomInt } from 'node:crypto';

const KEY = randomInt(2 ** 32) | 0;

export function keyedSlot(high: number, low: number): number {
  return mixed(mixed(low ^ KEY, 0x9e3779b1) ^ high, 0x85ebca6b);
}

/** Spreads a 32-bit number over all its bits. `factor` is odd. */
export function mixed(value: number, factor: number): number {
  const product = Math.imul(value ^ (value >>> 15), factor);
  return product ^ (product >>> 13);
}
