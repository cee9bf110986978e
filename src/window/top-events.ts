/** The few most related events of one window. Which ones are kept does not depend on the order in which they are offered. */
import type { EventSnapshot } from '../model/event.ts';
import type { RelatedEvent } from '../model/match.ts';

export class TopEvents {
  readonly #capacity: number;
  readonly #aroundUs: number;
  /** Best first. */
  readonly #events: RelatedEvent[] = [];

  /** Of two equally related events the one nearer to `aroundUs` is better. */
  constructor(capacity: number, aroundUs: number) {
    this.#capacity = capacity;
    this.#aroundUs = aroundUs;
  }

  /** True when an event of that score and time may get in: ask before a snapshot is made. */
  accepts(score: number, timeUs: number): boolean {
    if (this.#events.length < this.#capacity) return this.#capacity > 0;
    const worst = this.#events[this.#events.length - 1]!;
    if (score !== worst.score) return score > worst.score;
    return this.#distance(timeUs) <= this.#distance(worst.event.timeUs);
  }

  add(related: RelatedEvent): void {
    const at = this.#events.findIndex((other) => this.#compare(related, other) < 0);
    if (at < 0) this.#events.push(related);
    else this.#events.splice(at, 0, related);
    if (this.#events.length > this.#capacity) this.#events.pop();
  }

  /** Takes an event out, if it is here. */
  remove(event: EventSnapshot): void {
    const at = this.#events.findIndex((other) => sameEvent(other.event, event));
    if (at >= 0) this.#events.splice(at, 1);
  }

  /** Best first. */
  get list(): readonly RelatedEvent[] {
    return this.#events;
  }

  byTime(): readonly RelatedEvent[] {
    return [...this.#events].sort((a, b) => a.event.timeUs - b.event.timeUs || comparePlace(a.event, b.event));
  }

  #compare(a: RelatedEvent, b: RelatedEvent): number {
    return b.score - a.score || this.#distance(a.event.timeUs) - this.#distance(b.event.timeUs) || comparePlace(a.event, b.event);
  }

  #distance(timeUs: number): number {
    return Math.abs(this.#aroundUs - timeUs);
  }
}

export function sameEvent(a: EventSnapshot, b: EventSnapshot): boolean {
  // Events without a file all have offset 0: their number tells them apart.
  const samePlace = a.offset === b.offset && (a.offset > 0 || a.index === b.index);
  return samePlace && a.timeUs === b.timeUs && a.EventID === b.EventID && a.file === b.file;
}

function comparePlace(a: EventSnapshot, b: EventSnapshot): number {
  if (a.file !== b.file) return a.file < b.file ? -1 : 1;
  return a.offset - b.offset || a.index - b.index;
}
