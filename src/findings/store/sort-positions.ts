/**
 * Sorts row numbers by a stable merge sort that starts from the parts already in order. Matches arrive in a few long ordered
 * parts (one per task), so a few linear passes are enough, and no array of objects is needed.
 */
export function sortPositions(positions: Uint32Array, compare: (a: number, b: number) => number): Uint32Array {
  let runs = ascendingRuns(positions, compare);
  let from = positions;
  let into: Uint32Array = new Uint32Array(runs.length > 2 ? positions.length : 0);
  while (runs.length > 2) {
    const merged: number[] = [0];
    for (let i = 0; i + 1 < runs.length; i += 2) {
      const middle = runs[i + 1]!;
      const end = runs[i + 2] ?? middle;
      merge(from, runs[i]!, middle, end, into, compare);
      merged.push(end);
    }
    runs = merged;
    [from, into] = [into, from];
  }
  return from;
}

/** Starts of the ascending runs, and the end of the last. */
function ascendingRuns(positions: Uint32Array, compare: (a: number, b: number) => number): number[] {
  const runs = [0];
  for (let i = 1; i < positions.length; i++) if (compare(positions[i - 1]!, positions[i]!) > 0) runs.push(i);
  runs.push(positions.length);
  return runs;
}

function merge(
  from: Uint32Array,
  start: number,
  middle: number,
  end: number,
  into: Uint32Array,
  compare: (a: number, b: number) => number,
): void {
  let left = start;
  let right = middle;
  for (let at = start; at < end; at++) {
    const takeLeft = left < middle && (right >= end || compare(from[left]!, from[right]!) <= 0);
    into[at] = takeLeft ? from[left++]! : from[right++]!;
  }
}
