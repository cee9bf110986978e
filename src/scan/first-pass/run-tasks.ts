/**
 * The first pass: runs the tasks of a scan on this thread and on those of a pool. In: a rule set and tasks. Out: blocks of matches
 * and one result per task, in any order. Threads take tasks from a shared counter. Only ranges are sent to them, never bytes.
 */

import { setImmediate as nextTurn } from 'node:timers/promises';
import { serializeRuleSet } from '../../engine/rule-cache/serialize.ts';
import { formatOf } from '../../logs/open/open.ts';
import { emptyStats } from '../../logs/stats.ts';
import type { Diagnostic } from '../../model/diagnostic.ts';
import { giveBack } from '../threads/block-loans.ts';
import type { WorkerPool } from '../threads/pool.ts';
import { handOutOrder, isUnreadable, type RangeTask, readTask, type SharedProgress } from '../threads/tasks.ts';
import { Paused, type RangeResult, type RangeScanner } from './range-scanner.ts';
import type { Scanners } from './scanners.ts';

export interface Job {
  readonly scanners: Scanners;
  /** The serialised rule set for threads, perhaps with another `silent`; null when it has not been serialised yet. */
  readonly serialized: Uint8Array | null;
  readonly tasks: readonly RangeTask[];
  readonly pool: WorkerPool;
  readonly progress: SharedProgress;
  readonly onBlock: (task: RangeTask, block: Uint8Array) => void;
  readonly onResult: (task: RangeTask, result: RangeResult) => void;
  /** Awaited every now and then, between two tasks of this thread. */
  readonly onTurn: () => Promise<void>;
}

/**
 * Reads and matches one task. A source that is gone or unreadable by now costs only its tasks. With `mayPause`, a task that takes
 * long yields, so that others get their turn, such as handlers of signals. A scan that has been stopped by then ends there.
 */
export function* runTask(
  scanner: RangeScanner,
  task: RangeTask,
  progress: SharedProgress,
  onBlock: (block: Uint8Array) => void,
  mayPause: () => boolean,
): Generator<undefined, RangeResult> {
  const { read } = scanner.reading;
  // Recovered records have no order by which they could be found again.
  if (read.recover) scanner.start(task.name, onBlock);
  else scanner.start(task.name, onBlock, mayPause, formatOf(task.format).partAt);
  let stats = emptyStats(task.format);
  for (let paused = true; paused; ) {
    paused = false;
    try {
      stats = readTask(task, scanner, read, scanner.thread);
    } catch (error) {
      if (error instanceof Paused) {
        yield;
        paused = !progress.stopped;
        if (paused) scanner.resume();
        else stats.records = scanner.events;
      } else if (isUnreadable(error)) scanner.diagnostic(unreadable(task, error));
      else throw error;
    }
  }
  const result = scanner.finish(stats);
  progress.add(task.bytes.end - task.bytes.start, stats.records, result.matches);
  return result;
}

function unreadable(task: RangeTask, error: Error): Diagnostic {
  return {
    code: 'input/unreadable',
    severity: 'error',
    message: `reading failed: ${error.message}.`,
    hint: 'What was read before stands.',
    place: { file: task.name, offset: task.bytes.start },
  };
}

/**
 * Bytes read between two turns of the event loop: some milliseconds. A turn for every small file would cost a tenth of the time.
 */
const BYTES_PER_TURN = 1 << 20;

/** Takes tasks until none is left, with turns of the event loop between them. */
export async function runTasks(job: Job): Promise<void> {
  const { scanners, tasks, progress, onBlock, onResult, onTurn } = job;
  if (tasks.length === 0) return;
  const order = handOutOrder(tasks);
  const helping = help(job, order);
  // Awaited below. Until then a failure must not count as unhandled, and no thread shall go on for nothing.
  helping.catch(() => progress.stop());
  const scanner = scanners.shared;
  let bytes = 0;
  for (let i = progress.next(); i < order.length && !progress.stopped; i = progress.next()) {
    const task = tasks[order[i]!]!;
    const run = runTask(
      scanner,
      task,
      progress,
      (block) => onBlock(task, block),
      () => true,
    );
    let step = run.next();
    for (; step.done !== true; step = run.next()) await nextTurn();
    onResult(task, step.value);
    bytes += task.bytes.end - task.bytes.start;
    if (bytes < BYTES_PER_TURN) continue;
    bytes = 0;
    await nextTurn();
    await onTurn();
  }
  await helping;
}

async function help(
  { scanners: { ruleSet, reading }, serialized, tasks, pool, progress, onBlock, onResult }: Job,
  order: number[],
): Promise<void> {
  const helpers = Math.min(pool.size, tasks.length - 1);
  if (helpers === 0) return;
  const rules = shared(serialized ?? serializeRuleSet(ruleSet));
  const { silent } = ruleSet;
  await pool.run(helpers, { kind: 'match', rules, silent, reading, tasks, order, progress: progress.memory }, (message) => {
    if (message.kind === 'block') {
      onBlock(tasks[message.task]!, message.block);
      giveBack(message.block);
    } else if (message.kind === 'result') onResult(tasks[message.task]!, message.result);
  });
}

/** The same bytes in memory that threads share, so that they are not copied for each. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
