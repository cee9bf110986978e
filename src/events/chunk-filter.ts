// HOT: looks at every byte of an EVTX log that is searched.
/**
 * In: a text that is searched for, and an EVTX log. Out: the chunks in which it may stand, as ranges to be read. It only rules out
 * what cannot hold the text. null where bytes do not tell: values that are no text (numbers, GUIDs, SIDs, times) are kept otherwise
 * than they are printed, so the text must have a word that none of those prints.
 */

import { HEADER_BLOCK } from '../logs/evtx/file-header.ts';
import { CHUNK_BYTES } from '../logs/evtx/limits.ts';
import { FileSource, type FoundFile } from '../logs/open/byte-source.ts';
import type { ByteRange } from '../model/reader.ts';

/** Shorter words stand in nearly every chunk. */
const LEAST_WORD = 3;
/** Two letters side by side, one of them neither a hex digit nor the x of `0x`: in no number, GUID, SID or time. */
const TWO_LETTERS = /[a-z][g-wyz]|[g-wyz][a-z]/i;
/** Words that values other than text are printed as. */
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

/** `around`: chunks read on both sides, for the records beside. */
export function chunksWith(word: string, path: string, found: FoundFile | null, around: number): readonly ByteRange[] {
  // UTF-16, or one byte a character: a zero behind each, or none.
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
