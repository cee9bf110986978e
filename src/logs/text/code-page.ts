/**
 * Watches whether a text is UTF-8. In: the blocks of a source. Out: one diagnostic, at the first place that is not. Text in a
 * code page of Windows (1252, 850) has other bytes for letters beyond ASCII. Nothing in the text tells which code page it is, so
 * those letters are lost.
 */
import { isAscii, isUtf8 } from 'node:buffer';
import type { EventSink } from '../../model/event.ts';

/** Blocks with letters beyond ASCII that are looked at. To look at all of them would cost a tenth of reading. */
const BLOCKS_LOOKED_AT = 4;
/** The longest part of a character at the edge of a block. */
const EDGE_BYTES = 3;

export class CodePageWatch {
  readonly #file: string;
  readonly #sink: Pick<EventSink, 'diagnostic'>;
  #left = BLOCKS_LOOKED_AT;

  constructor(file: string, sink: Pick<EventSink, 'diagnostic'>) {
    this.#file = file;
    this.#sink = sink;
  }

  /** `offset`: where the block stands in the source. */
  look(block: Buffer, offset: number): void {
    if (this.#left === 0 || isAscii(block)) return;
    this.#left--;
    const inner = withoutEdges(block);
    // Text in UTF-16 that was appended is reported elsewhere.
    if (isUtf8(inner) || inner.includes(0)) return;
    this.#left = 0;
    let good = 0;
    for (let bad = inner.length; bad - good > 1; ) {
      const middle = (good + bad) >> 1;
      if (isUtf8(withoutEdges(inner.subarray(0, middle)))) good = middle;
      else bad = middle;
    }
    // The search accepts a bad byte that looks like the beginning of a character, because that character could be cut.
    while (!isUtf8(inner.subarray(0, good))) good--;
    this.#sink.diagnostic({
      code: 'input/code-page',
      severity: 'warning',
      message:
        'the text is not UTF-8 here: it is damaged, or in a code page of Windows (1252, 850), whose letters beyond ASCII are lost.',
      hint: 'Convert it first: iconv -f WINDOWS-1252 -t UTF-8 FILE',
      place: { file: this.#file, offset: offset + inner.byteOffset - block.byteOffset + good },
    });
  }
}

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** The block without the rest of a character at its start and the beginning of one at its end. */
function withoutEdges(block: Buffer): Buffer {
  let start = 0;
  while (start < EDGE_BYTES && isContinuation(block[start])) start++;
  let end = block.length;
  for (let back = 1; back <= EDGE_BYTES && back <= block.length - start; back++) {
    const byte = block[block.length - back]!;
    if (isContinuation(byte)) continue;
    if (byte >= 0xc0) end = block.length - back;
    break;
  }
  return block.subarray(start, end);
}
