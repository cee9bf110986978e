// HOT: looks at every byte of an EVTX log that is searched.
/**
 * In: a text that is searched for, and an EVTX log. Out: the chunks in which the text may stand, as ranges to be read; only
 * chunks that cannot hold it are left out. A log stores numbers, GUIDs, SIDs and times in other bytes than those of their printed
 * form. So the text must have a word that no such value prints; null where it has none.
 */

import { HEADER_BLOCK } from '../logs/evtx/file-header.ts';
import { CHUNK_BYTES } from '../logs/evtx/limits.ts';
import { FileSource, type FoundFile } from '../logs/open/byte-source.ts';
import type { ByteRange } from '../model/reader.ts';

/** Shorter words stand in nearly every chunk. */
const LEAST_WORD = 3;
/** Two letters side by side, one of them neither a hex digit nor the x of `0x`. No printed number, GUID, SID or time has them. */
const TWO_LETTERS = /[a-z][g-wyz]|[g-wyz][a-z]/i;
/** Words in the printed form of values that are not text. */
const PRINTED = ['true', 'false', 'infinity', 'nan'];
const BLOCK_CHUNKS = 16;

/** The longest word of the text that can be looked for in bytes; null when it has none. */
export function wordToLookFor(text: string): string | null {
  const words = (text.match(/[A-Za-z0-9]+/g) ?? []).filter(
    (word) =>
      word.length >= LEAST_WORD && TWO_LETTERS.test(word) && !PRINTED.some((printed) => printed.includes(word.toLowerCase())),
  );
  return words.reduce<string | null>(
    (longest, word) => (longest === null || word.length > longest.length ? word : longest),
    null,
  );
}

/** `around` is how many chunks on both sides are read as well, for the records beside a hit. */
export function chunksWith(word: string, path: string, found: FoundFile | null, around: number): readonly ByteRange[] {
  // In UTF-16 each of these characters has a zero byte behind it; text of one byte a character has none.
  const pattern = new RegExp([...word].join('\\0?'), 'i');
  const source = new FileSource(path, found);
  const block = Buffer.allocUnsafe(BLOCK_CHUNKS * CHUNK_BYTES);
  const ranges: { start: number; end: number }[] = [];
  try {
    for (let offset = HEADER_BLOCK; ; offset += block.length) {
      const length = source.read(block, offset);
      for (let at = 0; at < length; at += CHUNK_BYTES) {
        if (!pattern.test(block.toString('latin1', at, Math.min(length, at + CHUNK_BYTES)))) continue;
        const start = Math.max(HEADER_BLOCK, offset + at - around * CHUNK_BYTES);
        const end = offset + at + (around + 1) * CHUNK_BYTES;
        const last = ranges.at(-1);
        if (last === undefined || start > last.end) ranges.push({ start, end });
        else if (end - last.start <= block.length) last.end = end;
        else if (end > last.end) ranges.push({ start: last.end, end });
      }
      if (length < block.length) return ranges;
    }
  } finally {
    source.close();
  }
}
