/**
 * The memory of the compiled code (`assembly/`), one for each thread, and what lies in it: blocks that logs are read into, where
 * records have their values, the table of values that the sieve knows; and plans, filters, lists and rules, which are made when
 * they are needed and forgotten together. It never grows: views of it stay good.
 */
import type { JsonPieces } from '../bytes/json-writer.ts';
import { readBuffer } from '../bytes/read-buffer.ts';
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
/** Rules that hold for one event, as `skim` says. */
const HELD = 1 << 8;
/** Plans, filters and lists. */
const HEAP_BYTES = 16 << 20;
/** What is reserved for good: blocks, chunks, values of records. */
const RESERVED_BYTES = 8 << 20;
/** Layouts by number, and the table that they are found by (a power of two); see `assembly/records.ts`. */
export const LAYOUTS = 10_000;
const LAYOUT_NUMBERS = 1 << 15;
const LAYOUT_BYTES = 512;
const REPLY_WORDS = 12;
/** Channels, and computers, whose records are counted. */
export const MOST_COUNTED = 1 << 10;
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
  /** Records that `skim` has passed over: how many by number of channel and of computer, the first time and the last. */
  readonly passedByChannel: Int32Array;
  readonly passedByComputer: Int32Array;
  readonly passedTimes: Float64Array;
  /** What holds for the record that it came to: how many, then pairs of a sieve and a number. */
  readonly held: Int32Array;
  /** Changes with every call of `skim`. */
  skims = 0;
  /** What `writeFields` has written. */
  readonly json: DataView;
  /** Who reads the chunk that `openChunk` has opened; null when it may be there no longer. */
  reader: object | null = null;
  /** Changes when plans, filters, lists and values have been forgotten: addresses of before mean nothing. */
  generation = 0;
  /** Where these have been written to. Nothing lives on because it was. */
  #addresses = new WeakMap<object, number>();
  #rules = new WeakMap<MatchPlan, RuleTables>();
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
    const numbers = place(4 * LAYOUT_NUMBERS);
    const reply = place(4 * REPLY_WORDS);
    const channelCounts = place(4 * MOST_COUNTED);
    const computerCounts = place(4 * MOST_COUNTED);
    const held = place(8 * HELD);
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
    this.code.setUpRecords(layouts, numbers, LAYOUT_NUMBERS, reply);
    this.passedByChannel = this.#words.subarray(channelCounts >> 2, (channelCounts >> 2) + MOST_COUNTED);
    this.passedByComputer = this.#words.subarray(computerCounts >> 2, (computerCounts >> 2) + MOST_COUNTED);
    this.passedTimes = new Float64Array(memory.buffer, reply + 32, 2);
    this.held = this.#words.subarray(held >> 2, (held >> 2) + 2 * HELD);
    this.code.setUpSkim(channelCounts, computerCounts, held);
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

  /** The same as bytes: what logs are read into. */
  block(bytes: number): Buffer | null {
    const words = this.reserve(bytes >> 2);
    return words === null ? null : this.#bytes.subarray(words.byteOffset, words.byteOffset + bytes);
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
    const words = new Int32Array(1 + numbers.length);
    words[0] = numbers.length;
    words.set(numbers, 1);
    return this.put(words);
  }

  /** The same for a filter, once. */
  putFilter(filter: TextFilter): number {
    const { shift, size, mask, step, quads } = filter;
    return this.#putOnce(filter, () => [shift, size, mask, 2 * step, ...quads]);
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
      kinds: this.put(wordsOf(plan.kind)),
      fields: this.put(wordsOf(Uint16Array.from(plan.field))),
      references: this.put(referencesOf(plan)),
      marks: this.put(new Int32Array(plan.kind.length)),
    };
    if (Object.values(tables).includes(0)) return null;
    this.#rules.set(plan, tables);
    return tables;
  }

  /** The same for `SieveRules.places`, once. */
  putPlaces(places: Uint16Array): number {
    return this.#putOnce(places, () => wordsOf(places));
  }

  /** The same for what comes up by itself, once. */
  putAlways(entries: Int32Array): number {
    return this.#putOnce(entries, () => [entries.length, ...entries]);
  }

  /** The same for the programs of what can come up, once: of each the program, the turn in which it was looked at. */
  putPrograms(programs: Int32Array): number {
    return this.#putOnce(programs, () => [...programs].flatMap((program) => [program, 0]));
  }

  /** The same for pieces of JSON, once: the address of the first. */
  putPieces(pieces: JsonPieces): number {
    return this.#putOnce(pieces, () => wordsOf(pieces.view));
  }

  #putOnce(source: object, words: () => ArrayLike<number>): number {
    let at = this.#addresses.get(source);
    if (at === undefined) {
      at = this.put(words());
      if (at !== 0) this.#addresses.set(source, at);
    }
    return at;
  }

  /** What `make` gives; where that is null for want of room, everything is forgotten and it is asked again. */
  withRoom<T>(make: () => T | null): T | null {
    const made = make();
    if (made !== null) return made;
    this.forget();
    return make();
  }

  forget(): void {
    this.generation++;
    this.#heapTop = this.#heap;
    this.#addresses = new WeakMap();
    this.#rules = new WeakMap();
    this.code.forget();
    this.code.forgetKinds();
  }
}

/** The same bytes, the last word filled with zeros. */
function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Int32Array {
  const words = new Int32Array((byteLength + 3) >> 2);
  new Uint8Array(words.buffer).set(new Uint8Array(buffer, byteOffset, byteLength));
  return words;
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

/** A block that logs are read into, for good: where compiled code can look at it, as long as there is room. */
export function logBlock(bytes: number): Buffer {
  return threadMemory()?.block(bytes) ?? readBuffer(bytes);
}
