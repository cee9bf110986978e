/**
 * The sliding window of one group of one correlation rule. Items come in time order. A window is complete when no further item
 * fits into it: only complete windows are judged, so that "at most", "exactly" and "not" mean what they say. Complete windows
 * that satisfy the condition and share items are one run, and a run is one correlation.
 */
import type { Match } from '../../model/match.ts';
import type { Condition, CorrelationCondition } from '../../model/rule.ts';
import { type WindowState, withinBounds } from './correlation.ts';

/** Contributing items kept per run; more are counted only. */
export const MAX_RUN_ITEMS = 100_000;
/** Left over at the head of the arrays before they are cut. */
const SLACK = 1024;

/** Where an item came from: a match's position, or `-1 - n` for the n-th firing of the rule's referenced correlations. */
export type ItemSource = number;

export interface Run {
  readonly names: readonly string[];
  fromUs: number;
  toUs: number;
  /** Sources of the contributing items, by time. */
  readonly items: ItemSource[];
  /** How many contributing items there are. */
  count: number;
  /** The height of the compared value. */
  value: number;
}

/** What all groups of a rule have in common. */
export interface GroupPlan {
  readonly spanUs: number;
  readonly bounds: CorrelationCondition['bounds'];
  readonly expression: Condition | undefined;
  /** True: the lowest value is the telling one. */
  readonly upperBoundOnly: boolean;
  /** A run has ended. */
  readonly onRun: (run: Run) => void;
  /** Told of the time of the last item of each window that satisfies the condition, as early as that is certain, and of the
   *  run that it is part of; null when nobody asks. */
  readonly onFiring: ((timeUs: number, run: Run) => void) | null;
  /** True: one more item cannot undo a satisfied condition. */
  readonly monotone: boolean;
}

export class GroupWindow {
  /** Group values as first seen. */
  readonly names: readonly string[];
  readonly state: WindowState;
  lastUs = Number.NEGATIVE_INFINITY;
  /** The match of the latest item, for types that count records. */
  lastMatch: Match | null = null;
  readonly #plan: GroupPlan;
  #times: number[] = [];
  #sources: ItemSource[] = [];
  #data: unknown[] = [];
  /** Index of the oldest item in the arrays, and how many items have been cut off before them. */
  #head = 0;
  #cut = 0;
  #run: Run | null = null;
  /** Number (counted from the group's first item) after the last item of the run. */
  #runEnd = 0;
  /** Times at which the condition became or stayed true since the last judgement. */
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
    // The window's bound is inclusive: items exactly one timespan apart belong together.
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

  /** No further item will come. */
  close(): void {
    if (this.size > 0) this.#judge();
    if (this.#run !== null) this.#plan.onRun(this.#run);
    this.#run = null;
  }

  /** Gives up the older half of the window, for want of room; what was there is judged first. */
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
    if (this.#run === null || start >= this.#runEnd) {
      if (this.#run !== null) this.#plan.onRun(this.#run);
      this.#run = { names: this.names, fromUs: firstUs, toUs: this.lastUs, items: [], count: 0, value };
      this.#runEnd = start;
    }
    const run = this.#run;
    for (let number = this.#runEnd; number < end; number++) {
      if (run.items.length < MAX_RUN_ITEMS) run.items.push(this.#sources[number - this.#cut]!);
      run.count++;
    }
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
    if (this.#head < SLACK || this.#head * 2 < this.#times.length) return;
    this.#times = this.#times.slice(this.#head);
    this.#sources = this.#sources.slice(this.#head);
    this.#data = this.#data.slice(this.#head);
    this.#cut += this.#head;
    this.#head = 0;
  }
}
