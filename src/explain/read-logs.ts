/** Reads whole logs, one after the other, for verbs that look at events one by one. */

import { closeArchives } from '../logs/archives/archive-cursor.ts';
import { listLogs, openSource, readSource } from '../logs/open/open.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import type { EventRecord } from '../model/event.ts';
import type { ReadOptions } from '../model/reader.ts';

export interface LogsRead {
  /** Logs that were read. */
  readonly files: readonly string[];
  readonly events: number;
  readonly diagnostics: readonly Diagnostic[];
}

/** Calls `onEvent` for each event of each log; the event is valid only until it returns. False ends reading. */
export async function readLogs(
  paths: readonly string[],
  onEvent: (event: EventRecord, file: string) => boolean | undefined,
  signal?: AbortSignal,
  shapes?: ReadOptions['shapes'],
): Promise<LogsRead> {
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  const files: string[] = [];
  let events = 0;
  const enough = new AbortController();
  const stopped = signal === undefined ? enough.signal : AbortSignal.any([signal, enough.signal]);
  for (const source of await listLogs(paths, report)) {
    if (stopped.aborted) break;
    const opened = await openSource(source, report);
    if (opened === null) continue;
    files.push(source.path);
    const sink = {
      event(event: EventRecord): void {
        if (stopped.aborted) return;
        events++;
        if (onEvent(event, source.path) === false) enough.abort();
      },
      diagnostic: report,
    };
    await readSource(opened, sink, { recover: false, verify: false, shapes }, { signal: stopped });
  }
  await closeArchives();
  return { files, events, diagnostics };
}
