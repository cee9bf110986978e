/**
 * A time axis in pixels, on which long empty stretches are collapsed, because the events of a case may lie within a few minutes
 * here and a few minutes years later. In: times and a width. Out: the place of a time, the time at a place, and the stretches.
 */
export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  readonly x: number;
  readonly width: number;
}

export interface TimeScale {
  readonly stretches: readonly Stretch[];
  x(us: number): number;
  us(x: number): number;
}

/** A stretch without events is collapsed only if it is a larger share of the whole than this. */
const EMPTY_SHARE = 1 / 30;
/** No more stretches than this are collapsed, the longest first. A narrow axis has fewer, to leave room for the events. */
const MAX_BREAKS = 10;
const WIDTH_PER_BREAK = 60;
const BREAK_WIDTH = 14;
/** The least share of the width for a stretch, so that a single event can be clicked. */
const LEAST_SHARE = 0.03;

/** `times` may be in any order. */
export function timeScale(times: readonly number[], width: number): TimeScale {
  const sorted = Float64Array.from(times).sort();
  const stretches = placed(bounds(sorted, Math.min(MAX_BREAKS, Math.floor(width / WIDTH_PER_BREAK))), width);
  return {
    stretches,
    x: (us) => {
      for (const stretch of stretches) {
        if (us < stretch.fromUs) return stretch.x;
        if (us <= stretch.toUs) return stretch.x + (stretch.width * (us - stretch.fromUs)) / (stretch.toUs - stretch.fromUs || 1);
      }
      return width;
    },
    us: (x) => {
      for (const stretch of stretches) {
        if (x < stretch.x) return stretch.fromUs;
        if (x <= stretch.x + stretch.width)
          return Math.round(stretch.fromUs + ((stretch.toUs - stretch.fromUs) * (x - stretch.x)) / stretch.width);
      }
      return stretches.at(-1)?.toUs ?? 0;
    },
  };
}

function bounds(sorted: Float64Array, breaks: number): { fromUs: number; toUs: number }[] {
  const first = sorted[0];
  const last = sorted.at(-1);
  if (first === undefined || last === undefined) return [];
  const gaps: { after: number; length: number }[] = [];
  for (let i = 1; i < sorted.length; i++) {
    const length = sorted[i]! - sorted[i - 1]!;
    if (length > (last - first) * EMPTY_SHARE) gaps.push({ after: i - 1, length });
  }
  gaps.sort((a, b) => b.length - a.length);
  const ends = gaps
    .slice(0, breaks)
    .map(({ after }) => after)
    .sort((a, b) => a - b);
  const found: { fromUs: number; toUs: number }[] = [];
  let start = 0;
  for (const end of [...ends, sorted.length - 1]) {
    found.push({ fromUs: sorted[start]!, toUs: sorted[end]! });
    start = end + 1;
  }
  return found;
}

function placed(found: readonly { fromUs: number; toUs: number }[], width: number): Stretch[] {
  const room = Math.max(1, width - BREAK_WIDTH * (found.length - 1));
  const total = found.reduce((sum, { fromUs, toUs }) => sum + toUs - fromUs, 0) || 1;
  const weights = found.map(({ fromUs, toUs }) => Math.max(LEAST_SHARE, (toUs - fromUs) / total));
  const sum = weights.reduce((a, b) => a + b, 0);
  let x = 0;
  return found.map(({ fromUs, toUs }, i) => {
    const stretch = { fromUs, toUs, x, width: (room * weights[i]!) / sum };
    x += stretch.width + BREAK_WIDTH;
    return stretch;
  });
}
