/**
 * The first pass over what can only be read from the beginning: a pipe, a member of an archive. In: an opened source. Out: its matches
 * in the store, and its result as one part.
 */
import type { MatchStore } from '../../findings/store/match-store.ts';
import { type OpenedSource, readSource, type Source } from '../../logs/open/open.ts';
import type { ScanHooks } from '../hooks.ts';
import type { SharedProgress } from '../threads/tasks.ts';
import type { ScannedSource } from './scanned-source.ts';
import type { Scanners } from './scanners.ts';
import { NO_STRETCHES } from './stretches.ts';

/** What the pass works with. */
export interface StreamPass {
  readonly store: MatchStore;
  readonly scanners: Scanners;
  readonly hooks: Pick<ScanHooks, 'onProgress' | 'signal'>;
}

/** Reads one source from beginning to end on this thread. What cannot be read twice leaves its context in a ring. */
export async function matchStream(
  source: Source,
  opened: OpenedSource,
  file: number,
  { store, hooks, scanners }: StreamPass,
  progress: SharedProgress,
  tell: () => void,
): Promise<Pick<ScannedSource, 'parts' | 'ring' | 'begun'>> {
  if (hooks.signal?.aborted) return { parts: [], ring: null, begun: false };
  const task = { file, range: 0 };
  const scanner = scanners.for(source);
  const { ring, thread } = scanner;
  scanner.start(source.path, (block) => store.appendSerialized(block, task));
  let bytesTold = 0;
  const stats = await readSource(
    opened,
    scanner,
    scanner.reading.read,
    {
      signal: hooks.signal,
      busy: () => scanner.busy(),
      onProgress: (bytes) => {
        progress.add(bytes - bytesTold, 0, 0);
        bytesTold = bytes;
        tell();
      },
    },
    thread,
  );
  const result = scanner.finish(stats);
  progress.add(0, stats.records, result.matches);
  const again = ring === null ? { source, task: null, tally: result.tally, stretches: NO_STRETCHES } : null;
  return { parts: [{ result, range: 0, firstIndex: 0, again }], ring: ring?.context() ?? null, begun: true };
}
