/**
 * Which matches may be handed out while the scan still runs: those of ranges that have been read, up to the first that has
 * not. In: blocks and results of the ranges, in any order. Out: positions in the store, in file order, each once, without copies.
 */
import { ownNotes } from '../../findings/judge-matches.ts';
import type { MatchStore } from '../../findings/store/match-store.ts';
import { SPOOL_MEMORY_BYTES } from '../../findings/store/spool.ts';
import { getOrInsert } from '../../model/values/maps.ts';
import type { ScanHooks } from '../hooks.ts';
import type { ScanRules } from '../scan-rules.ts';
import { type ScannedMatchText, textOf } from '../scanned-matches.ts';
import type { NamedSource } from '../sources/open-sources.ts';
import type { RangeTask } from '../threads/tasks.ts';

/**
 * Soon enough for somebody who watches. Printing after every range would cost 3 % of a scan, in the caches of reading and
 * printing.
 */
export const INTERVAL_MS = 200;
/** Matches are handed out sooner when the store has so many bytes in memory, so that they need not be read back from a file. */
const ENOUGH_BYTES = SPOOL_MEMORY_BYTES / 4;

export class ReadyMatches {
  readonly #store: MatchStore;
  readonly #tasks: readonly RangeTask[];
  readonly #clock: () => number;
  readonly #use: (positions: Iterable<number>) => Promise<void>;
  readonly #keep: boolean;
  readonly #copies: boolean;
  /** Task id -> for each of its blocks, the first position and the one after the last. */
  readonly #blocks = new Map<number, number[]>();
  /** Task id -> how many records it has, once it has been read. */
  readonly #records: (number | undefined)[] = [];
  /** The first task not yet handed out, and the number of its first record in its file. */
  #next = 0;
  #firstIndex = 0;
  /** How many have been handed out: those positions are the first in file order. */
  taken = 0;
  #handedOver: number;

  /** `tasks` are the first ones of the scan in file order, with none left out in between; their ids count from 0. `clock` tells
   * milliseconds. `use` reads the positions that it is given to the end. Without `keep`, the store no longer has them after that.
   * Without `copies`, a record that was there before is left out. */
  constructor(
    store: MatchStore,
    tasks: readonly RangeTask[],
    clock: () => number,
    use: (positions: Iterable<number>) => Promise<void>,
    keep = true,
    copies = false,
  ) {
    this.#copies = copies;
    this.#keep = keep;
    this.#clock = clock;
    this.#handedOver = clock();
    this.#use = use;
    this.#store = store;
    this.#tasks = tasks;
  }

  /** To be called when matches of `task` have been added to the store: those from position `from` on. */
  added({ id }: RangeTask, from: number): void {
    getOrInsert(this.#blocks, id, () => []).push(from, this.#store.size);
  }

  read({ id }: RangeTask, records: number): void {
    this.#records[id] = records;
  }

  /** Hands out what has become ready since the last time, unless that was just now. */
  async handOver(): Promise<void> {
    const now = this.#clock();
    if (now - this.#handedOver < INTERVAL_MS && this.#store.held < ENOUGH_BYTES) return;
    await this.#use(this.#take());
    this.#handedOver = this.#clock();
  }

  *#take(): Generator<number> {
    for (;;) {
      const task = this.#tasks[this.#next];
      const records = this.#records[this.#next];
      if (task === undefined || records === undefined) return;
      this.#next++;
      if (task.range === 0) this.#firstIndex = 0;
      this.#store.setFirstIndex(task, this.#firstIndex);
      this.#firstIndex += records;
      const blocks = this.#blocks.get(task.id) ?? [];
      this.#blocks.delete(task.id);
      const ordered = this.#store.inOrder(positionsOf(blocks));
      const positions = this.#copies ? ordered : this.#store.withoutCopies(ordered);
      this.taken += positions.length;
      yield* positions;
      if (!this.#keep) this.#release(blocks);
    }
  }

  #release(blocks: readonly number[]): void {
    // A block without matches has no position of its own: its first one belongs to another block.
    for (let i = 0; i < blocks.length; i += 2) if (blocks[i]! < blocks[i + 1]!) this.#store.release(blocks[i]!);
  }
}

function positionsOf(blocks: readonly number[]): Uint32Array {
  const positions: number[] = [];
  for (let i = 0; i < blocks.length; i += 2) for (let at = blocks[i]!; at < blocks[i + 1]!; at++) positions.push(at);
  return Uint32Array.from(positions);
}

/** Who takes matches while the scan runs, and how. */
interface HandOver extends Pick<ScanHooks, 'onMatches' | 'keepTaken'> {
  readonly keepCopies: boolean;
  readonly clock: () => number;
}

/** null when nobody takes matches. What cannot be cut is read last, so matches of files behind it in the order have to wait. */
export function readyMatches(
  store: MatchStore,
  sources: readonly NamedSource[],
  tasks: readonly RangeTask[],
  { reported: { rules, correlations }, isReported }: ScanRules,
  { onMatches, keepTaken = true, keepCopies, clock }: HandOver,
): ReadyMatches | null {
  if (onMatches === undefined) return null;
  const firstStream = sources.findIndex(({ opened }) => !opened.seekable);
  const before = firstStream < 0 ? tasks : tasks.filter(({ file }) => file < firstStream);
  function* texts(positions: Iterable<number>): Generator<ScannedMatchText> {
    for (const at of positions) {
      if (!isReported(store.ruleAt(at)) || store.isHidden(at)) continue;
      // Copies of a record may come later, so none are named.
      yield textOf(store, at, { lookback: null, notes: ownNotes(store, at), alert: null, incident: null }, false);
    }
  }
  // Taken matches are kept where correlations look at their fields, or where another source may have copies of them.
  const keep = keepTaken || correlations.length > 0 || (sources.length > 1 && !keepCopies);
  return new ReadyMatches(store, before, clock, (positions) => onMatches(texts(positions), rules), keep, keepCopies);
}
