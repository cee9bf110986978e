/**
 * In: sources as they were listed. Out: those that can be opened, each with the ranges in which it is read. What cannot be opened is
 * a diagnostic.
 */
import { type OpenedSource, type OpenOptions, openSource, type Source, sourceRanges } from '../../logs/open/open.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { ByteRange, ReadOptions } from '../../model/reader.ts';
import { type RangeTask, TASK_BYTES } from '../threads/tasks.ts';
import type { HeldFiles } from './held-files.ts';

export interface NamedSource {
  readonly source: Source;
  /** Without the first bytes of the source, because a folder may have a hundred thousand files. */
  readonly opened: OpenedSource;
  readonly ranges: readonly ByteRange[];
}

const NO_HEAD = Buffer.alloc(0);

export async function openAll(
  listed: readonly Source[],
  held: HeldFiles,
  { recover }: Pick<ReadOptions, 'recover'>,
  { stdin, signal }: OpenOptions,
): Promise<{ readonly sources: readonly NamedSource[]; readonly diagnostics: readonly Diagnostic[] }> {
  const sources: NamedSource[] = [];
  const diagnostics: Diagnostic[] = [];
  const report = (diagnostic: Diagnostic): void => void diagnostics.push(diagnostic);
  for (const source of listed) {
    if (signal?.aborted) break;
    const opened = await openSource(source, report, { stdin, signal });
    if (opened === null) continue;
    // A record in slack may be a copy of one anywhere in its log, so such a log is read as one range.
    const target = recover && !opened.format.text ? Number.MAX_SAFE_INTEGER : TASK_BYTES;
    const ranges = opened.seekable ? (source.ranges ?? sourceRanges(opened, target)) : [];
    const found = opened.found !== null && ranges.length > 1 ? held.hold(source.path, opened.found) : opened.found;
    sources.push({ source, opened: { ...opened, found, head: NO_HEAD }, ranges });
  }
  return { sources, diagnostics };
}

/** What threads take one by one, by file and range. */
export function tasksOf(sources: readonly NamedSource[]): RangeTask[] {
  const tasks = sources.flatMap(({ source, opened, ranges }, file) =>
    ranges.map((bytes, range) => {
      return { file, range, name: source.path, found: opened.found, locator: opened.locator, format: opened.format.name, bytes };
    }),
  );
  return tasks.map((task, id) => ({ ...task, id }));
}
