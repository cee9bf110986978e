/**
 * Chooses the times below the timeline. In: the scale of the timeline, and a function that writes a time. Out: the start of each
 * stretch and times inside of it, where there is room. A time is written with its day only where the day differs from that of the
 * time to its left.
 */
import type { TimeScale } from './time-scale.ts';

export interface Tick {
  readonly x: number;
  readonly text: string;
}

/** The pixels that a time takes, and those from one time to the next in a long stretch. */
const WIDTH = 120;
const STEP = 190;
/** In a stretch shorter than this, times are shown with seconds. */
const HOUR_US = 3_600_000_000;
/** Offsets in `2019-05-11 17:58:23`. */
const [MONTH_AT, TIME_AT, MINUTES_END] = [5, 11, 16];

export function axisTicks(scale: TimeScale, width: number, textOf: (us: number) => string): Tick[] {
  const ticks: Tick[] = [];
  let free = 0;
  let before = '';
  for (const { x, fromUs, toUs, width: wide } of scale.stretches) {
    for (let at = x === 0 ? 0 : Math.max(x, free); at <= x + wide && at + WIDTH <= width; at += STEP) {
      const text = textOf(at === x ? fromUs : scale.us(at)).slice(0, toUs - fromUs < HOUR_US ? undefined : MINUTES_END);
      // In a very short stretch, neighbouring times are equal. They are named once.
      if (text !== before) ticks.push({ x: at, text: text.slice(shared(before, text)) });
      before = text;
      free = at + WIDTH + 8;
    }
  }
  return ticks;
}

/** How many characters of a time need not be repeated: those of the day, those of the year, or none. */
function shared(before: string, text: string): number {
  if (before.slice(0, TIME_AT) === text.slice(0, TIME_AT)) return TIME_AT;
  return before.slice(0, MONTH_AT) === text.slice(0, MONTH_AT) ? MONTH_AT : 0;
}
