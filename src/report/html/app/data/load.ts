/**
 * Reads the data blocks of the page. In: the page. Out: the report. Throws for a block that inflates to more than it claims, and
 * in a browser that cannot inflate.
 */
import type { PageData, PageEvent, PageHead } from '../../page-data.ts';

/** No block that winnow writes is longer, except for a very large single event. */
const MAX_BLOCK_BYTES = 512 * 1024 * 1024;

export async function loadPage(blocks: readonly HTMLScriptElement[]): Promise<PageData> {
  const texts = await Promise.all(blocks.map((block) => inflate(block.text, Number(block.dataset.bytes))));
  const values = blocks.map((block, i) => ({ kind: block.dataset.block, value: JSON.parse(texts[i]!) as unknown }));
  // This frees the text of the blocks, which is not needed after parsing.
  for (const block of blocks) block.remove();
  return {
    head: values.find(({ kind }) => kind === 'head')?.value as PageHead,
    events: values.filter(({ kind }) => kind === 'events').flatMap(({ value }) => value as PageEvent[]),
  };
}

async function inflate(base64: string, length: number): Promise<string> {
  if (!(length <= MAX_BLOCK_BYTES)) throw new Error('a data block of this page is too large');
  const binary = atob(base64);
  const packed = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) packed[i] = binary.charCodeAt(i);
  const bytes = new Uint8Array(length);
  let at = 0;
  for await (const piece of new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate'))) {
    if (at + piece.length > length) throw new Error('a data block of this page is longer than it says');
    bytes.set(piece, at);
    at += piece.length;
  }
  if (at < length) throw new Error('a data block of this page is cut off');
  return new TextDecoder().decode(bytes);
}
