/**
 * The sliding window of one group of one correlation rule. In: items in time order. Out: runs. A window is complete when no
 * later item can belong to it. Only complete windows are judged, so that "at most", "exactly" and "not" are decided on all
 * items. Complete windows that satisfy the condition and share items form one run, and each run becomes one correlation.
 */
import type { Condition, CorrelationCondition } from '../../model/rule.ts';
import { type WindowState, withinBounds } from './correlation.ts';

/** Limit on the contributing items kept per run. Further ones are only counted. */
export const MAX_RUN_ITEMS = 100_000;
/** How many removed items may stay at the front of the arrays before these are cut. */
const SLACK = 1024;

/**
 * Where an item comes from: the position of a match, or `-1 - n` for the n-th firing of a correlation that the rule refers to.
 */
export type ItemSource = number;

export interface Run {
  readonly names: readonly string[];
  fromUs: number;
  toUs: number;
  /** Where the contributing items come from, by time. */
  items: ItemSource[];
  /** How many contributing items there are, kept or not. */
  count: number;
  /** The most extreme compared value of the run. */
  value: number;
  /** Whether there is room to keep the run; undefined until that has been asked. */
  kept?: boolean;
}

/** What tells one record from another. */
export interface RecordKey {
  readonly rule: number;
  readonly file: string;
  readonly index: number;
  readonly offset: number;
  readonly timeUs: number;
}

/** What all groups of a rule share. */
export interface GroupPlan {
  readonly spanUs: number;
  readonly bounds: CorrelationCondition['bounds'];
  readonly expression: Condition | undefined;
  /** True when the condition has only upper bounds, so that the lowest value is reported. */
  readonly upperBoundOnly: boolean;
  /** Called when a run has ended. */
  readonly onRun: (run: Run) => void;
  /**
   * Called for each window that satisfies the condition, as early as that is certain, with the time of its last item and its
   * run. null when no rule needs this.
   */
  readonly onFiring: ((timeUs: number, run: Run) => void) | null;
  /** True when another item cannot undo a satisfied condition. */
  readonly monotone: boolean;
}

export class GroupWindow {
  /** The group's values as first seen. */
  readonly names: readonly string[];
  readonly state: WindowState;
  lastUs = Number.NEGATIVE_INFINITY;
  /** The record of the last item, for types that count records. Not the match, which may be large. */
  last: RecordKey | null = null;
  readonly #plan: GroupPlan;
  #times: number[] = [];
  #sources: ItemSource[] = [];
  #data: unknown[] = [];
  /** Index of the oldest item in the arrays, and how many items have been cut off before the arrays begin. */
  #head = 0;
  #cut = 0;
  #run: Run | null = null;
  /** The number of the first item after the run, counted from the group's first item. */
  #runEnd = 0;
  /** Times since the last judgement at which the condition became or stayed true. */
  #firings: number[] = [];

  constructor(names: readonly string[], state: WindowState, plan: GroupPlan) {
    this.names = names;
    this.state = state;
    this.#plan = plan;
  }

  get size(): number {
    return this.#times.length - this.#head;
  }

  add(timeUs: number, source: ItemSource, datum: unknown): void {
    const cutoff = timeUs - this.#plan.spanUs;
    // The window includes its end: items exactly one timespan apart belong together.
    if (this.size > 0 && this.#times[this.#head]! < cutoff) {
      this.#judge();
      while (this.size > 0 && this.#times[this.#head]! < cutoff) this.#removeOldest();
    }
    this.#times.push(timeUs);
    this.#sources.push(source);
    this.#data.push(datum);
    this.lastUs = timeUs;
    this.state.add(datum, timeUs);
    const { onFiring, monotone } = this.#plan;
    if (onFiring !== null && monotone && this.#satisfied(this.state.value(this.#times[this.#head]!))) this.#firings.push(timeUs);
  }

  /** To be called after the last item. */
  close(): void {
    if (this.size > 0) this.#judge();
    if (this.#run !== null) this.#plan.onRun(this.#run);
    this.#run = null;
  }

  /** Drops the older half of the window for want of room, after judging it. */
  shed(): void {
    this.#judge();
    for (let i = Math.ceil(this.size / 2); i > 0; i--) this.#removeOldest();
  }

  #judge(): void {
    const firstUs = this.#times[this.#head]!;
    const value = this.state.value(firstUs);
    if (!this.#satisfied(value)) return;
    const start = this.#cut + this.#head;
    const end = this.#cut + this.#times.length;
    if (this.#run === null) {
      this.#run = { names: this.names, fromUs: firstUs, toUs: this.lastUs, items: [], count: 0, value };
      this.#runEnd = start;
    }
    const run = this.#run;
    const fresh = this.#sources.slice(this.#runEnd - this.#cut, end - this.#cut);
    run.count += fresh.length;
    // Most runs are short, and an array that was pushed to has room for many more.
    if (run.items.length === 0) run.items = fresh.slice(0, MAX_RUN_ITEMS);
    else for (const source of fresh) if (run.items.length < MAX_RUN_ITEMS) run.items.push(source);
    this.#runEnd = end;
    run.toUs = this.lastUs;
    run.value = this.#plan.upperBoundOnly ? Math.min(run.value, value) : Math.max(run.value, value);
    if (this.#plan.onFiring === null) return;
    if (!this.#plan.monotone) this.#firings.push(this.lastUs);
    for (const timeUs of this.#firings) this.#plan.onFiring(timeUs, run);
    this.#firings = [];
  }

  #satisfied(value: number): boolean {
    const { expression, bounds } = this.#plan;
    if (expression === undefined) return withinBounds(value, bounds);
    return this.state.satisfies?.(expression, this.#times[this.#head]!) === true;
  }

  #removeOldest(): void {
    this.state.remove(this.#data[this.#head]);
    this.#data[this.#head] = undefined;
    this.#head++;
    // No later window shares an item with the run.
    if (this.#run !== null && this.#cut + this.#head >= this.#runEnd) {
      this.#plan.onRun(this.#run);
      this.#run = null;
    }
    if (this.#head < SLACK || this.#head * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#head);
    this.#sources = this.#sources.slice(this.#head);
    this.#data = this.#data.slice(this.#head);
    this.#cut += this.#head;
    this.#head = 0;
  }
}
