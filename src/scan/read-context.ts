/**
 * The second pass over ranges of files: shows events around matches to a look-back collector. In: ranges and the number of their
 * first records. Out: calls of `visit`; false when a file is gone or has changed. The same on every thread.
 */
import type { EventSink } from '../model/event.ts';
import type { ReadOptions } from '../model/reader.ts';
import { readRange } from '../read/open.ts';
import type { LookbackCollector } from '../window/lookback.ts';
import { isUnreadable } from './run-tasks.ts';
import type { RangeTask } from './tasks.ts';

/** A range to read again. Plain data: crosses threads. */
export interface ContextTask {
  readonly task: RangeTask;
  /** Number of its first record in the file. */
  readonly firstIndex: number;
}

/** True when all of the range could be read. */
export function readContextTask({ task, firstIndex }: ContextTask, collector: LookbackCollector, read: ReadOptions): boolean {
  try {
    readRange(task.name, task.format, task.bytes, contextSink(collector, task.name, firstIndex), read);
    return true;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return false;
  }
}

export function contextSink(collector: LookbackCollector, file: string, firstIndex: number): EventSink {
  return {
    event: (event) => collector.visit(event, file, firstIndex),
    // The first pass has reported what is wrong with the source.
    diagnostic: () => {},
  };
}
