/**
 * The memory of the compiled code (`assembly/`). It holds blocks that logs are read into, the places of values, and tables of
 * what is remembered about values. It also holds plans, filters, lists and rules, which are made when they are needed and
 * forgotten together. In: words to store. Out: their addresses. Refuses (0 or null) what does not fit: the memory never grows,
 * so views of it stay valid.
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

/** Room for plans, filters and lists. */
const HEAP_BYTES = 16 << 20;
/** Room that is given away for good: blocks that logs are read into, and places of values. */
const RESERVED_BYTES = 8 << 20;
const PAGE = 1 << 16;
/** Chunks that lie outside of the memory are copied into this room, together with the places of their values. */
const CHUNK_BYTES = 1 << 16;
const SPARE_WORDS = 1 << 17;

export class LookMemory {
  readonly code: CompiledCode;
  readonly #bytes: Buffer;
  readonly #words: Int32Array;
  /** Candidates of the current event: the count, then the candidates. */
  readonly found: Int32Array;
  /** Changes when plans, filters, lists and values have been forgotten. Addresses from before are then invalid. */
  generation = 0;
  /** The addresses of plans, filters, lists and rules by their objects. A weak map, so that it keeps none of them alive. */
  #addresses = new WeakMap<object, number>();
  #rules = new WeakMap<MatchPlan, RuleTables>();
  readonly #heap: number;
  #heapTop: number;
  #reserved: number;
  readonly #reservedEnd: number;
  /** Places for the values of a record whose reader got no memory here: two words for each value. */
  readonly spare: Int32Array;
  /** The result of the last pass (PASSED), then the kinds of records. `passedTimes` are the times in the same bytes, each in two halves. */
  readonly kinds: Int32Array;
  readonly passedTimes: Uint32Array;
  /** How many chunks have been numbered, from 1 on. Only chunks with records that may be passed over get a number. */
  chunks = 0;
  /** Where chunks from outside the memory are copied to. */
  readonly #foreign: number;
  /** The chunk asked for last, and its address. */
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
    // One page more, because a read of eight bytes may begin at the last byte.
    const pages = top / PAGE + 1;
    const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
    this.code = instantiate(memory);
    this.#bytes = Buffer.from(memory.buffer);
    this.#words = new Int32Array(memory.buffer);
    this.found = this.#words.subarray(found >> 2, (found >> 2) + MOST_FOUND + 1);
    this.spare = this.#words.subarray(spare >> 2, (spare >> 2) + SPARE_WORDS);
    this.code.setUp(entries, copies, cells, found);
    this.kinds = this.#words.subarray(kinds >> 2, (kinds + KINDS_AREA) >> 2);
    this.passedTimes = new Uint32Array(memory.buffer, kinds + PASSED_FROM, (PASSED_TO - PASSED_FROM) / 4 + 2);
    this.code.placePassing(kinds, templates);
  }

  /** Gives memory away for good, starting at a page; null when none is left. */
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

  /** The address of a chunk. A chunk outside of the memory is copied into it and stays until another chunk is asked for. */
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

  /** Writes `words` and returns their address. 0 when there is no room: call {@link forget} and start again. */
  put(words: ArrayLike<number>): number {
    const at = this.#heapTop;
    // Eight bytes more, because types are compared two at a time.
    const end = at + 4 * words.length + 8;
    if (end > this.#heap + HEAP_BYTES) return 0;
    this.#words.set(words, at >> 2);
    this.#heapTop = (end + 7) & ~7;
    return at;
  }

  /** Writes a list of numbers and returns its address, or 0. */
  putList(numbers: Int32Array): number {
    const words = new Int32Array(1 + numbers.length);
    words[0] = numbers.length;
    words.set(numbers, 1);
    return this.put(words);
  }

  /** Writes a filter, if that was not done before, and returns its address, or 0. */
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

  /** Whether so many bytes would fit into an empty heap and leave room for others. */
  hasRoomFor(bytes: number): boolean {
    return bytes < HEAP_BYTES / 2;
  }

  /** Writes what evaluating rules needs, if that was not done before. Null when there is no room. */
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

  /** Writes `QueryConditions.fields`, if that was not done before. Returns the address, or 0. */
  putFields(fields: Uint16Array): number {
    return this.#putOnce(fields, () => wordsOf(fields));
  }

  /**
   * Writes the programs of candidates, if that was not done before: for each its program, and the number of the record in which
   * it was looked at last. Returns the address, or 0.
   */
  putCandidates(programs: Int32Array): number {
    return this.#putOnce(programs, () => {
      const words = new Int32Array(2 * programs.length);
      for (let i = 0; i < programs.length; i++) words[2 * i] = programs[i]!;
      return words;
    });
  }

  /** Overwrites a word of something that was written before. */
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

  /** Returns what `make` makes. If that is null for lack of room, everything is forgotten and `make` is called once more. */
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

/** The same bytes as words; the last word is filled up with zeros. */
function wordsOf({ buffer, byteOffset, byteLength }: ArrayBufferView): Int32Array {
  const words = new Int32Array((byteLength + 3) >> 2);
  new Uint8Array(words.buffer).set(new Uint8Array(buffer, byteOffset, byteLength));
  return words;
}
