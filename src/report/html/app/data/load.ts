/**
 * Reads the data blocks of the page. In: the blocks. Out: what the first view needs, then the details. Throws for a block that
 * inflates to more than it claims, and in a browser that cannot inflate.
 */
import type { BlockKind } from '../../embedded.ts';
import type { PageData, PageFacts, PageHead } from '../../page-data.ts';
import type { Details } from './details.ts';

/** No block that winnow writes is longer, except for a very large single event. */
const MAX_BLOCK_BYTES = 512 * 1024 * 1024;

export async function loadPage(): Promise<PageData> {
  const [[head], events] = await Promise.all([textsOf('head'), textsOf('events')]);
  return { head: JSON.parse(head!) as PageHead, events: events.flatMap((text) => JSON.parse(text) as PageFacts[]) };
}

export async function loadDetails(details: Details): Promise<void> {
  for (const text of await textsOf('details')) details.add(text);
  details.complete();
}

function textsOf(kind: BlockKind): Promise<string[]> {
  const blocks = [...document.querySelectorAll<HTMLScriptElement>(`script[data-block=${kind}]`)];
  return Promise.all(blocks.map(inflate));
}

async function inflate(block: HTMLScriptElement): Promise<string> {
  const base64 = block.text;
  const length = Number(block.dataset.bytes);
  // This frees the text of the block.
  block.remove();
  if (!(length <= MAX_BLOCK_BYTES)) throw new Error('a data block of this page is too large');
  const binary = atob(base64);
  const packed = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) packed[i] = binary.charCodeAt(i);
  const bytes = new Uint8Array(length);
  let at = 0;
  for await (const piece of inflated(packed)) {
    if (at + piece.length > length) throw new Error('a data block of this page is longer than it says');
    bytes.set(piece, at);
    at += piece.length;
  }
  if (at < length) throw new Error('a data block of this page is cut off');
  return new TextDecoder().decode(bytes);
}

/** How many bytes are inflated at once. */
const SLICE_BYTES = 64 * 1024;

/** Not by way of a Blob, whose bytes come from another process. */
function inflated(packed: Uint8Array<ArrayBuffer>): ReadableStream<Uint8Array> {
  const { readable, writable } = new DecompressionStream('deflate');
  const writer = writable.getWriter();
  // Who reads the stream gets the same error.
  const written = (promise: Promise<void>): void => void promise.catch(() => {});
  for (let at = 0; at < packed.length; at += SLICE_BYTES) written(writer.write(packed.subarray(at, at + SLICE_BYTES)));
  written(writer.close());
  return readable;
}
