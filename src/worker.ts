/** The entry of a worker thread: takes ranges from the shared counter, posts blocks of matches and a result per range. */
import { parentPort, workerData } from 'node:worker_threads';
import { deserializeRuleSet } from './compile/serialize.ts';
import { createMatcher } from './match/matcher.ts';
import { runTask, type WorkerJob, type WorkerMessage } from './scan/pool.ts';
import { RangeScanner } from './scan/range-scanner.ts';
import { SharedProgress } from './scan/tasks.ts';

// Always what `pool.ts` has put there.
const job = workerData as WorkerJob;
const progress = new SharedProgress(job.progress);

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message, message.kind === 'block' ? [message.block.buffer as ArrayBuffer] : []);
}

const ruleSet = deserializeRuleSet(Buffer.from(job.rules));
const scanner = new RangeScanner(ruleSet, createMatcher(ruleSet), job.times);
for (let i = progress.next(); i < job.order.length && !progress.stopped; i = progress.next()) {
  const number = job.order[i]!;
  const task = job.tasks[number]!;
  const result = runTask(scanner, task, job.read, progress, (block) => post({ kind: 'block', task: number, block }));
  post({ kind: 'result', task: number, result });
}
