/**
 * The memory of the compiled code (`assembly/`), one for each thread, and what lies in it: blocks that logs are read into, where
 * records have their values, the table of values that the sieve knows; and plans, filters, lists and rules, which are made when
 * they are needed and forgotten together. It never grows: views of it stay good.
 */
import type { JsonPieces } from '../model/json-writer.ts';
import type { MatchPlan } from '../model/match-plan.ts';
import type { TextFilter } from '../model/text-filter.ts';
import { type CompiledCode, instantiate } from './compiled-code.ts';
import { bytesOf, type RuleTables, referencesOf } from './rule-tables.ts';

/** Values with a number (a power of two; three of five are used), copies of their bytes, and the longest that is kept. */
const ENTRIES = 1 << 16;
const ENTRY_BYTES = 16;
const COPY_BYTES = 8 << 20;
const LONGEST = 2048;
/** Lists at values, by key (a power of two). A value of many fields, such as `-`, has many. */
const CELLS = 1 << 18;
const CELL_BYTES = 16;
/** Numbers that one event may bring up. */
const FOUND = 1 << 14;
/** Plans, filters and lists. */
const HEAP_BYTES = 16 << 20;
/** What is reserved for good: blocks, chunks, values of records. */
const RESERVED_BYTES = 8 << 20;
/** Templates by number; see `assembly/records.ts`. */
const LAYOUTS = 10_000;
const LAYOUT_BYTES = 512;
const REPLY_WORDS = 6;
/** Fields as JSON: the longest value, binary, takes 128 KiB. */
const JSON_BYTES = 256 << 10;
const PAGE = 1 << 16;
/** Readers copy a foreign chunk to there. */
const CHUNK_BYTES = 1 << 16;
const SPARE_WORDS = 1 << 17;

export class ThreadMemory {
  readonly code: CompiledCode;
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  /** What `sift` brought up: their number, then they. */
  readonly found: Int32Array;
  /** What `readRecord` says beside its result. */
  readonly reply: Int32Array;
  readonly replyTime: Float64Array;
  /** What `writeFields` has written. */
  readonly json: DataView;
  /** Who reads the chunk that `openChunk` has opened; null when it may be there no longer. */
  reader: object | null = null;
  /** Changes when plans, filters, lists and values have been forgotten: addresses of before mean nothing. */
  generation = 0;
  /** Where these have been written to. Nothing lives on because it was. */
  #filters = new WeakMap<TextFilter, number>();
  #rules = new WeakMap<MatchPlan, RuleTables>();
  #places = new WeakMap<Uint16Array, number>();
  #pieces = new WeakMap<JsonPieces, number>();
  readonly #heap: number;
  #heapTop: number;
  #reserved: number;
  readonly #reservedEnd: number;
  /** For values of records that found no room of their own: as many words as two for each of a record's values. */
  readonly spare: Int32Array;
  /** Where chunks that lie elsewhere are copied to. */
  readonly #foreign: number;
  /** The last chunk that was asked for, and where it is. */
  #chunk: Buffer | null = null;
  #chunkAt = 0;

  constructor() {
    let top = PAGE;
    const place = (bytes: number): number => {
      const at = top;
      top += Math.ceil(bytes / PAGE) * PAGE;
      return at;
    };
    const entries = place(ENTRIES * ENTRY_BYTES);
    const copies = place(COPY_BYTES);
    const cells = place(CELLS * CELL_BYTES);
    const found = place(4 * (FOUND + 1));
    this.#heap = place(HEAP_BYTES);
    this.#heapTop = this.#heap;
    this.#foreign = place(CHUNK_BYTES);
    const spare = place(4 * SPARE_WORDS);
    const layouts = place(LAYOUTS * LAYOUT_BYTES);
    const reply = place(4 * REPLY_WORDS);
    const json = place(JSON_BYTES);
    this.#reserved = place(RESERVED_BYTES);
    this.#reservedEnd = top;
    // One page more: what looks at eight bytes may begin at the last.
    const pages = top / PAGE + 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.code = instantiate(memory);
    this.#bytes = Buffer.from(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.found = this.#words.subarray(found >> 2, (found >> 2) + FOUND + 1);
    this.reply = this.#words.subarray(reply >> 2, (reply >> 2) + REPLY_WORDS);
    this.replyTime = new Float64Array(memory.buffer, reply + 16, 1);
    this.code.setUpRecords(layouts, LAYOUTS, reply);
    this.json = new DataView(memory.buffer, json, JSON_BYTES);
    this.code.setUpJson(json, JSON_BYTES);
    this.spare = this.#words.subarray(spare >> 2, (spare >> 2) + SPARE_WORDS);
    this.code.setUp(entries, ENTRIES, copies, COPY_BYTES, cells, CELLS, found, FOUND, LONGEST);
  }

  /** Words of the memory for good; null when there are none left. They begin at a page. */
  reserve(words: number): Int32Array | null {
    const at = this.#reserved;
    const end = at + Math.ceil((4 * words) / PAGE) * PAGE;
    if (end > this.#reservedEnd) return null;
    this.#reserved = end;
    return this.#words.subarray(at >> 2, (at >> 2) + words);
  }

  /** Where a chunk begins in the memory: it is copied there when it lies elsewhere, and stays until another one is asked for. */
  chunkAddress(chunk: Buffer): number {
    if (chunk === this.#chunk) return this.#chunkAt;
    this.#chunk = chunk;
    if (chunk.buffer === this.#bytes.buffer) this.#chunkAt = chunk.byteOffset;
    else {
      this.#chunkAt = this.#foreign;
      this.reader = null;
      chunk.copy(this.#bytes, this.#foreign);
    }
    return this.#chunkAt;
  }

  /** A block that logs may be read into, for good; null when there is no room left. */
  block(bytes: number): Buffer | null {
    const words = this.reserve(bytes >> 2);
    return words === null ? null : this.#bytes.subarray(words.byteOffset, words.byteOffset + bytes);
  }

  /** Where `words` have been written to; 0 when there is no room: {@link forget}, and begin anew. */
  put(words: ArrayLike<number>): number {
    const at = this.#heapTop;
    // Eight more: types are compared two at a time.
    const end = at + 4 * words.length + 8;
    if (end > this.#heap + HEAP_BYTES) return 0;
    this.#words.set(words, at >> 2);
    this.#heapTop = (end + 7) & ~7;
    return at;
  }

  /** The same for a list of what a value brings up. */
  putList(numbers: Int32Array): number {
    const at = this.put([numbers.length]);
    if (at === 0 || at + 4 * (numbers.length + 1) + 8 > this.#heap + HEAP_BYTES) return 0;
    this.#words.set(numbers, (at >> 2) + 1);
    this.#heapTop = Math.max(this.#heapTop, (at + 4 * (numbers.length + 1) + 7) & ~7);
    return at;
  }

  /** The same for a filter, once. */
  putFilter(filter: TextFilter): number {
    let at = this.#filters.get(filter);
    if (at === undefined) {
      const { shift, size, mask, step, quads } = filter;
      at = this.put([shift, size, mask, 2 * step, ...quads]);
      if (at !== 0) this.#filters.set(filter, at);
    }
    return at;
  }

  /** Do so many bytes fit into an empty heap, with others beside them? */
  hasRoomFor(bytes: number): boolean {
    return bytes < HEAP_BYTES / 2;
  }

  /** The same for what evaluating rules needs of them, once; null when there is no room. */
  putRules(plan: MatchPlan): RuleTables | null {
    const known = this.#rules.get(plan);
    if (known !== undefined) return known;
    if (!this.hasRoomFor(bytesOf(plan))) return null;
    const tables = {
      programs: this.put(plan.program),
      kinds: this.#putBytes(plan.kind),
      fields: this.#putBytes(Uint16Array.from(plan.field)),
      references: this.put(referencesOf(plan)),
      marks: this.put(new Int32Array(plan.kind.length)),
    };
    if (Object.values(tables).includes(0)) return null;
    this.#rules.set(plan, tables);
    return tables;
  }

  /** The same for `SieveRules.places`, once. */
  putPlaces(places: Uint16Array): number {
    let at = this.#places.get(places);
    if (at === undefined) {
      at = this.#putBytes(places);
      if (at !== 0) this.#places.set(places, at);
    }
    return at;
  }

  /** The same for pieces of JSON, once: the address of the first. */
  putPieces(pieces: JsonPieces): number {
    let at = this.#pieces.get(pieces);
    if (at === undefined) {
      const { buffer, byteOffset, byteLength } = pieces.view;
      at = this.#putBytes(new Uint8Array(buffer, byteOffset, byteLength));
      if (at !== 0) this.#pieces.set(pieces, at);
    }
    return at;
  }

  #putBytes(array: Uint8Array | Uint16Array): number {
    const words = new Int32Array((array.byteLength + 3) >> 2);
    new Uint8Array(words.buffer).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return this.put(words);
  }

  forget(): void {
    this.generation++;
    this.#heapTop = this.#heap;
    this.#filters = new WeakMap();
    this.#rules = new WeakMap();
    this.#places = new WeakMap();
    this.#pieces = new WeakMap();
    this.code.forget();
  }
}

let memory: ThreadMemory | null | undefined;

/** The thread's own; null where there is no WebAssembly (`node --jitless`) or no room for it. */
export function threadMemory(): ThreadMemory | null {
  if (memory === undefined) {
    try {
      memory = new ThreadMemory();
    } catch {
      memory = null;
    }
  }
  return memory;
}
