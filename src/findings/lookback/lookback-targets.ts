// HOT: asked for every event that look-back reads.
/** The matches that are looked back from, sorted by computer and time. */
import type { EventRecord, EventSnapshot } from '../../model/event.ts';
import { snapshotRecord } from '../store/snapshot-record.ts';
import { lowerBound, upperBound } from './bounds.ts';
import { type EventPlace, sameEvent } from './event-place.ts';
import type { FollowedKeys } from './links/followed-keys.ts';
import { SignatureTable } from './links/signatures.ts';
import { TargetTies } from './links/target-ties.ts';
import { type LookbackPlan, MAX_ANCHORS, RELATED_AFTER, RELATED_EVENTS } from './lookback-plan.ts';
import { recordIdentity } from './record-identity.ts';
import { TopEvents } from './top-events.ts';

/** One match, and what has been found around it. */
export interface Target {
  /** Number in the plan. */
  readonly planned: number;
  /** Number among the targets of its computer. */
  readonly index: number;
  readonly timeUs: number;
  readonly computer: ComputerTargets;
  readonly anchors: readonly EventPlace[];
  readonly ties: TargetTies;
  readonly before: TopEvents;
  readonly after: TopEvents;
}

/** A name of a WMI object, and which targets look for it. */
interface WantedName {
  readonly name: string;
  readonly code: number;
  readonly first: number;
  last: number;
}

/** The targets of one computer, by time. All windows have one length, so an event belongs to a contiguous part of them. */
export class ComputerTargets {
  /** Among the computers of the plan. */
  readonly number: number;
  readonly targets: readonly Target[];
  readonly signatures = new SignatureTable();
  /** Of the time in hand: windows of [from, to) hold it; the targets of [early, from) came less than a window before it. */
  from = 0;
  to = 0;
  early = 0;
  /** Between these times, both excluded, the three are the same. */
  #afterUs = Number.POSITIVE_INFINITY;
  #untilUs = Number.NEGATIVE_INFINITY;
  readonly #windowUs: number;
  readonly #times: Float64Array;
  /** Events counted for the targets from here on, less those counted up to before here. */
  readonly #counts: Int32Array;
  /** The same of events that have an identity. */
  readonly #identified: Int32Array;
  /** Targets by the identities of their anchors. */
  readonly #own = new Map<number, number[]>();
  /** Anchors by offset in their file. */
  readonly #places = new Map<number, { readonly place: EventPlace; readonly target: number }[]>();
  /** Targets about WMI subscriptions. */
  readonly #wmi: readonly number[];
  readonly #names = new Map<string, WantedName>();

  /** `numbers` are positions among the targets of the plan. */
  constructor(
    { targets: planned, windowUs, copies }: LookbackPlan,
    numbers: readonly number[],
    followed: FollowedKeys,
    number: number,
  ) {
    this.number = number;
    this.#windowUs = windowUs;
    const byTime = [...numbers].sort((a, b) => planned[a]!.timeUs - planned[b]!.timeUs || a - b);
    this.targets = byTime.map((number, index): Target => {
      const { timeUs } = planned[number]!;
      const anchors = planned[number]!.anchors.slice(0, MAX_ANCHORS);
      return {
        planned: number,
        index,
        timeUs,
        computer: this,
        anchors: copies ? anchors.map(withIdentity) : anchors,
        ties: new TargetTies(anchors.map(snapshotRecord), followed),
        before: new TopEvents(RELATED_EVENTS, timeUs),
        after: new TopEvents(RELATED_AFTER, timeUs),
      };
    });
    this.#times = Float64Array.from(this.targets, ({ timeUs }) => timeUs);
    this.#counts = new Int32Array(byTime.length + 1);
    this.#identified = new Int32Array(byTime.length + 1);
    this.#wmi = [...this.targets.keys()].filter((target) => this.targets[target]!.ties.aboutWmi);
    this.targets.forEach(({ planned: number, ties }, target) => {
      for (const place of planned[number]!.anchors) {
        const list = this.#places.get(place.offset);
        if (list === undefined) this.#places.set(place.offset, [{ place, target }]);
        else list.push({ place, target });
        const identity = copies ? recordIdentity(snapshotRecord(place)) : 0;
        if (identity !== 0) this.#own.set(identity, [...(this.#own.get(identity) ?? []), target]);
      }
      for (const { name, code } of ties.names) {
        const known = this.#names.get(name);
        if (known === undefined) this.#names.set(name, { name, code, first: target, last: target });
        else known.last = target;
      }
    });
  }

  /** Finds the targets near a time: sets {@link from}, {@link to} and {@link early}. */
  locate(timeUs: number): void {
    if (timeUs > this.#afterUs && timeUs < this.#untilUs) return;
    const times = this.#times;
    const windowUs = this.#windowUs;
    const from = lowerBound(times, timeUs);
    const to = upperBound(times, timeUs + windowUs);
    const early = lowerBound(times, timeUs - windowUs);
    this.from = from;
    this.to = to;
    this.early = early;
    // Neighbours in a log are often as near as each other: between these times all is the same.
    const at = (target: number): number => times[target] ?? Number.POSITIVE_INFINITY;
    const before = (target: number): number => (target > 0 ? times[target - 1]! : Number.NEGATIVE_INFINITY);
    this.#afterUs = Math.max(before(from), before(to) - windowUs, before(early) + windowUs);
    this.#untilUs = Math.min(at(from), at(to) - windowUs, at(early) + windowUs);
  }

  /** Adds to the number of events of the targets [from, to). */
  count(from: number, to: number, events = 1, identity = 0): void {
    const counts = identity === 0 ? this.#counts : this.#identified;
    counts[from]! += events;
    counts[to]! -= events;
  }

  /** Events by target: those that have no identity. */
  counts(): readonly number[] {
    return this.#sums(this.#counts);
  }

  /** Events by target that have one, as often as they were found. */
  identified(): readonly number[] {
    return this.#sums(this.#identified);
  }

  /** Forgets the events with an identity: each of them is counted anew, by {@link countRecord}. */
  forgetIdentified(): void {
    this.#identified.fill(0);
  }

  /** A record that was seen in the window of a target. */
  countRecord(identity: number, timeUs: number): void {
    this.locate(timeUs);
    const { from, to } = this;
    this.count(from, to, 1, identity);
    for (const target of new Set(this.#own.get(identity))) {
      if (target >= from && target < to) this.count(target, target + 1, -1, identity);
    }
  }

  #sums(counts: Int32Array): readonly number[] {
    let count = 0;
    return this.targets.map((_, target) => {
      count += counts[target]!;
      return count;
    });
  }

  /** Takes an event out of the count of the targets located that it is a record of itself. */
  uncountOwn(event: EventRecord, file: string, index: number, identity: number): void {
    const places = this.#places.get(event.offset);
    if (places === undefined) return;
    const { from, to } = this;
    const { offset, timeUs, eventId } = event;
    const own: EventPlace = { file, offset, index, timeUs, EventID: eventId < 0 ? null : eventId };
    for (const { place, target } of places) {
      if (target >= from && target < to && sameEvent(place, own)) this.count(target, target + 1, -1, identity);
    }
  }

  /** True when one of the targets [from, to) is about a WMI subscription: then texts are searched. */
  asksTexts(from: number, to: number): boolean {
    const { length } = this.#wmi;
    return length > 0 && (this.#wmi[lowerBound(this.#wmi, from)] ?? to) < to;
  }

  /** Codes of the names in a lower-cased text that targets of [from, to) look for. */
  namesIn(text: string, from: number, to: number): readonly number[] {
    const codes: number[] = [];
    if (text === '') return codes;
    for (const { name, code, first, last } of this.#names.values()) {
      if (last >= from && first < to && text.includes(name)) codes.push(code);
    }
    return codes;
  }
}

function withIdentity(event: EventSnapshot): EventPlace {
  const { file, offset, index, timeUs, EventID } = event;
  return { file, offset, index, timeUs, EventID, identity: recordIdentity(snapshotRecord(event)) };
}
