/**
 * Writes the changes of a text as a unified diff, which `git apply` and `patch` read. In: both texts. Out: the lines of the diff,
 * with three unchanged lines around each change. Refuses nothing; in very long changes all lines count as replaced.
 */

const CONTEXT = 3;
/** Limit on the pairs of lines that are compared. */
const MAX_PAIRS = 4_000_000;
const NO_BREAK = '\\ No newline at end of file';

/** A line with its line break: unchanged (` `), removed or added. */
interface Line {
  readonly sign: ' ' | '-' | '+';
  readonly text: string;
}

export function unifiedDiff(path: string, before: string, after: string): readonly string[] {
  const lines = compare(linesIn(before), linesIn(after));
  // `a/` and `b/` are for paths below the folder where the diff is applied; another path is named as it is.
  const [from, to] = /^(?:\.\.\/|\/|[A-Za-z]:)/.test(path) ? [path, path] : [`a/${path}`, `b/${path}`];
  const written = [`--- ${from}`, `+++ ${to}`];
  let old = 0;
  let now = 0;
  for (let at = 0; at < lines.length; ) {
    const changed = lines.findIndex(({ sign }, i) => i >= at && sign !== ' ');
    if (changed < 0) break;
    const start = Math.max(at, changed - CONTEXT);
    const hunk = lines.slice(start, hunkEnd(lines, changed));
    old += start - at;
    now += start - at;
    const removed = hunk.filter(({ sign }) => sign !== '+').length;
    const added = hunk.filter(({ sign }) => sign !== '-').length;
    written.push(`@@ -${rangeOf(old, removed)} +${rangeOf(now, added)} @@`);
    for (const { sign, text } of hunk)
      written.push(...(text.endsWith('\n') ? [sign + text.slice(0, -1)] : [sign + text, NO_BREAK]));
    old += removed;
    now += added;
    at = start + hunk.length;
  }
  return written;
}

/** Changes with at most twice the context between them are one hunk. */
function hunkEnd(lines: readonly Line[], changed: number): number {
  let last = changed;
  for (let i = changed; i < lines.length && i - last <= 2 * CONTEXT; i++) if (lines[i]!.sign !== ' ') last = i;
  return Math.min(lines.length, last + 1 + CONTEXT);
}

/** A range without lines is named by the line before it. */
function rangeOf(start: number, count: number): string {
  return `${count === 0 ? start : start + 1},${count}`;
}

function linesIn(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function compare(before: readonly string[], after: readonly string[]): readonly Line[] {
  const shorter = Math.min(before.length, after.length);
  let same = 0;
  while (same < shorter && before[same] === after[same]) same++;
  let end = 0;
  while (end < shorter - same && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  const kept = (text: string): Line => ({ sign: ' ', text });
  return [
    ...before.slice(0, same).map(kept),
    ...compareMiddle(before.slice(same, before.length - end), after.slice(same, after.length - end)),
    ...before.slice(before.length - end).map(kept),
  ];
}

/** By the longest common subsequence. */
function compareMiddle(before: readonly string[], after: readonly string[]): readonly Line[] {
  const width = after.length + 1;
  const isLong = before.length * after.length > MAX_PAIRS;
  /** At `i * width + j`: how many lines `before` from `i` on and `after` from `j` on have in common. */
  const common = new Uint32Array(isLong ? 0 : (before.length + 1) * width);
  for (let i = before.length - 1; i >= 0 && !isLong; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      common[i * width + j] =
        before[i] === after[j]
          ? common[(i + 1) * width + j + 1]! + 1
          : Math.max(common[(i + 1) * width + j]!, common[i * width + j + 1]!);
    }
  }
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < before.length && j < after.length && !isLong) {
    if (before[i] === after[j]) {
      lines.push({ sign: ' ', text: before[i++]! });
      j++;
    } else if (common[(i + 1) * width + j]! >= common[i * width + j + 1]!) lines.push({ sign: '-', text: before[i++]! });
    else lines.push({ sign: '+', text: after[j++]! });
  }
  for (; i < before.length; i++) lines.push({ sign: '-', text: before[i]! });
  for (; j < after.length; j++) lines.push({ sign: '+', text: after[j]! });
  return lines;
}
