/**
 * The second pass over ranges of files: shows events around matches to a look-back collector. In: ranges and the number of their
 * first records. Out: calls of `visit`; false when a file is gone or has changed. The same on every thread.
 */

import type { ThreadContext } from '../../engine/thread-context.ts';
import type { LookbackCollector } from '../../findings/lookback/lookback.ts';
import { formatOf, readRange } from '../../logs/open/open.ts';
import { type EventSink, type EventSnapshot, type FieldValue, snapshotEvent } from '../../model/event.ts';
import type { ByteRange, ReadOptions } from '../../model/reader.ts';
import { isUnreadable, type RangeTask, readTask, withSource } from '../threads/tasks.ts';

/** What to read again of a range. Plain data, because it is sent between threads. */
export interface ContextTask {
  readonly task: RangeTask;
  /** Parts of the range. `firstIndex` is the number of a part's first record in the file. */
  readonly parts: readonly { readonly bytes: ByteRange; readonly firstIndex: number }[];
}

/** True when all of it could be read. */
export function readContextTask(
  { task, parts }: ContextTask,
  collector: LookbackCollector,
  read: ReadOptions,
  thread: ThreadContext,
): boolean {
  try {
    withSource(task, (source) => {
      for (const { bytes, firstIndex } of parts) {
        readRange(source, task.format, bytes, contextSink(collector, task.name, firstIndex), read, thread);
      }
    });
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

/** Longer values of related events are cut: they are shown in a line or two. */
const MAX_TEXT = 4096;

/** Gives the collector the events of a range that it wants in full. True when all of it could be read. */
export function supplyFrom(
  { task, firstIndex }: { readonly task: RangeTask; readonly firstIndex: number },
  collector: LookbackCollector,
  read: ReadOptions,
  thread: ThreadContext,
): boolean {
  const { start, end } = task.bytes;
  const offsets = [...(collector.wantedIn(task.name) ?? [])].filter((offset) => offset >= start && offset < end);
  if (offsets.length === 0) return true;
  const first = offsets.reduce((a, b) => Math.min(a, b));
  const last = offsets.reduce((a, b) => Math.max(a, b));
  const { partAt, isWhole } = formatOf(task.format);
  let bytes: ByteRange = task.bytes;
  if (partAt !== undefined) bytes = { start: partAt(first).start, end: Math.min(end, partAt(last).end) };
  // Reading begins at a record, because the one before may be far: a log that cannot be cut is read from its beginning.
  else if (isWhole !== true) bytes = { start: first, end: last + 1, atRecord: true };
  try {
    readTask(task, supplySink(collector, task.name, bytes.start === start ? firstIndex : 0), read, thread, bytes);
    return true;
  } catch (error) {
    if (!isUnreadable(error)) throw error;
    return false;
  }
}

export function supplySink(collector: LookbackCollector, file: string, firstIndex: number): EventSink {
  const wanted = collector.wantedIn(file);
  return {
    event: (event) => {
      if (wanted?.has(event.offset) !== true) return;
      const snapshot = shortened(snapshotEvent(event, file));
      collector.hold(firstIndex === 0 ? snapshot : { ...snapshot, index: snapshot.index + firstIndex });
    },
    diagnostic: () => {},
  };
}

function shortened(snapshot: EventSnapshot): EventSnapshot {
  // WMI events stay whole, because the script of a consumer is decoded.
  if (!Object.values(snapshot.data).some(isLong) || snapshot.EventID === 20 || snapshot.EventID === 5861) return snapshot;
  const data: Record<string, FieldValue> = Object.create(null);
  for (const [name, value] of Object.entries(snapshot.data)) {
    // A copy: a slice would keep the whole text alive.
    data[name] = isLong(value) ? Buffer.from(value.slice(0, MAX_TEXT), 'utf16le').toString('utf16le') : value;
  }
  return { ...snapshot, data };
}

function isLong(value: FieldValue): value is string {
  return typeof value === 'string' && value.length > MAX_TEXT;
}
