/** The entry of a worker thread. It carries out orders of the main thread one after the other; see `scan/threads/pool.ts`. */
import { parentPort } from 'node:worker_threads';
import { deserializeRuleSet } from './engine/rule-cache/serialize.ts';
import { LookbackCollector } from './findings/lookback/lookback.ts';
import { assertNever } from './model/errors.ts';
import { RangeScanner } from './scan/first-pass/range-scanner.ts';
import { runTask } from './scan/first-pass/run-tasks.ts';
import { readContextTask } from './scan/look-back/read-context.ts';
import { loadOpeners } from './scan/sources/openers.ts';
import { BlockLender } from './scan/threads/block-loans.ts';
import type { WorkerMessage, WorkerOrder } from './scan/threads/pool.ts';
import { SharedProgress } from './scan/threads/tasks.ts';
import { thread } from './thread.ts';

function post(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

const lender = new BlockLender();

function matchTasks({ rules, silent, reading, tasks, order, progress: memory }: Extract<WorkerOrder, { kind: 'match' }>): void {
  const progress = new SharedProgress(memory);
  const ruleSet = { ...deserializeRuleSet(Buffer.from(rules)), silent };
  const scanner = new RangeScanner(ruleSet, reading, thread);
  for (let i = progress.next(); i < order.length && !progress.stopped; i = progress.next()) {
    const number = order[i]!;
    const onBlock = (block: Uint8Array): void => post({ kind: 'block', task: number, block: lender.lend(block) });
    const run = runTask(scanner, tasks[number]!, progress, onBlock, () => progress.stopped);
    let step = run.next();
    while (step.done !== true) step = run.next();
    post({ kind: 'result', task: number, result: step.value });
  }
}

function lookBack({ plan, tasks, read, progress: memory }: Extract<WorkerOrder, { kind: 'look-back' }>): void {
  const progress = new SharedProgress(memory);
  const collector = new LookbackCollector(plan);
  let complete = true;
  for (let i = progress.next(); i < tasks.length && !progress.stopped; i = progress.next()) {
    if (!readContextTask(tasks[i]!, collector, read, thread)) complete = false;
  }
  post({ kind: 'partial', partial: collector.partial(), complete });
}

parentPort?.on('message', async (order: WorkerOrder) => {
  await loadOpeners(order.kind === 'match' ? order.tasks : order.tasks.map(({ task }) => task));
  switch (order.kind) {
    case 'match':
      matchTasks(order);
      break;
    case 'look-back':
      lookBack(order);
      break;
    default:
      assertNever(order);
  }
  post({ kind: 'done' });
});
