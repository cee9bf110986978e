// HOT: called for every event that look-back reads.
/** Binary searches in ascending times. */

/** Index of the first time that is at least `timeUs`. */
export function lowerBound(times: ArrayLike<number>, timeUs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! < timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the first time that is later than `timeUs`. */
export function upperBound(times: ArrayLike<number>, timeUs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (times[middle]! <= timeUs) low = middle + 1;
    else high = middle;
  }
  return low;
}
