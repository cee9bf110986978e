// HOT: runs for values that contain the pattern's longest literal.
/**
 * Compiles a text pattern with wildcards into a test: `*` is any text, `?` one code point, and the whole value must match. The
 * text between two `*` is a segment with a fixed number of code points. The leftmost place for each segment is therefore always
 * the best one, and no backtracking is needed.
 */
import type { TextPart } from '../../../model/rule.ts';

/** Literals, and null for `?`. */
type Segment = readonly (string | null)[];

function segmentsOf(parts: readonly TextPart[]): Segment[] {
  const segments: (string | null)[][] = [[]];
  for (const part of parts) {
    if (typeof part === 'string') {
      if (part !== '') segments.at(-1)!.push(part);
    } else if (part.wildcard === '*') segments.push([]);
    else segments.at(-1)!.push(null);
  }
  return segments;
}

/** True when `at` is between the two halves of a surrogate pair. */
function insidePair(text: string, at: number): boolean {
  const low = text.charCodeAt(at);
  if (low < 0xdc00 || low > 0xdfff || at === 0) return false;
  const high = text.charCodeAt(at - 1);
  return high >= 0xd800 && high <= 0xdbff;
}

/** Where the segment ends if it stands at `at`; -1 if it does not stand there. */
function endOf(segment: Segment, text: string, at: number): number {
  for (let i = 0; i < segment.length; i++) {
    const part = segment[i]!;
    if (part === null) {
      if (at >= text.length) return -1;
      at += insidePair(text, at + 1) ? 2 : 1;
    } else {
      if (!text.startsWith(part, at)) return -1;
      at += part.length;
    }
  }
  return at;
}

/** Where the segment ends at its leftmost place from `at` on; -1 when there is none. */
function findEnd(segment: Segment, text: string, at: number): number {
  const first = segment[0];
  for (let from = at; from <= text.length; from++) {
    if (typeof first === 'string') {
      from = text.indexOf(first, from);
      if (from < 0) return -1;
    }
    if (insidePair(text, from)) continue;
    const end = endOf(segment, text, from);
    if (end >= 0) return end;
  }
  return -1;
}

/** True when the segment can stand at the very end without starting before `at`. */
function standsAtEnd(segment: Segment, text: string, at: number): boolean {
  let units = 0;
  let pairs = 0;
  for (const part of segment) {
    units += part === null ? 1 : part.length;
    if (part === null) pairs++;
  }
  const from = Math.max(at, text.length - units - pairs);
  for (let start = from; start <= text.length - units; start++) {
    if (!insidePair(text, start) && endOf(segment, text, start) === text.length) return true;
  }
  return false;
}

export function compileGlob(parts: readonly TextPart[]): (text: string) => boolean {
  const segments = segmentsOf(parts);
  const first = segments[0]!;
  const last = segments.at(-1)!;
  if (segments.length === 1) return (text) => endOf(first, text, 0) === text.length;
  return (text) => {
    let at = endOf(first, text, 0);
    for (let i = 1; i < segments.length - 1; i++) {
      if (at < 0) return false;
      const segment = segments[i]!;
      if (segment.length > 0) at = findEnd(segment, text, at);
    }
    return at >= 0 && standsAtEnd(last, text, at);
  };
}
