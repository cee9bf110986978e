/**
 * Decimal numbers kept as text, so that they are exact at any size. Hexadecimal numbers, exponents and blanks are not accepted.
 */
import type { CompareOperator } from '../rule.ts';

const PLAIN = /^-?\d+(?:\.\d+)?$/;
const ZERO = 0x30;

/** `-12.5` for `-0012.50`: no leading or trailing zeros, no `-0`. null when the text is not a plain decimal number. */
export function plainDecimal(text: string): string | null {
  if (!PLAIN.test(text)) return null;
  // Counted in a loop, because a regular expression would take quadratic time on many zeros, and the text comes from logs.
  const negative = text.startsWith('-');
  const point = text.indexOf('.');
  const wholeEnd = point < 0 ? text.length : point;
  let start = negative ? 1 : 0;
  while (start < wholeEnd - 1 && text.charCodeAt(start) === ZERO) start++;
  let end = text.length;
  if (point >= 0) {
    while (text.charCodeAt(end - 1) === ZERO) end--;
    if (end === point + 1) end = point;
  }
  const magnitude = text.slice(start, end);
  return negative && magnitude !== '0' ? `-${magnitude}` : magnitude;
}

function compareMagnitudes(a: string, b: string): number {
  const [aWhole = '', aFraction = ''] = a.split('.');
  const [bWhole = '', bFraction = ''] = b.split('.');
  if (aWhole.length !== bWhole.length) return aWhole.length - bWhole.length;
  if (aWhole !== bWhole) return aWhole < bWhole ? -1 : 1;
  // Fractions without trailing zeros compare like text.
  return aFraction === bFraction ? 0 : aFraction < bFraction ? -1 : 1;
}

/** Negative, zero or positive, for two results of {@link plainDecimal}. */
export function compareDecimals(a: string, b: string): number {
  const aNegative = a.startsWith('-');
  if (aNegative !== b.startsWith('-')) return aNegative ? -1 : 1;
  return aNegative ? compareMagnitudes(b.slice(1), a.slice(1)) : compareMagnitudes(a, b);
}

/** Whether an operator holds for two numbers. `difference`: below, equal to or above 0, as the first is to the second. */
export const holds: Readonly<Record<CompareOperator, (difference: number) => boolean>> = {
  lt: (difference) => difference < 0,
  lte: (difference) => difference <= 0,
  gt: (difference) => difference > 0,
  gte: (difference) => difference >= 0,
  eq: (difference) => difference === 0,
  neq: (difference) => difference !== 0,
};
