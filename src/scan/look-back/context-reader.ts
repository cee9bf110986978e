/**
 * Events around matches, read again. In: the sources of a scan with what the first pass learned of each part (times, computers,
 * number of its first record). Out: calls of the look-back collector. Parts that cannot hold anything wanted are skipped, ranges
 * are read on all threads, and what could not be read twice comes from the ring that was filled in the first pass.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ThreadContext } from '../../engine/thread-context.ts';
import type { ContextReader } from '../../findings/judge-matches.ts';
import { type RingContext, visitRing } from '../../findings/lookback/context-ring.ts';
import type { LookbackCollector } from '../../findings/lookback/lookback.ts';
import type { LookbackPartial, LookbackPlan } from '../../findings/lookback/lookback-plan.ts';
import { openSource, readSource, type Source } from '../../logs/open/open.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import type { EventSink } from '../../model/event.ts';
import type { ReadOptions } from '../../model/reader.ts';
import { OTHERS, type Tally } from '../account/tally.ts';
import { type Stretch, wantedStretches } from '../first-pass/stretches.ts';
import type { WorkerPool } from '../threads/pool.ts';
import { SharedProgress } from '../threads/tasks.ts';
import { copiedStretches } from './copied-stretches.ts';
import { type ContextTask, contextSink, readContextTask, supplyFrom, supplySink } from './read-context.ts';
import type { ReadPart } from './read-part.ts';

export interface ContextSources {
  readonly parts: readonly ReadPart[];
  readonly rings: readonly RingContext[];
  readonly read: ReadOptions;
  readonly thread: ThreadContext;
  readonly pool: WorkerPool;
  readonly signal: AbortSignal | undefined;
}

export class SourceContextReader implements ContextReader {
  readonly #sources: ContextSources;

  constructor(sources: ContextSources) {
    this.#sources = sources;
  }

  async read(plan: LookbackPlan, collector: LookbackCollector): Promise<{ readonly capped: boolean }> {
    const { parts, rings, signal } = this.#sources;
    for (const ring of rings) visitRing(ring, collector);
    const wantedParts = parts.filter(({ tally }) => wanted(tally, collector));
    const inTime = ({ fromUs, toUs }: Stretch): boolean => collector.wants(fromUs, toUs);
    const copied = plan.copies ? copiedStretches(wantedParts, inTime) : null;
    const tasks = wantedParts.flatMap((part) => {
      const starts = copied?.get(part);
      return contextTaskOf(part, (stretch) => starts?.has(stretch.start) !== true && inTime(stretch)) ?? [];
    });
    let complete = !rings.some((ring) => ring.capped);
    if (!(await this.#readTasks(tasks, plan, collector))) complete = false;
    for (const { source, task } of wantedParts) {
      if (task === null && !(await this.#readWhole(source, contextSink(collector, source.path, 0)))) complete = false;
    }
    return { capped: !complete || signal?.aborted === true };
  }

  async supply(collector: LookbackCollector): Promise<boolean> {
    const { parts, read, thread, signal } = this.#sources;
    let complete = true;
    for (const { source, task, firstIndex } of parts) {
      if (collector.wantedIn(source.path) === null) continue;
      if (signal?.aborted) return false;
      if (task === null) {
        if (!(await this.#readWhole(source, supplySink(collector, source.path, 0)))) complete = false;
      } else if (!supplyFrom({ task, firstIndex }, collector, read, thread)) complete = false;
      await nextTurn();
    }
    return complete;
  }

  async #readTasks(tasks: readonly ContextTask[], plan: LookbackPlan, collector: LookbackCollector): Promise<boolean> {
    const { read, thread, signal } = this.#sources;
    const progress = new SharedProgress();
    const stop = (): void => progress.stop();
    signal?.addEventListener('abort', stop);
    if (signal?.aborted) stop();
    try {
      const partials: LookbackPartial[] = [];
      let complete = true;
      const helping = this.#help(tasks, plan, progress, (partial, all) => {
        partials.push(partial);
        complete = complete && all;
      });
      helping.catch(stop);
      for (let i = progress.next(); i < tasks.length && !progress.stopped; i = progress.next()) {
        if (!readContextTask(tasks[i]!, collector, read, thread)) complete = false;
        await nextTurn();
      }
      await helping;
      for (const partial of partials) collector.absorb(partial);
      return complete;
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  async #help(
    tasks: readonly ContextTask[],
    plan: LookbackPlan,
    progress: SharedProgress,
    onPartial: (partial: LookbackPartial, complete: boolean) => void,
  ): Promise<void> {
    const { pool, read } = this.#sources;
    const helpers = Math.min(pool.size, tasks.length - 1);
    if (helpers <= 0) return;
    await pool.run(helpers, { kind: 'look-back', plan, tasks, read, progress: progress.memory }, (message) => {
      if (message.kind === 'partial') onPartial(message.partial, message.complete);
    });
  }

  async #readWhole(source: Source, { event }: EventSink): Promise<boolean> {
    const { read, thread, signal } = this.#sources;
    if (signal?.aborted) return false;
    // The source is gone or has changed since it was read. Look-back then says that it is incomplete.
    let complete = true;
    const opened = await openSource(source, () => {});
    if (opened === null) return false;
    const diagnostic = ({ code }: Diagnostic): void => {
      if (code === 'input/unreadable') complete = false;
    };
    await readSource(opened, { event, diagnostic }, read, { signal }, thread);
    return complete;
  }
}

/** The range again, or those of its stretches that are wanted. */
function contextTaskOf({ task, firstIndex, stretches }: ReadPart, wants: (stretch: Stretch) => boolean): ContextTask | null {
  if (task === null) return null;
  if (stretches.length === 0) return { task, parts: [{ bytes: task.bytes, firstIndex }] };
  const parts = wantedStretches(stretches, task.bytes.end, wants);
  return {
    task,
    parts: parts.map(({ start, end, firstIndex: first }) => ({ bytes: { start, end }, firstIndex: firstIndex + first })),
  };
}

function wanted({ times, computers }: Tally, collector: LookbackCollector): boolean {
  return (
    times !== null &&
    collector.wants(times.from.timeUs, times.to.timeUs) &&
    computers.some(([computer]) => computer === OTHERS || collector.wantsComputer(computer))
  );
}
