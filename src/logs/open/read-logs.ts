/** Reads whole logs, one after the other, for verbs that look at events one by one. */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ThreadContext } from '../../engine/thread-context.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EventRecord } from '../../model/event.ts';
import type { ByteRange, ReadOptions } from '../../model/reader.ts';
import { closeArchives } from '../archives/archive-cursor.ts';
import { closeNested, openNested } from './nested.ts';
import { listLogs, type OpenedSource, type OpenOptions, openSource, readRange, readSource, type Source } from './open.ts';

export interface LogsRead {
  /** Logs that were read. */
  readonly files: readonly string[];
  readonly events: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Logs that were found in disk images. */
export interface FoundLogs {
  readonly sources: readonly Source[];
  /** Diagnostics of the search for these logs. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface LogOptions extends OpenOptions {
  /** Read after the logs at the paths, with what is left in their slack space. */
  readonly found?: FoundLogs | undefined;
  readonly archivePassword?: string | null | undefined;
  /** EVTX: where in the log to read; null: all of it. */
  readonly rangesOf?: (opened: OpenedSource) => readonly ByteRange[] | null;
  readonly shapes?: ReadOptions['shapes'] | undefined;
  /** EVTX: also records left over in slack space. Default: false. */
  readonly recover?: boolean | undefined;
  /** Its acceleration is used. Default: none. */
  readonly thread?: ThreadContext | undefined;
  /** Awaited now and then, so that reading waits for whoever writes what was found. */
  readonly drained?: () => Promise<void>;
}

/** Calls `onEvent` for each event of each log; the event is valid only until it returns. False ends reading. */
export async function readLogs(
  paths: readonly string[],
  onEvent: (event: EventRecord, file: string) => boolean | undefined,
  signal?: AbortSignal,
  options: LogOptions = {},
): Promise<LogsRead> {
  const { found, archivePassword, shapes, thread } = options;
  const diagnostics: Diagnostic[] = [...(found?.diagnostics ?? [])];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const files: string[] = [];
  let events = 0;
  const enough = new AbortController();
  const stopped = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  const ofFound = new Set(found?.sources);
  for (const source of [...(await listLogs(paths, report, { archivePassword, shapes, signal })), ...(found?.sources ?? [])]) {
    if (stopped.aborted) break;
    const opened = await openSource(source, report, { stdin: options.stdin, signal });
    if (opened === null) continue;
    files.push(source.path);
    let before = 0;
    let count = 0;
    const sink = {
      event(event: EventRecord): void {
        if (stopped.aborted) return;
        events++;
        // Ranges count their events from 0, and only live records have a position.
        if (!event.recovered) count = before + event.index + 1;
        if (before > 0 && !event.recovered) (event as { index: number }).index += before;
        if (onEvent(event, source.path) === false) enough.abort();
      },
      diagnostic: report,
    };
    const { locator } = opened;
    const recover = options.recover === true || ofFound.has(source);
    const read: ReadOptions = { recover, verify: false, shapes };
    const ranges = source.ranges ?? options.rangesOf?.(opened) ?? null;
    if (ranges === null) await readSource(opened, sink, read, { signal: stopped, drained: options.drained }, thread);
    for (const range of ranges ?? []) {
      if (stopped.aborted) break;
      before = source.ranges === undefined ? 0 : count;
      readRange(locator === undefined ? opened.name : openNested(locator), opened.format, range, sink, read, thread);
      await nextTurn();
      await options.drained?.();
    }
  }
  await closeArchives();
  closeNested();
  return { files, events, diagnostics };
}
