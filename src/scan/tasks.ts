/**
 * How a scan is cut into work. In: sources that can be read at any offset, and their formats. Out: tasks, each a range of one
 * source, the same whatever the number of threads, so that output is the same too.
 */
import type { ByteRange } from '../model/reader.ts';

/** A range of a file. Plain data: crosses threads. */
export interface RangeTask {
  /** Position among the tasks; results are put together by it. */
  readonly id: number;
  /** Position of the source among the scan's sources. */
  readonly file: number;
  /** 0, 1, 2 ... by offset within the source. */
  readonly range: number;
  readonly name: string;
  readonly format: string;
  readonly bytes: ByteRange;
}

/** Bytes per task: large enough that a task costs more than its hand-over, small enough that threads end together. */
export const TASK_BYTES = 16 * 1024 * 1024;

/** The order in which tasks are handed out, as positions: largest first, so that no thread is left with a long last one. */
export function handOutOrder(tasks: readonly RangeTask[]): number[] {
  const size = ({ bytes }: RangeTask): number => bytes.end - bytes.start;
  return tasks.map((_, i) => i).sort((a, b) => size(tasks[b]!) - size(tasks[a]!) || a - b);
}

/** Shared between threads: what is next, whether to stop, and how far each has come. 32-bit counters. */
export class SharedProgress {
  static readonly #NEXT = 0;
  static readonly #STOP = 1;
  static readonly #KIBIBYTES = 2;
  static readonly #EVENTS = 3;
  static readonly #MATCHES = 4;
  static readonly #WORDS = 5;
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;

  constructor(memory = new SharedArrayBuffer(SharedProgress.#WORDS * 4)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /** Takes the next number, 0, 1, 2 ... */
  next(): number {
    return Atomics.add(this.#words, SharedProgress.#NEXT, 1);
  }

  /** Asks every thread to end after what it has in hand. */
  stop(): void {
    Atomics.store(this.#words, SharedProgress.#STOP, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.#words, SharedProgress.#STOP) === 1;
  }

  add(bytes: number, events: number, matches: number): void {
    Atomics.add(this.#words, SharedProgress.#KIBIBYTES, Math.round(bytes / 1024));
    Atomics.add(this.#words, SharedProgress.#EVENTS, events);
    Atomics.add(this.#words, SharedProgress.#MATCHES, matches);
  }

  /** Bytes are exact to 1 KiB per task: for display only. */
  get done(): { readonly bytes: number; readonly events: number; readonly matches: number } {
    // Unsigned, since 2 TiB of logs or 2 billion events would turn a signed counter negative.
    const at = (word: number): number => Atomics.load(this.#words, word) >>> 0;
    return {
      bytes: at(SharedProgress.#KIBIBYTES) * 1024,
      events: at(SharedProgress.#EVENTS),
      matches: at(SharedProgress.#MATCHES),
    };
  }
}
