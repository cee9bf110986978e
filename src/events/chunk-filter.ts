// HOT: looks at every byte of an EVTX log that is searched.
/**
 * In: a word (`searched-word.ts`), and EVTX logs. Out: the chunks in which the word stands, as ranges to be read; only chunks
 * that cannot hold it are left out.
 */
import { WordFinder } from '../bytes/word-finder.ts';
import type { Accelerator, WordBlock } from '../engine/contract.ts';
import { HEADER_BLOCK } from '../logs/evtx/file-header.ts';
import { CHUNK_BYTES } from '../logs/evtx/limits.ts';
import { FileSource, type FoundFile } from '../logs/open/byte-source.ts';
import type { ByteRange } from '../model/reader.ts';

const BLOCK_BYTES = 16 * CHUNK_BYTES;

/** Made once for all logs of a search. */
export function wordBlock(word: string, accelerator: Accelerator | null): WordBlock {
  return accelerator?.wordBlock(word, BLOCK_BYTES) ?? plainBlock(word);
}

function plainBlock(word: string): WordBlock {
  const block = Buffer.allocUnsafe(BLOCK_BYTES);
  const finder = new WordFinder(word);
  return { block, standsIn: (start, end) => finder.standsIn(block, start, end, false) };
}

/** `around` is how many chunks on both sides are read as well, for the records beside a hit. */
export function chunksWith(
  { block, standsIn }: WordBlock,
  path: string,
  found: FoundFile | null,
  around: number,
): readonly ByteRange[] {
  const source = new FileSource(path, found);
  const ranges: { start: number; end: number }[] = [];
  try {
    for (let offset = HEADER_BLOCK; ; offset += block.length) {
      const length = source.read(block, offset);
      for (let at = 0; at < length; at += CHUNK_BYTES) {
        if (!standsIn(at, Math.min(length, at + CHUNK_BYTES))) continue;
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
