/** Values made to collide: different strings of 16 bytes with one hash, by running `hashOf` of `assembly/sieve.ts` backwards. */

const MASK = (1n << 64n) - 1n;
const ONE = 0x1e37_79b9_7f4a_7c15n;
const TWO = 0x42b2_ae3d_27d4_eb4fn;
const SEED = 0x27d4_eb2f_1656_67c5n;
const LENGTH = 16;
const STRING_TYPE = 1;
/** Length and type, plus one. */
const KIND = BigInt((LENGTH | (STRING_TYPE << 24)) + 1);

/** Newton's iteration: each step doubles the bits that are right. */
function inverse(odd: bigint): bigint {
  let x = odd;
  for (let i = 0; i < 6; i++) x = (x * (2n - odd * x)) & MASK;
  return x;
}

const TWO_INVERSE = inverse(TWO);

/** Undoes `x ^= x >>> shift`. */
function unshift(value: bigint, shift: bigint): bigint {
  let x = value;
  for (let done = shift; done < 64n; done += shift) x = value ^ (x >> shift);
  return x;
}

/** The `i`th of them. */
export function collidingValue(i: number): Buffer {
  const first = BigInt(i) * 0x0001_0001_0001n;
  let one = ((KIND ^ first) * ONE) & MASK;
  one ^= one >> 29n;
  // The two sums meet as one ^ rotl(two, 17): the same for all.
  const rotated = one ^ 0x1234_5678_9abc_def0n;
  let two = ((rotated >> 17n) | (rotated << 47n)) & MASK;
  two = (unshift(two, 31n) * TWO_INVERSE) & MASK;
  const bytes = Buffer.alloc(LENGTH);
  bytes.writeBigUInt64LE(first, 0);
  bytes.writeBigUInt64LE(two ^ SEED, 8);
  return bytes;
}
