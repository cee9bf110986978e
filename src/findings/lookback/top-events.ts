// HOT: asked for every event that is near a match and tied to it.
/** Keeps the few most related events of one window. The order in which they are offered does not change which are kept. */
import { comparePlaces, type EventPlace, sameEvent } from './event-place.ts';

/** An event that may be shown: where it is, and why. */
export interface Candidate {
  readonly event: EventPlace;
  readonly reason: string;
  readonly score: number;
}

/** Events with the same reason take up at most this share of a list, as long as there are others to show. */
const SHARE_OF_A_REASON = 0.5;

export class TopEvents {
  readonly #wanted: number;
  /** More are kept than shown, so that other reasons can take the places of a frequent one. */
  readonly #capacity: number;
  readonly #aroundUs: number;
  /** Best first. */
  readonly #events: Candidate[] = [];

  /** Between two equally related events, the one nearer to `aroundUs` is better. */
  constructor(wanted: number, aroundUs: number) {
    this.#wanted = wanted;
    this.#capacity = Math.ceil(1.5 * wanted);
    this.#aroundUs = aroundUs;
  }

  /** An event with a lower score than this is not kept. */
  get floor(): number {
    return this.#events.length < this.#capacity ? Number.NEGATIVE_INFINITY : this.#events[this.#events.length - 1]!.score;
  }

  /**
   * Takes the event if it is one of the best, and only the better of two copies of a record. False when it is not taken, and no
   * event farther away with the same reason and score would be.
   */
  offer(related: Candidate): boolean {
    const events = this.#events;
    const { reason } = related;
    const { identity } = related.event;
    const copy = identity ? events.findIndex(({ event }) => event.identity === identity) : -1;
    if (copy >= 0) {
      if (this.#compare(related, events[copy]!) >= 0) return true;
      events.splice(copy, 1);
    }
    let same = 0;
    let worstOfReason = -1;
    for (let i = 0; i < events.length; i++) {
      if (events[i]!.reason !== reason) continue;
      same++;
      worstOfReason = i;
    }
    // No reason may fill the list: the worst event of a frequent reason goes first.
    const leaving = same >= this.#wanted ? worstOfReason : events.length >= this.#capacity ? events.length - 1 : -1;
    if (leaving >= 0 && this.#compare(related, events[leaving]!) >= 0) return false;
    if (leaving >= 0) events.splice(leaving, 1);
    let at = events.length;
    while (at > 0 && this.#compare(related, events[at - 1]!) < 0) at--;
    events.splice(at, 0, related);
    return true;
  }

  /** Removes an event if it is in the list. */
  remove(event: EventPlace): void {
    const at = this.#events.findIndex((other) => sameEvent(other.event, event));
    if (at >= 0) this.#events.splice(at, 1);
  }

  /** All kept events, best first. */
  get list(): readonly Candidate[] {
    return this.#events;
  }

  /** The events to show, by time. */
  byTime(): readonly Candidate[] {
    const shown = new Set<Candidate>();
    const perReason = new Map<string, number>();
    const most = Math.ceil(this.#wanted * SHARE_OF_A_REASON);
    for (const event of this.#events) {
      const count = perReason.get(event.reason) ?? 0;
      if (count < most && shown.size < this.#wanted) {
        shown.add(event);
        perReason.set(event.reason, count + 1);
      }
    }
    for (const event of this.#events) if (shown.size < this.#wanted) shown.add(event);
    return [...shown].sort((a, b) => a.event.timeUs - b.event.timeUs || comparePlaces(a.event, b.event));
  }

  #compare(a: Candidate, b: Candidate): number {
    return (
      b.score - a.score || this.#distance(a.event.timeUs) - this.#distance(b.event.timeUs) || comparePlaces(a.event, b.event)
    );
  }

  #distance(timeUs: number): number {
    return Math.abs(this.#aroundUs - timeUs);
  }
}
