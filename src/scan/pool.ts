/**
 * Runs the tasks of a scan on this thread and on worker threads. In: a rule set and tasks. Out: blocks of matches and one result
 * per task, in any order. Workers get the rules as one buffer and take ranges from a shared counter: ranges travel, bytes do not.
 */
import { existsSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { serializeRuleSet } from '../compile/serialize.ts';
import { createMatcher } from '../match/matcher.ts';
import type { Diagnostic } from '../model/diagnostic.ts';
import { InputError } from '../model/errors.ts';
import type { ReadOptions } from '../model/reader.ts';
import type { RuleSet } from '../model/ruleset.ts';
import { readRange } from '../read/open.ts';
import { emptyStats } from '../read/stats.ts';
import { type RangeResult, RangeScanner, type TimeFilter } from './range-scanner.ts';
import { handOutOrder, type RangeTask, type SharedProgress } from './tasks.ts';

export interface Job {
  readonly ruleSet: RuleSet;
  readonly tasks: readonly RangeTask[];
  readonly times: TimeFilter;
  readonly read: ReadOptions;
  /** Threads in all, this one included. */
  readonly threads: number;
  readonly progress: SharedProgress;
  readonly onBlock: (task: RangeTask, block: Uint8Array) => void;
  readonly onResult: (task: RangeTask, result: RangeResult) => void;
}

/** What a worker is started with. */
export interface WorkerJob {
  readonly rules: Uint8Array;
  readonly tasks: readonly RangeTask[];
  readonly order: readonly number[];
  readonly times: TimeFilter;
  readonly read: ReadOptions;
  readonly progress: SharedArrayBuffer;
}

/** What a worker says. */
export type WorkerMessage =
  | { readonly kind: 'block'; readonly task: number; readonly block: Uint8Array }
  | { readonly kind: 'result'; readonly task: number; readonly result: RangeResult };

/** One bundle beside this one; absent when the sources are run directly (tests), then there is one thread. */
const WORKER = new URL('./worker.js', import.meta.url);

export function workersAvailable(): boolean {
  return existsSync(fileURLToPath(WORKER));
}

/** Reads and matches one task. A source that is gone or unreadable by now costs its tasks, not the scan. */
export function runTask(
  scanner: RangeScanner,
  task: RangeTask,
  read: ReadOptions,
  progress: SharedProgress,
  onBlock: (block: Uint8Array) => void,
): RangeResult {
  scanner.start(task.name, onBlock);
  let stats = emptyStats(task.format);
  try {
    stats = readRange(task.name, task.format, task.bytes, scanner, read);
  } catch (error) {
    // Errors of the file system and of opening; anything else is a bug of ours and must be seen.
    if (!(error instanceof InputError) && (error as NodeJS.ErrnoException).syscall === undefined) throw error;
    scanner.diagnostic(unreadable(task, error as Error));
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

/** Takes tasks until none is left, with a turn of the event loop after each. */
export async function runTasks(job: Job): Promise<void> {
  const { ruleSet, tasks, times, read, progress, onBlock, onResult } = job;
  const order = handOutOrder(tasks);
  const helpers = startWorkers(job, order);
  try {
    if (tasks.length > 0) {
      const scanner = new RangeScanner(ruleSet, createMatcher(ruleSet), times);
      for (let i = progress.next(); i < order.length && !progress.stopped; i = progress.next()) {
        const task = tasks[order[i]!]!;
        onResult(
          task,
          runTask(scanner, task, read, progress, (block) => onBlock(task, block)),
        );
        await nextTurn();
      }
    }
    await Promise.all(helpers.map(({ done }) => done));
  } finally {
    await Promise.all(helpers.map(({ worker }) => worker.terminate()));
  }
}

function startWorkers(job: Job, order: readonly number[]): { worker: Worker; done: Promise<void> }[] {
  const count = Math.min(job.threads, job.tasks.length) - 1;
  if (count <= 0 || !workersAvailable()) return [];
  const rules = shared(serializeRuleSet(job.ruleSet));
  return Array.from({ length: count }, () => {
    const workerData: WorkerJob = {
      rules,
      tasks: job.tasks,
      order,
      times: job.times,
      read: job.read,
      progress: job.progress.memory,
    };
    const worker = new Worker(WORKER, { workerData });
    const done = new Promise<void>((resolve, reject) => {
      worker.on('message', (message: WorkerMessage) => {
        const task = job.tasks[message.task]!;
        if (message.kind === 'block') job.onBlock(task, message.block);
        else job.onResult(task, message.result);
      });
      worker.on('error', reject);
      worker.on('exit', (code) => {
        if (code === 0) resolve();
        else reject(new Error(`a worker thread ended with code ${code}`));
      });
    });
    // Awaited later; until then an early failure must not count as unhandled.
    done.catch(() => job.progress.stop());
    return { worker, done };
  });
}

/** The same bytes in memory that threads share, so that they are not copied for each. */
function shared(bytes: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length));
  copy.set(bytes);
  return copy;
}
