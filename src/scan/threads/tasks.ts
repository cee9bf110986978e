/**
 * How a scan is cut into work. In: sources that can be read at any offset, and their formats. Out: tasks, each a range of one
 * source, the same whatever the number of threads, so that output is the same too.
 */

import { availableParallelism } from 'node:os';
import type { ThreadContext } from '../../engine/thread-context.ts';
import { FileSource, type FoundFile } from '../../logs/open/byte-source.ts';
import { type NestedLocator, openNested } from '../../logs/open/nested.ts';
import { readRange, type Source } from '../../logs/open/open.ts';
import { InputError } from '../../model/errors.ts';
import type { EventSink } from '../../model/event.ts';
import type { ReadStats } from '../../model/match.ts';
import type { ByteRange, ByteSource, ReadOptions } from '../../model/reader.ts';

/** A range of a file. Plain data, because it is sent between threads. */
export interface RangeTask {
  /** Position among the tasks; results are put together by it. */
  readonly id: number;
  /** Position of the source among the scan's sources. */
  readonly file: number;
  /** 0, 1, 2 ... by offset within the source. */
  readonly range: number;
  readonly name: string;
  /** Which file that is. */
  readonly found: FoundFile | null;
  /** Where it is, when it is not a file of its own. */
  readonly locator?: NestedLocator | undefined;
  readonly format: string;
  readonly bytes: ByteRange;
}

/** Reads the events of a task, or of another range of its file. Throws `InputError` when the file is gone or is another one. */
export function readTask(
  task: RangeTask,
  sink: EventSink,
  options: ReadOptions,
  thread: ThreadContext,
  bytes: ByteRange = task.bytes,
): ReadStats {
  return withSource(task, (source) => readRange(source, task.format, bytes, sink, options, thread));
}

/** Opens the file of a task. Throws `InputError` when it is gone or is another one. */
export function openTask({ locator, name, found }: RangeTask): ByteSource {
  return locator === undefined ? new FileSource(name, found) : openNested(locator);
}

/** Opens the file of a task for as long as it is used. */
export function withSource<T>(task: RangeTask, use: (source: ByteSource) => T): T {
  const source = openTask(task);
  try {
    return use(source);
  } finally {
    source.close();
  }
}

/** Bytes per task: large enough that a task costs more than its hand-over, small enough that threads end together. */
export const TASK_BYTES = 8 * 1024 * 1024;

/**
 * One more thread pays off for every so many bytes. It takes half a second until its code is as fast as ours, and meanwhile the
 * compiler runs beside it. Below this, two threads on two cores are slower than one (docs/performance.md).
 */
const BYTES_PER_THREAD = 128 * 1024 * 1024;

/** How many threads to use when nobody has asked for a number. `bytes` is the size of all files that can be cut. */
export function threadsWorthwhile(bytes: number, cores: number): number {
  return Math.max(1, Math.min(cores, Math.floor(bytes / BYTES_PER_THREAD)));
}

/** How many threads read these sources: as many as were asked for, or as pay off. */
export function threadsFor(sources: readonly Source[], asked: number | null): number {
  if (asked !== null) return asked;
  // Members of archives are streams, which one thread reads.
  const bytes = sources.reduce((sum, { kind, size }) => sum + (kind === 'nested' ? 0 : (size ?? 0)), 0);
  return threadsWorthwhile(bytes, availableParallelism());
}

/**
 * The order in which tasks are handed out, as positions: files with the largest ranges first, so that no thread is left with a
 * long last one. Ranges of a file stay in order: what an interrupted scan has read of it is then its beginning, and records
 * can be numbered.
 */
export function handOutOrder(tasks: readonly RangeTask[]): number[] {
  const largest = new Map<number, number>();
  for (const { file, bytes } of tasks) largest.set(file, Math.max(largest.get(file) ?? 0, bytes.end - bytes.start));
  return tasks.map((_, i) => i).sort((a, b) => largest.get(tasks[b]!.file)! - largest.get(tasks[a]!.file)! || a - b);
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

/** Errors of the file system and of opening; anything else is a bug of ours and must be seen. */
export function isUnreadable(error: unknown): error is Error {
  return error instanceof InputError || (error instanceof Error && (error as NodeJS.ErrnoException).syscall !== undefined);
}
