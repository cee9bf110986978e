/** What the library shows of readers and matcher: with this thread's acceleration, so that callers need not know of it. */
import { createMatcher as createPlainMatcher } from './engine/match/matcher.ts';
import { readRange as readRangeIn, readSource as readSourceIn } from './logs/open/open.ts';
import type { EventSink } from './model/event.ts';
import type { ReadStats } from './model/match.ts';
import type { ByteRange, ByteSource, ReadOptions } from './model/reader.ts';
import type { RuleSet } from './model/ruleset.ts';
import { thread } from './thread.ts';

/** Belongs to one thread. It finds the rules that are `wanted`: all by default. */
export function createMatcher(ruleSet: RuleSet, wanted?: (rule: number) => boolean): ReturnType<typeof createPlainMatcher> {
  return createPlainMatcher(ruleSet, wanted, thread.accelerator);
}

type SourceToRead = Parameters<typeof readSourceIn>[0];
type ReadHooks = Parameters<typeof readSourceIn>[3];
type Format = Parameters<typeof readRangeIn>[1];

/** Reads any source from beginning to end in bounded memory. */
export function readSource(opened: SourceToRead, sink: EventSink, options: ReadOptions, hooks?: ReadHooks): Promise<ReadStats> {
  return readSourceIn(opened, sink, options, hooks, thread);
}

/**
 * Reads every record that starts in `range` of a seekable source, synchronously. For worker threads: `format` may be a name,
 * because only that travels. `index` of the events counts from 0 in each range. Throws `InputError` when the file is gone.
 */
export function readRange(
  source: ByteSource | string,
  format: Format,
  range: ByteRange,
  sink: EventSink,
  options: ReadOptions,
): ReadStats {
  return readRangeIn(source, format, range, sink, options, thread);
}
