// HOT: asked for every event that look-back reads.
/**
 * The matches that get a look-back, sorted by computer and time. In: a plan. Out: for an event, the targets whose window it
 * lies in.
 */
import type { EventRecord, EventSnapshot } from '../../model/event.ts';
import { addTo } from '../../model/values/maps.ts';
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
  /** The target's number in the plan. */
  readonly planned: number;
  /** The target's number among those of its computer. */
  readonly index: number;
  readonly timeUs: number;
  readonly computer: ComputerTargets;
  readonly anchors: readonly EventPlace[];
  readonly ties: TargetTies;
  readonly before: TopEvents;
  readonly after: TopEvents;
}

/** The name of a WMI object, and the targets that look for it. */
interface WantedName {
  readonly name: string;
  readonly code: number;
  readonly first: number;
  last: number;
}

/**
 * The targets of one computer, by time. All windows have the same length, so the targets whose window has a given event are
 * neighbours.
 */
export class ComputerTargets {
  /** The computer's number in the plan. */
  readonly number: number;
  readonly targets: readonly Target[];
  readonly signatures = new SignatureTable();
  /**
   * For the current time: the windows of the targets [from, to) contain it. It comes after the targets [early, from), by less
   * than a window.
   */
  from = 0;
  to = 0;
  early = 0;
  /** Between these two times, both excluded, `from`, `to` and `early` stay the same. */
  #afterUs = Number.POSITIVE_INFINITY;
  #untilUs = Number.NEGATIVE_INFINITY;
  readonly #windowUs: number;
  readonly #times: Float64Array;
  /** Counts as differences: an entry adds its number to the target at its index and to all later ones. */
  readonly #counts: Int32Array;
  /** The same for events that have an identity. */
  readonly #identified: Int32Array;
  /** Identity of an anchor -> its targets. */
  readonly #own = new Map<number, number[]>();
  /** Offset in a file -> the anchors there. */
  readonly #places = new Map<number, { readonly place: EventPlace; readonly target: number }[]>();
  /** Targets that are about WMI subscriptions. */
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
        addTo(this.#places, place.offset, { place, target });
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
    // Neighbouring events of a log usually lie between the same two times.
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

  /** For each target, how many events without an identity its window has. */
  counts(): readonly number[] {
    return this.#sums(this.#counts);
  }

  /** For each target, how many events with an identity its window has, copies included. */
  identified(): readonly number[] {
    return this.#sums(this.#identified);
  }

  /** Forgets the counts of events with an identity, because {@link countRecord} counts them again. */
  forgetIdentified(): void {
    this.#identified.fill(0);
  }

  /** Counts a record that was seen in the window of a target. */
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

  /** Corrects the counts where the event is a record of a target itself. */
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

  /** True when one of the targets [from, to) is about a WMI subscription, so that texts must be searched. */
  asksTexts(from: number, to: number): boolean {
    const { length } = this.#wmi;
    return length > 0 && (this.#wmi[lowerBound(this.#wmi, from)] ?? to) < to;
  }

  /** The codes of the names that targets of [from, to) look for and that occur in a lower-cased text. */
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
