/** Numbers as the text that holds them: exact at any size, no hex, no exponent, no blanks. */

const PLAIN = /^-?\d+(?:\.\d+)?$/;
const CANONICAL = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/;

/** `-12.5` for `-0012.50`: no leading or trailing zeros, no `-0`. null when the text is not a plain decimal number. */
export function plainDecimal(text: string): string | null {
  if (!PLAIN.test(text)) return null;
  const parts = CANONICAL.exec(text);
  if (parts === null) return null;
  const magnitude = parts[3] ? `${parts[2]}.${parts[3]}` : `${parts[2]}`;
  return parts[1] === '-' && magnitude !== '0' ? `-${magnitude}` : magnitude;
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
