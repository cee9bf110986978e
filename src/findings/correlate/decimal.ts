/**
 * Reads numbers from event fields. In: text. Out: the number, or undefined for anything else. Events without a number take no
 * part in sums and averages.
 */

const DECIMAL = /^\s*([+-]?)(\d{1,64})(?:\.(\d{1,64}))?(?:e([+-]?\d{1,2}))?\s*$/i;

/** How many decimal digits after the point {@link fixedPointOf} keeps. */
const FRACTION_DIGITS = 9;
const SCALE = 10n ** BigInt(FRACTION_DIGITS);

/** The number that decimal text stands for. Undefined for anything else, including hexadecimal. */
export function decimalOf(text: string): number | undefined {
  return DECIMAL.test(text) ? Number(text) : undefined;
}

/**
 * The same number exactly, in units of 1e-9; further digits are cut off. With this, sums of 64-bit counters and of cents are
 * exact.
 */
export function fixedPointOf(text: string): bigint | undefined {
  const parts = DECIMAL.exec(text);
  if (parts === null) return undefined;
  const fraction = parts[3] ?? '';
  const exponent = Number(parts[4] ?? 0) - fraction.length + FRACTION_DIGITS;
  const digits = BigInt(parts[2]! + fraction);
  const size = exponent >= 0 ? digits * 10n ** BigInt(exponent) : digits / 10n ** BigInt(-exponent);
  return parts[1] === '-' ? -size : size;
}

/** A fixed-point number as a double; integers below 2^53 are exact. */
export function fromFixedPoint(value: bigint): number {
  return Number(value / SCALE) + Number(value % SCALE) / Number(SCALE);
}
