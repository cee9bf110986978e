/** Cuts a source into ranges of about the same size. */
import type { ByteRange } from '../../model/reader.ts';

/** At least one range, even for an empty source. No range is shorter than half of `targetBytes`. */
export function evenRanges(size: number, targetBytes: number): ByteRange[] {
  const count = Math.max(1, Math.round(size / Math.max(1, targetBytes)));
  const length = Math.ceil(size / count);
  const ranges: ByteRange[] = [];
  for (let start = 0; start < size; start += length) ranges.push({ start, end: Math.min(size, start + length) });
  return ranges.length === 0 ? [{ start: 0, end: 0 }] : ranges;
}
