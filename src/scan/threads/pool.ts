/**
 * Worker threads for the length of a scan. In: orders, plain data. Out: what each worker says until it is done with the order.
 * Workers start while the main thread still reads rules. They stay for the second pass, because by then they know the logs and
 * the runtime knows their code. Where there is no worker bundle beside this one (sources run directly) the pool is empty.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { LookbackPartial, LookbackPlan } from '../../findings/lookback/lookback-plan.ts';
import type { ReadOptions } from '../../model/reader.ts';
import type { RangeResult, Reading } from '../first-pass/range-scanner.ts';
import type { ContextTask } from '../look-back/read-context.ts';
import type { RangeTask } from './tasks.ts';

/** Take tasks by the shared counter `progress`, in the order of `order`, until there are none. */
export type WorkerOrder =
  | {
      readonly kind: 'match';
      /** A serialised rule set. */
      readonly rules: Uint8Array;
      /** Replaces the `silent` of the rule set. */
      readonly silent: readonly boolean[];
      readonly reading: Reading;
      readonly tasks: readonly RangeTask[];
      readonly order: readonly number[];
      readonly progress: SharedArrayBuffer;
    }
  | {
      readonly kind: 'look-back';
      readonly plan: LookbackPlan;
      readonly tasks: readonly ContextTask[];
      readonly read: ReadOptions;
      readonly progress: SharedArrayBuffer;
    };

export type WorkerMessage =
  /** `block` is lent, see block-loans.ts. */
  | { readonly kind: 'block'; readonly task: number; readonly block: Uint8Array }
  | { readonly kind: 'result'; readonly task: number; readonly result: RangeResult }
  | { readonly kind: 'partial'; readonly partial: LookbackPartial; readonly complete: boolean }
  | { readonly kind: 'done' };

const WORKER = new URL('./worker.js', import.meta.url);

export class WorkerPool {
  readonly #members: Member[] = [];

  constructor(size: number) {
    if (size <= 0 || !existsSync(fileURLToPath(WORKER))) return;
    for (let i = 0; i < size; i++) this.#members.push(new Member());
  }

  get size(): number {
    return this.#members.length;
  }

  /** Gives an order to the first `count` workers. Rejects as soon as one of them fails. */
  async run(count: number, order: WorkerOrder, onMessage: (message: WorkerMessage) => void): Promise<void> {
    await Promise.all(this.#members.slice(0, count).map((member) => member.run(order, onMessage)));
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((member) => member.close()));
  }
}

class Member {
  readonly #worker = new Worker(WORKER);
  #onMessage: (message: WorkerMessage) => void = () => {};
  #done: () => void = () => {};
  #failed: (error: Error) => void = () => {};
  #failure: Error | null = null;

  constructor() {
    this.#worker.on('message', (message: WorkerMessage) => {
      if (message.kind === 'done') return this.#done();
      // An error thrown out of here would end the process at once, with the wrong exit code and with unfinished files left
      // behind.
      try {
        this.#onMessage(message);
      } catch (error) {
        this.#fail(error);
      }
    });
    this.#worker.on('error', (error) => this.#fail(error));
    this.#worker.on('exit', (code) => this.#fail(new Error(`a worker thread ended with code ${code}`)));
  }

  run(order: WorkerOrder, onMessage: (message: WorkerMessage) => void): Promise<void> {
    this.#onMessage = onMessage;
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#done = resolve;
      this.#failed = reject;
      this.#worker.postMessage(order);
    });
  }

  async close(): Promise<void> {
    await this.#worker.terminate();
  }

  #fail(error: unknown): void {
    this.#failure ??= error instanceof Error ? error : new Error(String(error));
    this.#failed(this.#failure);
  }
}
