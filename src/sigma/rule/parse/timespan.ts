/** `9m` -> milliseconds. Spec: s, m, h, d; pySigma also w, M and y. Case counts: `m` is minutes, `M` months. */

const SECOND = 1000;
/** pySigma's lengths of a month and a year: 30.436875 and 365.2425 days. */
const UNITS: Readonly<Record<string, number>> = {
  s: SECOND,
  m: 60 * SECOND,
  h: 3600 * SECOND,
  d: 86_400 * SECOND,
  w: 604_800 * SECOND,
  M: 2_629_746 * SECOND,
  y: 31_556_952 * SECOND,
};

/** null when the text is not a timespan of at least one unit. */
export function timespanMs(text: string): number | null {
  const parts = /^(\d{1,9})([smhdwMy])$/.exec(text);
  if (parts === null) return null;
  const milliseconds = Number(parts[1]) * UNITS[parts[2]!]!;
  return milliseconds > 0 ? milliseconds : null;
}
