/**
 * In: opened sources and the rules. Out: every event read and matched, the matches in the store, and what was learned of each source.
 */
import type { OpenedSource } from '../../logs/open/open.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { cutTally } from '../account/tally.ts';
import { changeOf } from '../sources/held-files.ts';
import type { NamedSource } from '../sources/open-sources.ts';
import type { WorkerPool } from '../threads/pool.ts';
import { type RangeTask, SharedProgress } from '../threads/tasks.ts';
import type { RangeResult } from './range-scanner.ts';
import type { ReadyMatches } from './ready-matches.ts';
import { runTasks } from './run-tasks.ts';
import type { ScannedPart, ScannedSource } from './scanned-source.ts';
import type { Scanners } from './scanners.ts';
import { matchStream, type StreamPass } from './stream-pass.ts';
import { cutStretches } from './stretches.ts';

/** What the first pass works with. */
interface FirstPass extends StreamPass {
  readonly sources: readonly NamedSource[];
  readonly tasks: readonly RangeTask[];
  readonly scanners: Scanners;
  readonly serialized: Uint8Array | null;
  readonly pool: WorkerPool;
}

/** Reads every source and matches its events: files in ranges on all threads, then what can only be read from the beginning. */
export async function matchAll(pass: FirstPass, ready: ReadyMatches | null): Promise<ScannedSource[]> {
  const { sources, tasks, scanners, serialized, store, pool, hooks } = pass;
  const progress = new SharedProgress();
  const totalBytes = sources.reduce((sum, { opened }) => sum + (opened.size ?? 0), 0);
  const tell = (): void => hooks.onProgress?.({ ...progress.done, totalBytes });
  const stop = (): void => progress.stop();
  hooks.signal?.addEventListener('abort', stop);
  if (hooks.signal?.aborted) stop();

  const results: (RangeResult | undefined)[] = [];
  try {
    await runTasks({
      scanners,
      serialized,
      tasks,
      pool,
      progress,
      onBlock: (task, block) => {
        const from = store.size;
        store.appendSerialized(block, task);
        ready?.added(task, from);
      },
      onResult: (task, result) => {
        const { tally, stretches } = result;
        results[task.id] = {
          ...result,
          tally: cutTally(tally, tasks.length),
          stretches: cutStretches(stretches, tasks.length),
        };
        ready?.read(task, result.stats.records);
        tell();
      },
      onTurn: async () => ready?.handOver(),
    });
    const found: ScannedSource[] = [];
    let first = 0;
    for (const [file, { source, opened, ranges }] of sources.entries()) {
      const own = tasks.slice(first, first + ranges.length);
      first += ranges.length;
      const parts = own.flatMap((task): ScannedPart[] => {
        const result = results[task.id];
        if (result === undefined) return [];
        const { tally, stretches } = result;
        return [{ result, range: task.range, firstIndex: 0, again: { source, task, tally, stretches } }];
      });
      const scanned = opened.seekable
        ? { parts, ring: null, begun: parts.length > 0 || ranges.length === 0 }
        : await matchStream(source, opened, file, pass, progress, tell);
      const change = hooks.signal?.aborted ? null : changeOfSource(opened, scanned.parts);
      const whole = opened.seekable && source.ranges === undefined && parts.length === ranges.length;
      const missing = whole
        ? opened.format.missing?.(
            source.path,
            parts.map(({ result }) => result.stats),
          )
        : undefined;
      found.push({ source, change, missing, ...scanned });
    }
    return found;
  } finally {
    hooks.signal?.removeEventListener('abort', stop);
  }
}

function changeOfSource({ name, found, seekable }: OpenedSource, parts: readonly ScannedPart[]): Diagnostic | null {
  if (found === null) return null;
  const read = parts.reduce((sum, { result }) => sum + result.stats.bytes, 0);
  return changeOf(name, found, seekable ? read : null);
}
