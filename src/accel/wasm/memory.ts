/**
 * The memory of the compiled code (`assembly/`) and what lies in it: blocks that logs are read into, the places of values, tables of
 * what is remembered of values; and plans, filters, lists and rules, which are made when they are needed and forgotten together.
 * It never grows: views of it stay good.
 */
import type { MatchPlan } from '../../model/match-plan.ts';
import type { TextFilter } from '../../model/values/text-filter.ts';
import {
  CELL_BYTES,
  CELLS,
  COPY_BYTES,
  ENTRIES,
  ENTRY_BYTES,
  FILTER_BYTES,
  FILTER_MASK,
  FILTER_SHIFT,
  FILTER_SIZE,
  FILTER_STEP,
  KINDS_AREA,
  MOST_FOUND,
  MOST_TEMPLATES,
  PASSED_FROM,
  PASSED_TO,
  TEMPLATES_BYTES,
} from '../layout.generated.ts';
import { type CompiledCode, instantiate } from './compiled-code.ts';
import { bytesOf, type RuleTables, referencesOf } from './rule-tables.ts';

/** Plans, filters and lists. */
const HEAP_BYTES = 16 << 20;
/** What is reserved for good: blocks that logs are read into, places of values. */
const RESERVED_BYTES = 8 << 20;
const PAGE = 1 << 16;
/** Chunks that lie elsewhere are copied to there, and the places of values that do. */
const CHUNK_BYTES = 1 << 16;
const SPARE_WORDS = 1 << 17;

export class LookMemory {
  readonly code: CompiledCode;
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  /** Candidates of the event in hand: how many, then they. */
  readonly found: Int32Array;
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
  /** What passing over gave (PASSED), then kinds of records, of one chunk after the other; the times in it. */
  readonly kinds: Int32Array;
  readonly passedTimes: Float64Array;
  /** Chunks whose records may be passed over are numbered from 1 on. */
  chunks = 0;
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
    const found = place(4 * (MOST_FOUND + 1));
    const templates = place(MOST_TEMPLATES * TEMPLATES_BYTES);
    const kinds = place(KINDS_AREA);
    this.#heap = place(HEAP_BYTES);
    this.#heapTop = this.#heap;
    this.#foreign = place(CHUNK_BYTES);
    const spare = place(4 * SPARE_WORDS);
    this.#reserved = place(RESERVED_BYTES);
    this.#reservedEnd = top;
    // One page more: what looks at eight bytes may begin at the last.
    const pages = top / PAGE + 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.code = instantiate(memory);
    this.#bytes = Buffer.from(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.found = this.#words.subarray(found >> 2, (found >> 2) + MOST_FOUND + 1);
    this.spare = this.#words.subarray(spare >> 2, (spare >> 2) + SPARE_WORDS);
    this.code.setUp(entries, copies, cells, found);
    this.kinds = this.#words.subarray(kinds >> 2, (kinds + KINDS_AREA) >> 2);
    this.passedTimes = new Float64Array(memory.buffer, kinds + PASSED_FROM, (PASSED_TO - PASSED_FROM) / 8 + 1);
    this.code.placePassing(kinds, templates);
  }

  /** Memory for good, from a page on; null when there is none left. */
  reserve(bytes: number): Buffer | null {
    const at = this.#reserved;
    const end = at + Math.ceil(bytes / PAGE) * PAGE;
    if (end > this.#reservedEnd) return null;
    this.#reserved = end;
    return this.#bytes.subarray(at, at + bytes);
  }

  holds(view: ArrayBufferView): boolean {
    return view.buffer === this.#bytes.buffer;
  }

  /** Where a chunk begins in the memory: it is copied there when it lies elsewhere, and stays until another one is asked for. */
  chunkAddress(chunk: Buffer): number {
    if (chunk === this.#chunk) return this.#chunkAt;
    this.#chunk = chunk;
    if (this.holds(chunk)) this.#chunkAt = chunk.byteOffset;
    else {
      this.#chunkAt = this.#foreign;
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

  /** The same for a list of numbers. */
  putList(numbers: Int32Array): number {
    const words = new Int32Array(1 + numbers.length);
    words[0] = numbers.length;
    words.set(numbers, 1);
    return this.put(words);
  }

  /** The same for a filter, once. */
  putFilter(filter: TextFilter): number {
    return this.#putOnce(filter, () => {
      const words = new Int32Array((FILTER_BYTES >> 2) + filter.quads.length);
      words[FILTER_SHIFT >> 2] = filter.shift;
      words[FILTER_SIZE >> 2] = filter.size;
      words[FILTER_MASK >> 2] = filter.mask;
      words[FILTER_STEP >> 2] = 2 * filter.step;
      words.set(filter.quads, FILTER_BYTES >> 2);
      return words;
    });
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

  /** The same for `QueryConditions.fields`, once. */
  putFields(fields: Uint16Array): number {
    return this.#putOnce(fields, () => wordsOf(fields));
  }

  /** The same for programs of candidates, once: of each the program, and the turn in which it was looked at. */
  putCandidates(programs: Int32Array): number {
    return this.#putOnce(programs, () => {
      const words = new Int32Array(2 * programs.length);
      for (let i = 0; i < programs.length; i++) words[2 * i] = programs[i]!;
      return words;
    });
  }

  /** Writes a word of what was put. */
  set(address: number, word: number): void {
    this.#words[address >> 2] = word;
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
  }
}

/** The same bytes, the last word filled with zeros. */
function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Int32Array {
  const words = new Int32Array((byteLength + 3) >> 2);
  new Uint8Array(words.buffer).set(new Uint8Array(buffer, byteOffset, byteLength));
  return words;
}
